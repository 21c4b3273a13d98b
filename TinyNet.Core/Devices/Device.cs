using System.Collections.Concurrent;

namespace TinyNet.Core;

/// <summary>
/// Where tensors live and operations run. The required primitives are few; fused operations have a default that is
/// composed of them, which a device overrides where that is faster.
/// </summary>
/// <remarks>
/// The contract of the primitives: shapes have been checked by the caller, operands are on this device and alive, and
/// every element of a destination is written. Inputs may be strided or repeat elements (stride 0); destinations have
/// distinct elements, and may be exactly an input, except of a matrix product, <see cref="IndexAdd"/> and
/// <see cref="ScatterAdd"/>. A reduced axis has size 1 in the destination.
/// </remarks>
public abstract partial class Device
{
    /// <summary>The processor, at its widest vectors and with all its cores.</summary>
    public static CpuDevice Cpu { get; } = new();

    /// <summary>The device that defines what every operation means: plain loops in double precision.</summary>
    public static ReferenceDevice Reference { get; } = new();

    private static readonly ConcurrentDictionary<string, Func<string, Device>> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cpu"] = static name => Only("cpu", name, Cpu),
        ["reference"] = static name => Only("reference", name, Reference),
    };

    [ThreadStatic]
    private static Device? _defaultOfThread;

    /// <summary>Stands in for <see cref="Default"/> on this thread, for a computation that is not part of the program's own.</summary>
    internal static Device? DefaultOfThread
    {
        get => _defaultOfThread;
        set => _defaultOfThread = value;
    }

    /// <summary>Makes a device of a name.</summary>
    protected Device(string name)
    {
        Name = name;
        Pool = new BufferPool(CreateStorage);
    }

    /// <summary>Where tensors are made when no device is named. Set it before models are built.</summary>
    public static Device Default
    {
        get => DefaultOfThread ?? field;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = Cpu;

    /// <summary>The name, as <see cref="Parse"/> takes it.</summary>
    public string Name { get; }

    internal BufferPool Pool { get; }

    /// <summary>Makes a kind of device known to <see cref="Parse"/>.</summary>
    /// <param name="kind">What stands before the colon of a name: <c>cuda</c> in <c>cuda:0</c>.</param>
    /// <param name="create">Makes or finds the device of a full name.</param>
    public static void Register(string kind, Func<string, Device> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(create);
        Kinds[kind] = create;
    }

    /// <summary>The device of a name such as <c>cpu</c>, <c>reference</c> or <c>cuda:0</c>.</summary>
    /// <exception cref="ArgumentException">Nobody registered such a device.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string kind = name.Split(':')[0];
        return Kinds.TryGetValue(kind, out var create)
            ? create(name)
            : throw new ArgumentException($"no device '{name}': nobody registered '{kind}'; known are {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}", nameof(name));
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static Device Only(string kind, string name, Device device) => string.Equals(kind, name, StringComparison.OrdinalIgnoreCase)
        ? device
        : throw new ArgumentException($"no device '{name}': there is only one of kind '{kind}'", nameof(name));

    /// <summary>New memory for a number of elements; its contents are undefined.</summary>
    protected internal abstract Storage CreateStorage(int length);

    /// <summary>Writes all elements of a tensor from the host, in row-major order.</summary>
    protected internal abstract void Upload(ReadOnlySpan<float> source, Tensor destination);

    /// <summary>Reads all elements of a tensor to the host, in row-major order.</summary>
    protected internal abstract void Download(Tensor source, Span<float> destination);

    /// <summary>Sets all elements.</summary>
    protected internal abstract void Fill(Tensor destination, float value);

    /// <summary>destination = f(a), broadcast to the destination's shape.</summary>
    protected internal abstract void Map<TMap>(TMap map, Tensor a, Tensor destination) where TMap : struct, IUnaryMap;

    /// <summary>destination = f(a, b), broadcast to the destination's shape.</summary>
    protected internal abstract void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination) where TMap : struct, IBinaryMap;

    /// <summary>destination = f(a, b, c), broadcast to the destination's shape.</summary>
    protected internal abstract void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination) where TMap : struct, ITernaryMap;

    /// <summary>Reduces the axes that have size 1 in the destination (of the same rank as x) to one element.</summary>
    protected internal abstract void Reduce<TReduction>(TReduction reduction, Tensor x, Tensor destination) where TReduction : struct, IReduction;

    /// <summary>Along an axis, the largest (or smallest) elements and the first index at which each stands; nan counts as the extreme.</summary>
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

    /// <summary>
    /// destination [N, O, H', W'] = f(the sum over taps (h, w) and channels c of x [N, C, H, W] under the window at (i, j) times weight
    /// [taps down, taps across, C / groups, O], + bias [O]); outputs of a group see its channels only. With <paramref name="factors"/> [3, 1, O] the
    /// sum is normalised as by <see cref="ChannelNormalize"/> before f, with the same bits.
    /// </summary>
    protected internal abstract void Convolution<TMap>(Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap;

    /// <summary>
    /// The gradient of <see cref="Convolution"/> to x, from that of its output, + bias [C]: also the transposed convolution.
    /// </summary>
    protected internal abstract void ConvolutionInputGradient(Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor destination);

    /// <summary>The gradient of <see cref="Convolution"/> to the weight, from x and the gradient of its output.</summary>
    protected internal abstract void ConvolutionWeightGradient(Tensor x, Tensor gradient, in Window window, int groups, Tensor destination);

    /// <summary>destination[.., i, ..] = x[.., index[i], ..] along an axis; index has rank 1 and valid entries.</summary>
    protected internal abstract void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination);

    /// <summary>destination[.., index[i], ..] += source[.., i, ..] along an axis, in the order of i.</summary>
    protected internal abstract void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination);

    /// <summary>destination[i, j, k] = x[index[i, j, k], j, k] (for axis 0); index has the destination's shape and valid entries.</summary>
    protected internal abstract void Gather(Tensor x, int axis, IndexTensor index, Tensor destination);

    /// <summary>destination[index[i, j, k], j, k] += source[i, j, k] (for axis 0); source is at least as large as index along every axis.</summary>
    protected internal abstract void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination);

    /// <summary>Uniform numbers in [low, high): element i is from word i of the range.</summary>
    protected internal abstract void FillUniform(Tensor destination, RandomRange range, float low, float high);

    /// <summary>Normal numbers: elements 2i and 2i + 1 are from words 2i and 2i + 1 of the range.</summary>
    protected internal abstract void FillNormal(Tensor destination, RandomRange range, float mean, float standardDeviation);

    /// <summary>Copies elements between tensors of the same shape on this device.</summary>
    internal void Copy(Tensor source, Tensor destination) => Map(new IdentityMap(), source, destination);
}
