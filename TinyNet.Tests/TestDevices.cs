using TinyNet.Core;

namespace TinyNet.Tests;

/// <summary>The processor's devices that tests compute on: each width of the registers that the machine has.</summary>
public static class TestDevices
{
    /// <summary>The widths that this machine has, in bits; the widest first.</summary>
    public static IReadOnlyList<int> Widths { get; } = [.. new[] { 512, 256, 128, 32 }.Where(CpuDevice.Supports)];

    /// <summary>The widths, a row each.</summary>
    public static TheoryData<int> WidthRows => [.. Widths];

    /// <summary>A device of each width, with one to three threads that share even the smallest work.</summary>
    public static IEnumerable<CpuDevice> OfEachWidth() => Widths.Select((bits, i) => Splitting(1 + i % 3, bits));

    /// <summary>Devices with one, two and three threads that share even the smallest work.</summary>
    public static IEnumerable<CpuDevice> OfEachThreadCount(int? bits = null) =>
        new[] { 1, 2, 3 }.Select(threads => Splitting(threads, bits));

    /// <summary>A device whose threads share even the smallest work.</summary>
    public static CpuDevice Splitting(int threads, int? bits = null) => new(threads, bits, alwaysSplit: true);
}
