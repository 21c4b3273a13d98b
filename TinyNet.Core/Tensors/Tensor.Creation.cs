using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TinyNet.Core;

public partial class Tensor
{
    /// <summary>A copy of numbers in row-major order.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements than there are numbers.</exception>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape, Device? device = null)
    {
        if (values.Length != shape.Length)
        {
            throw new ShapeException(
                "Tensor.From",
                $"shape {shape} has {shape.Length} elements, the data {values.Length}",
                "give one number an element");
        }

        var tensor = Persistent(shape, device ?? Device.Default, "Tensor.From");
        tensor.Device.Upload(values, tensor);
        return tensor;
    }

    /// <summary>A copy of numbers as a tensor of rank 1.</summary>
    public static Tensor From(ReadOnlySpan<float> values, Device? device = null) => From(values, [values.Length], device);

    /// <summary>A copy of a rectangular array.</summary>
    public static Tensor From(float[,] values, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ref float first = ref Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(values));
        return From(MemoryMarshal.CreateReadOnlySpan(ref first, values.Length), [values.GetLength(0), values.GetLength(1)], device);
    }

    /// <summary>A scalar: a tensor of rank 0.</summary>
    public static Tensor FromScalar(float value, Device? device = null) => From([value], [], device);

    /// <summary>A copy of a span of System.Numerics.Tensors; the default span is of nothing, shape [0].</summary>
    /// <exception cref="ShapeException">It has more axes or elements than a tensor can have.</exception>
    public static Tensor FromTensorSpan(ReadOnlyTensorSpan<float> values, Device? device = null)
    {
        if (values.IsEmpty && values.Lengths.IsEmpty)
        {
            // The default span: it has no shape, and is of nothing.
            return From([], [0], device);
        }

        Span<int> sizes = stackalloc int[Math.Min(values.Rank, Shape.MaxRank + 1)];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = (int)Math.Min(values.Lengths[axis], int.MaxValue);
        }

        var shape = new Shape(sizes);
        float[] flat = Allocation.OnHost<float>(shape, "Tensor.FromTensorSpan");
        values.FlattenTo(flat);
        return From(flat, shape, device);
    }

    /// <summary>All elements 0.</summary>
    public static Tensor Zeros(Shape shape, Device? device = null) => Full(shape, 0f, device);

    /// <summary>All elements 1.</summary>
    public static Tensor Ones(Shape shape, Device? device = null) => Full(shape, 1f, device);

    /// <summary>All elements the same.</summary>
    public static Tensor Full(Shape shape, float value, Device? device = null)
    {
        var tensor = Persistent(shape, device ?? Device.Default, "Tensor.Full");
        tensor.Device.Fill(tensor, value);
        return tensor;
    }

    /// <summary>Uniform random numbers in [low, high).</summary>
    /// <exception cref="ArgumentOutOfRangeException">low is above high, or a bound or their distance is not finite.</exception>
    public static Tensor Uniform(Shape shape, RandomStream random, float low = 0f, float high = 1f, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        Require.Interval(low, high);
        var tensor = Persistent(shape, device ?? Device.Default, "Tensor.Uniform");
        tensor.Device.FillUniform(tensor, random.Reserve(shape.Length), low, high);
        return tensor;
    }

    /// <summary>Normally distributed random numbers, at most 6.67 standard deviations from the mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not finite, or the standard deviation negative, not finite, or so large that numbers drawn would not be finite.
    /// </exception>
    public static Tensor Normal(Shape shape, RandomStream random, float mean = 0f, float standardDeviation = 1f, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        RandomStream.EnsureFiniteNormals(mean, standardDeviation);
        var tensor = Persistent(shape, device ?? Device.Default, "Tensor.Normal");
        tensor.Device.FillNormal(tensor, random.Reserve(shape.Length), mean, standardDeviation);
        return tensor;
    }

    /// <summary>
    /// The result of an operation: it lives until the open scope closes, or is collected where none is open. Its elements are dirty: they
    /// hold anything until they are written.
    /// </summary>
    internal static Tensor Result(string origin, in Shape shape, Device device) => Result(origin, new Layout(shape), device);

    /// <summary>A result with the shape and on the device of another tensor, and with its axes in the same order in memory.</summary>
    internal static Tensor ResultLike(string origin, Tensor like) => Result(origin, like.Layout.ForResult(), like.Device);

    /// <summary>A result of images [N, C, H, W], channels last in memory.</summary>
    internal static Tensor ImageResult(string origin, in Shape shape, Device device) => Result(origin, Layout.ChannelsLast(shape), device);

    /// <summary>The result of an operation that lies in memory as a dense layout says. Its elements are dirty.</summary>
    internal static Tensor Result(string origin, in Layout layout, Device device) =>
        new(Allocation.OfResult(device.Pool, layout.Shape, origin), layout, origin);

    /// <summary>A tensor that lives as long as something refers to it. Its elements are dirty.</summary>
    internal static Tensor Persistent(in Shape shape, Device device, string origin) =>
        new(Allocation.Collected(device.Pool, shape, origin), new Layout(shape), origin);

    /// <summary>A tensor over a storage whose owner decides when its contents end.</summary>
    internal static Tensor Over(Storage storage, in Shape shape, string origin) =>
        new(storage, new Layout(shape), origin);
}
