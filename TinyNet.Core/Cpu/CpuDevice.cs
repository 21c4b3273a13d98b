namespace TinyNet.Core;

/// <summary>
/// The processor: SIMD registers of a chosen width and a number of threads. Work is cut into blocks that depend on the
/// shape only, so results have the same bits for any number of threads.
/// </summary>
// A member says what it checks and who computes it: the class Cpu… of the folder of its family.
public sealed partial class CpuDevice : Device
{
    private const int MaximumThreads = 1024;

    private readonly CpuSettings _cpu;
    private readonly PreparedWeights _prepared;

    /// <summary>Makes a device.</summary>
    /// <param name="threads">The number of threads; null for one a core.</param>
    /// <param name="laneBits">
    /// The width of the registers: 512, 256, 128, or 32 for one float at a time; null for the widest that the machine accelerates.
    /// </param>
    /// <exception cref="PlatformNotSupportedException">The machine lacks registers of that width.</exception>
    public CpuDevice(int? threads = null, int? laneBits = null) : this(threads, laneBits, alwaysSplit: false)
    {
    }

    /// <summary>Makes a device that, if <paramref name="alwaysSplit"/>, cuts even the smallest work over its threads.</summary>
    internal CpuDevice(int? threads, int? laneBits, bool alwaysSplit) : base("cpu")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads ?? 1, MaximumThreads, nameof(threads));
        int bits = laneBits ?? VectorWidth.Widest;
        if (bits is not (512 or 256 or 128 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(laneBits), laneBits, "lanes have 512, 256, 128 or 32 bits");
        }

        if (!Supports(bits))
        {
            throw new PlatformNotSupportedException($"this machine has no registers of {bits} bits");
        }

        _cpu = new CpuSettings(
            threads ?? Environment.ProcessorCount,
            bits,
            alwaysSplit ? 0 : CpuMaps.DefaultThreadingThreshold,
            alwaysSplit ? 0 : Core.MatrixProduct.DefaultThreadingThreshold);
        _prepared = new PreparedWeights(this);
    }

    /// <summary>The number of threads it works with, the caller's included.</summary>
    public int Threads => _cpu.Threads;

    /// <summary>The width of its registers in bits; 32 computes one float at a time.</summary>
    public int LaneBits => _cpu.LaneBits;

    /// <summary>The name with threads and width, since devices that differ in them do not mix.</summary>
    public override string ToString() => $"cpu ({Threads} threads, {LaneBits} bits)";

    /// <summary>Whether the machine has registers of a width.</summary>
    public static bool Supports(int laneBits) => VectorWidth.IsSupported(laneBits);
}
