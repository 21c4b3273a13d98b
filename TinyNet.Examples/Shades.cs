namespace TinyNet.Examples;

/// <summary>Numbers as shades of characters, for pictures among lines of text.</summary>
internal static class Shades
{
    private const string Characters = " .:-=+*#%@";

    /// <summary>A row of numbers from 0, which is empty, to 1, which is full; what lies beyond is as its end. Each is two characters wide,
    /// so that as many rows as there are numbers look like a square.</summary>
    public static string Row(ReadOnlySpan<float> numbers)
    {
        var row = new char[2 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            float clipped = Math.Clamp(numbers[i], 0, 1);
            row[2 * i] = row[2 * i + 1] = Characters[(int)MathF.Round(clipped * (Characters.Length - 1))];
        }

        return new string(row);
    }
}
