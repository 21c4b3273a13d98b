using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>In what weights of a file differ from a network, for a message of one line.</summary>
internal static class WeightDifferences
{
    private const int Shown = 2;

    /// <summary>The first differences: names, and shapes where these differ.</summary>
    public static string Of(WeightMismatchException mismatch)
    {
        string[] all =
        [
            .. mismatch.OtherShapes,
            .. mismatch.Missing.Select(name => $"{name}: not in the file"),
            .. mismatch.Unexpected.Select(name => $"{name}: not in the network"),
        ];

        // Names are what a file says: they may have any characters.
        string first = string.Join("; ", all.Take(Shown));
        return string.Concat(first.Select(letter => char.IsControl(letter) ? '?' : letter)) + (all.Length > Shown ? "; …" : "");
    }
}
