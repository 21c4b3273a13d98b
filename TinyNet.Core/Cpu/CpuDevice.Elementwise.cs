namespace TinyNet.Core;

public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override Storage CreateStorage(int length) => new CpuStorage(this, length);

    /// <inheritdoc/>
    protected internal override void Upload(ReadOnlySpan<float> source, Tensor destination) => HostCopies.Upload(source, destination);

    /// <inheritdoc/>
    protected internal override void Download(Tensor source, Span<float> destination) => HostCopies.Download(source, destination);

    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, float value) => CpuMaps.Fill(_cpu, destination, value);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor destination) => CpuMaps.Run(_cpu, map, a, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination) =>
        CpuMaps.Run(_cpu, map, a, b, destination);

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination) =>
        CpuMaps.Run(_cpu, map, a, b, c, destination);

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2) =>
        CpuUpdate.Run(_cpu, update, parameter, gradient, state0, state1, state2);

    /// <inheritdoc/>
    protected internal override void FillUniform(Tensor destination, RandomRange range, float low, float high) =>
        CpuRandom.FillUniform(_cpu, destination, range, low, high);

    /// <inheritdoc/>
    protected internal override void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation) =>
        CpuRandom.FillNormal(_cpu, destination, range, mean, standardDeviation);
}
