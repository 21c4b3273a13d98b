using System.Buffers;

namespace TinyNet.Core;

/// <summary>
/// Where tensors live and operations run. The abstract members are what a device must bring; every other one has a default that is
/// composed of them, which a device overrides where that is faster.
/// </summary>
/// <remarks>
/// The contract. The caller has checked shapes, and that operands are alive and on this device. A member writes every element of a
/// destination, whatever it held. Inputs may be strided and may show an element more than once (an axis of stride 0, windows that overlap);
/// the elements of a destination are distinct. The destination of a map, <see cref="Copy"/>, <see cref="Softmax"/> or
/// <see cref="ChannelNormalize"/> may be one of the inputs, as a whole; any other overlaps no operand. A result that not every caller wants
/// is null where it is not wanted. A member that computes gradients is given that of the result, <c>gradient</c>; those that it computes
/// are named after the operands: <c>xGradient</c>, <c>weightGradient</c>.
/// A device of one's own derives from this class, implements the abstract members, and makes itself known by <see cref="Register"/>.
/// </remarks>
public abstract partial class Device
{
    /// <summary>Makes a device of a name.</summary>
    protected Device(string name)
    {
        Name = name;
        Pool = new BufferPool(CreateStorage);
    }

    /// <summary>The name, as <see cref="Parse"/> takes it.</summary>
    public string Name { get; }

    internal BufferPool Pool { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>New memory for a number of elements; its contents are undefined.</summary>
    protected internal abstract Storage CreateStorage(int length);

    /// <summary>Writes all elements of a tensor from the host, in row-major order. The source is the caller's again on return.</summary>
    protected internal abstract void Upload(ReadOnlySpan<float> source, Tensor destination);

    /// <summary>Reads all elements of a tensor to the host, in row-major order.</summary>
    protected internal abstract void Download(Tensor source, Span<float> destination);

    /// <summary>destination = f(a), broadcast to the destination's shape.</summary>
    protected internal abstract void Map<TMap>(TMap map, Tensor a, Tensor destination) where TMap : struct, IUnaryMap;

    /// <summary>destination = f(a, b), broadcast to the destination's shape.</summary>
    protected internal abstract void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination) where TMap : struct, IBinaryMap;

    /// <summary>destination = f(a, b, c), broadcast to the destination's shape.</summary>
    protected internal abstract void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination)
        where TMap : struct, ITernaryMap;

    /// <summary>Reduces the axes that have size 1 in the destination (of the same rank as x) to one element.</summary>
    protected internal abstract void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination)
        where TReduction : struct, IReduction;

    /// <summary>
    /// Along an axis, the first index at which the largest (or smallest) element stands; nan counts as the extreme.
    /// </summary>
    /// <param name="x">The elements; the axis is not empty.</param>
    /// <param name="axis">The axis to search.</param>
    /// <param name="largest">Whether the largest is sought.</param>
    /// <param name="indices">The indices: the shape of x with the axis 1, in row-major order.</param>
    protected internal abstract void ArgExtreme(Tensor x, int axis, bool largest, IndexTensor indices);

    /// <summary>Sums up to and including each element along an axis; from the end if <paramref name="reverse"/>.</summary>
    protected internal abstract void CumulativeSum(Tensor x, int axis, bool reverse, Tensor destination);

    /// <summary>
    /// destination [.., M, N] = a [.., M, K] · b [.., K, N] + bias [N], over equal leading axes; added to what the
    /// destination holds if <paramref name="accumulate"/>.
    /// </summary>
    protected internal abstract void MatrixProduct(Tensor a, Tensor b, Tensor? bias, bool accumulate, Tensor destination);

    /// <summary>destination[.., i, ..] = x[.., index[i], ..] along an axis; index has rank 1 and valid entries.</summary>
    protected internal abstract void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination);

    /// <summary>
    /// destination[.., index[i], ..] += source[.., i, ..] along an axis, in the order of i; index has rank 1 and valid entries.
    /// </summary>
    protected internal abstract void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination);

    /// <summary>
    /// destination[i, j, k] = x[index[i, j, k], j, k] (for axis 0); index has the destination's shape and valid entries, x is at least as
    /// large as index along every other axis.
    /// </summary>
    protected internal abstract void Gather(Tensor x, int axis, IndexTensor index, Tensor destination);

    /// <summary>
    /// destination[index[i, j, k], j, k] += source[i, j, k] (for axis 0), in the order of i, j, k; source is at least as large as index
    /// along every axis, the destination along every other.
    /// </summary>
    protected internal abstract void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination);

    /// <summary>Sets all elements.</summary>
    protected internal virtual void Fill(Tensor destination, float value) => Map(new ConstantMap(value), destination, destination);

    /// <summary>Copies elements between tensors of the same shape on this device.</summary>
    protected internal virtual void Copy(Tensor source, Tensor destination) => Map(new IdentityOp(), source, destination);

    /// <summary>A dense tensor that an operation needs while it runs, with dirty elements; <see cref="Release"/> gives it back.</summary>
    protected Tensor Temporary(in Shape shape, string operation) => Tensor.Result(operation, shape, this);

    /// <summary>A temporary with numbers that the host computes, element by element in row-major order.</summary>
    private Tensor FromHost<TState>(in Shape shape, string operation, TState state, Func<TState, int, float> element)
    {
        var tensor = Temporary(shape, operation);
        float[] values = ArrayPool<float>.Shared.Rent(shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            values[i] = element(state, i);
        }

        Upload(values.AsSpan(0, shape.Length), tensor);
        ArrayPool<float>.Shared.Return(values);
        return tensor;
    }

    /// <summary>Gives the memory of temporaries back before the scope closes. Nobody else may have seen them; null is skipped.</summary>
    protected void Release(params ReadOnlySpan<Tensor?> temporaries)
    {
        foreach (var temporary in temporaries)
        {
            // A tensor whose memory went back already, by another view of it, does not live any more.
            if (temporary is { IsAlive: true })
            {
                StepScope.Release(temporary.Storage, Pool);
            }
        }
    }

    /// <summary>
    /// The elements of a tensor, in the same order, in another shape: a view, or a copy where strides allow none.
    /// </summary>
    private Tensor Reshaped(Tensor tensor, in Shape shape)
    {
        if (tensor.Layout.TryReshape(shape, out var layout))
        {
            return tensor.View(layout, tensor.Origin);
        }

        var copy = Temporary(tensor.Shape, tensor.Origin);
        Copy(tensor, copy);
        copy.Layout.TryReshape(shape, out layout);
        return copy.View(layout, tensor.Origin);
    }

    /// <summary>
    /// A tensor in another shape, to be written to: a view, or, where strides allow none, a stand-in that <see cref="Deliver"/> copies.
    /// </summary>
    private Tensor ReshapedForWriting(Tensor tensor, in Shape shape) => tensor.Layout.TryReshape(shape, out var layout)
        ? tensor.View(layout, tensor.Origin)
        : Temporary(shape, tensor.Origin);

    /// <summary>Copies what was written in another shape to the tensor that it stood in for.</summary>
    private void Deliver(Tensor reshaped, Tensor destination)
    {
        if (reshaped.Storage != destination.Storage)
        {
            reshaped.Layout.TryReshape(destination.Shape, out var layout);
            Copy(reshaped.View(layout, reshaped.Origin), destination);
            Release(reshaped);
        }
    }

    /// <summary>Another tensor over the same memory, for as long as that holds its contents.</summary>
    /// <param name="tensor">Whose memory it is.</param>
    /// <param name="layout">Where the elements of the view lie in it.</param>
    protected static Tensor View(Tensor tensor, in Layout layout) => tensor.View(layout, tensor.Origin);
}
