namespace TinyNet.Examples;

/// <summary>A few numbers as blocks beside each other, from the least of them to the largest.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Draws numbers, a character each; what is not finite is an exclamation mark.</summary>
    public static string Draw(IReadOnlyList<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double least = finite.DefaultIfEmpty(0).Min(), range = finite.DefaultIfEmpty(0).Max() - least;
        return string.Concat(values.Select(value => !double.IsFinite(value) ? '!'
            : range > 0 ? Blocks[(int)Math.Round((value - least) / range * (Blocks.Length - 1))]
            : Blocks[0]));
    }
}
