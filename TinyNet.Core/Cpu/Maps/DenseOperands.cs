namespace TinyNet.Core;

/// <summary>
/// Operands as kernels want them: dense, or images with their channels last. What lies so is taken as it is, else there is a copy;
/// a destination that does not lie so has a stand-in, which is copied to it at the end.
/// </summary>
internal static class DenseOperands
{
    /// <summary>The tensor itself where it is dense, else a dense copy.</summary>
    public static Tensor ToDense(this Tensor tensor, CpuSettings cpu)
    {
        if (tensor.IsContiguous)
        {
            return tensor;
        }

        var copy = Tensor.Result(tensor.Origin, tensor.Shape, tensor.Device);
        CpuMaps.Copy(cpu, tensor, copy);
        return copy;
    }

    /// <summary>The images themselves where their channels lie last in memory, else a copy of which that is so.</summary>
    public static Tensor ToChannelsLast(this Tensor images, CpuSettings cpu)
    {
        if (IsChannelsLast(images))
        {
            return images;
        }

        var copy = Tensor.ImageResult(images.Origin, images.Shape, images.Device);
        CpuMaps.Copy(cpu, images, copy);
        return copy;
    }

    /// <summary>
    /// The destination itself where it is dense and apart from an operand, else a dense and dirty stand-in for <see cref="DeliverTo"/>.
    /// </summary>
    public static Tensor DenseStandIn(this Tensor destination, Tensor? operand = null) =>
        destination.IsContiguous && destination.Storage != operand?.Storage
            ? destination
            : Tensor.Result(destination.Origin, destination.Shape, destination.Device);

    /// <summary>The destination itself where it is dense and channels last, else a dirty stand-in for <see cref="DeliverTo"/>.</summary>
    public static Tensor ImageStandIn(this Tensor destination) =>
        IsChannelsLast(destination) ? destination : Tensor.ImageResult(destination.Origin, destination.Shape, destination.Device);

    /// <summary>Copies a stand-in to the destination that it stood in for.</summary>
    public static void DeliverTo(this Tensor standIn, Tensor destination, CpuSettings cpu)
    {
        if (standIn != destination)
        {
            CpuMaps.Copy(cpu, standIn, destination);
        }

        GC.KeepAlive(standIn);
    }

    private static bool IsChannelsLast(Tensor images) => images.Layout.Permute([0, 2, 3, 1]).IsContiguous;
}
