namespace TinyNet.Core;

public sealed partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination) =>
        CpuReductions.Run(_cpu, reduction, x, destination);

    /// <inheritdoc/>
    protected internal override void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices) =>
        CpuIndexing.ArgExtreme(_cpu, x, axis, largest, indices);

    /// <inheritdoc/>
    protected internal override void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination) =>
        CpuIndexing.CumulativeSum(_cpu, x, axis, reverse, destination);

    /// <inheritdoc/>
    protected internal override void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination) =>
        CpuMatrixProduct.Run(_cpu, a, b, bias, accumulate, destination);

    /// <inheritdoc/>
    protected internal override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.IndexSelect(_cpu, x, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.IndexAdd(_cpu, source, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.Gather(_cpu, x, axis, index, destination);

    /// <inheritdoc/>
    protected internal override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination) =>
        CpuIndexing.ScatterAdd(source, axis, index, destination);
}
