namespace TinyNet.Analysis;

/// <summary>Colors for numbers from 0 to 1, which grow evenly lighter or darker, also for the color-blind.</summary>
internal sealed class ColorScale
{
    /// <summary>From dark violet over green to yellow: viridis of matplotlib.</summary>
    public static readonly ColorScale Viridis = new(
        0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0xB4DE2C, 0xFDE725);

    /// <summary>From blue over white to red, for numbers around 0: RdBu of ColorBrewer.</summary>
    public static readonly ColorScale Diverging = new(
        0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B);

    /// <summary>From black to white.</summary>
    public static readonly ColorScale Gray = new(0x000000, 0xFFFFFF);

    // What is not a number.
    private const int None = 0x808080;

    private readonly int[] _stops;

    private ColorScale(params int[] stops) => _stops = stops;

    /// <summary>The stops, as red, green and blue in one number, at equal distances.</summary>
    public IReadOnlyList<int> Stops => _stops;

    /// <summary>The color of a number: red, green and blue. What is beyond the ends has the color of the end, nan is gray.</summary>
    public (byte Red, byte Green, byte Blue) At(double share)
    {
        if (double.IsNaN(share))
        {
            return Split(None);
        }

        double at = Math.Clamp(share, 0, 1) * (_stops.Length - 1);
        int stop = Math.Min((int)at, _stops.Length - 2);
        var (from, to) = (Split(_stops[stop]), Split(_stops[stop + 1]));
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(byte a, byte b) => (byte)Math.Round(a + ((b - a) * (at - stop)));
    }

    private static (byte Red, byte Green, byte Blue) Split(int color) => ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
}
