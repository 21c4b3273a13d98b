using System.Text.Json;

namespace TinyNet.Bench;

/// <summary>What one side needed for a workload, as it wrote it.</summary>
/// <param name="Workload">The name of the workload.</param>
/// <param name="Minimum">The shortest run, in milliseconds.</param>
/// <param name="Median">The median run, in milliseconds.</param>
/// <param name="PeakMegabytes">The peak of resident memory above the start, where the side says so.</param>
/// <param name="AllocatedBytes">The managed memory that a run allocates, where the side says so.</param>
internal sealed record Timing(string Workload, double Minimum, double Median, double? PeakMegabytes, double? AllocatedBytes)
{
    /// <summary>The workload without the variant that did it.</summary>
    public string BaseName => Workload.Split('#', '+')[0];

    /// <summary>
    /// How it was done where that was not as a user does it: the variant, <c>#fused</c>, and the allocator, <c>+libmimalloc.so</c>.
    /// </summary>
    public string Variant => Workload[BaseName.Length..];

    /// <summary>The same with the name of an allocator; null for the system's.</summary>
    public Timing With(string? allocator) =>
        allocator is null ? this : this with { Workload = $"{Workload}+{Path.GetFileName(allocator)}" };

    /// <summary>Reads a line; null for one that is no measurement, as a warning of a library.</summary>
    /// <exception cref="FormatException">A measurement without a name or a time.</exception>
    public static Timing? Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return new Timing(
                root.GetProperty("workload").GetString() ?? throw new JsonException("the name is null"),
                root.GetProperty("min_ms").GetDouble(),
                root.GetProperty("ms").GetDouble(),
                Number(root, "peak_mb"),
                Number(root, "allocated_bytes"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"no measurement: {line}", exception);
        }
    }

    /// <summary>The better of two numbers of threads; of what is allocated, the worse.</summary>
    public Timing BestOf(Timing other) => new(
        Workload,
        Math.Min(Minimum, other.Minimum),
        Math.Min(Median, other.Median),
        Combine(PeakMegabytes, other.PeakMegabytes, Math.Min),
        Combine(AllocatedBytes, other.AllocatedBytes, Math.Max));

    private static double? Combine(double? a, double? b, Func<double, double, double> choose) =>
        a is { } x && b is { } y ? choose(x, y) : a ?? b;

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}
