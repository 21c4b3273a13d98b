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
        Pool = new BufferPool(CreateStorage, this);
    }

    /// <summary>The name, as <see cref="Parse"/> takes it.</summary>
    public string Name { get; }

    internal BufferPool Pool { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>The bytes of its memory that tensors and operations hold; null where nobody counts them, as on the processor.</summary>
    public virtual long? MemoryInUse => null;

    /// <summary>
    /// Whether results come later than the calls that ask for them, so that whoever looks at a number waits for it: what can look later
    /// does there, as metrics do, and nothing looks only to spare work.
    /// </summary>
    protected internal virtual bool IsAsynchronous => false;

    /// <summary>
    /// Waits until all work given to the device is done: where results come later than the calls that ask for them, a clock is read after
    /// this. A device that computes within the calls has nothing to wait for.
    /// </summary>
    public virtual void Synchronize()
    {
    }

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

    /// <summary>Runs one optimizer step over a dense parameter, its gradient of the same shape, and its states.</summary>
    protected internal abstract void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
        where TUpdate : struct, IParameterUpdate;

    /// <summary>Reduces the axes that have size 1 in the destination (of the same rank as x) to one element.</summary>
    /// <remarks>
    /// What is computed on the way has the range of a double, and the result is rounded once: no square, power or total overflows or
    /// vanishes where the result does not. A device may compute in single precision first, and look again where
    /// <see cref="IReduction.FloatSuffices"/> does not hold. Rounding does not add up over the elements: a million of them, all 0.1, sum
    /// up to 100,000 with a relative error of 1e-6 at most.
    /// </remarks>
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

    /// <summary>
    /// destination [N, C, H', W'] = the largest element of each part of x [N, C, H, W], −∞ of an empty part; nan counts as the largest.
    /// </summary>
    /// <param name="x">The images.</param>
    /// <param name="grid">The parts.</param>
    /// <param name="destination">The maxima.</param>
    /// <param name="positions">
    /// Of the destination's shape, or null: which element of its part each maximum is, counted in row-major order. Of equal elements it is
    /// the first, of several nan the last.
    /// </param>
    protected internal abstract void MaxPool(Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions);

    /// <summary>The gradient of <see cref="MaxPool"/> to x: that of each part goes to the element at its position.</summary>
    protected internal abstract void MaxPoolGradient(Tensor positions, Tensor gradient, in PoolGrid grid, Tensor xGradient);

    /// <summary>One step of a recurrent layer, unit by unit: activates the gates and makes the states (and cells) after it.</summary>
    protected internal abstract void RecurrentUnits<TStep>(in RecurrentStepTask task) where TStep : struct, IRecurrentStep;

    /// <summary>
    /// The gradient of <see cref="RecurrentUnits"/>. It is written over what that kept, and over the given gradients of states and cells.
    /// </summary>
    protected internal abstract void RecurrentUnitsGradient<TStep>(in RecurrentStepTask task) where TStep : struct, IRecurrentStep;
}
