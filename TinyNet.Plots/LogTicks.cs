using System.Globalization;
using ScottPlot;

namespace TinyNet.Plots;

/// <summary>
/// Ticks of an axis of logarithms: at powers of ten, as many as there is room for; at 1, 2 and 5 of each where these are few.
/// </summary>
internal sealed class LogTicks : ITickGenerator
{
    private const double FewDecades = 2.5;
    private const int MostWithMinor = 10, FewInOneDecade = 6;

    // The room for a label, in pixels.
    private const float Wide = 60, High = 22;

    private static readonly int[] Between = [2, 3, 4, 5, 6, 7, 8, 9];

    public Tick[] Ticks { get; private set; } = [];

    public int MaxTickCount { get; set; } = 1000;

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        bool isVertical = edge is Edge.Left or Edge.Right;
        double decades = range.Max - range.Min;
        double room = Math.Max(2, size.Length / (isVertical ? High : Wide));
        if (decades < 1)
        {
            Ticks = [.. InOneDecade(Math.Pow(10, range.Min), Math.Pow(10, range.Max), room)];
            return;
        }

        int step = Math.Max(1, (int)Math.Ceiling(decades / room));
        var ticks = new List<Tick>();
        for (int power = (int)Math.Floor(range.Min); power <= Math.Ceiling(range.Max); power++)
        {
            if (power % step == 0)
            {
                ticks.Add(Tick.Major(power, Show(1, power)));
            }

            foreach (int digit in decades <= MostWithMinor ? Between : [])
            {
                double position = power + Math.Log10(digit);
                ticks.Add(decades <= FewDecades && digit is 2 or 5 && 3 * decades <= room
                    ? Tick.Major(position, Show(digit, power))
                    : Tick.Minor(position));
            }
        }

        Ticks = [.. ticks.Where(tick => tick.Position >= range.Min && tick.Position <= range.Max).Take(MaxTickCount)];
    }

    /// <summary>Ticks at equal distances, as on an axis of numbers: the distance is 1, 2 or 5 times a power of ten.</summary>
    private static IEnumerable<Tick> InOneDecade(double low, double high, double room)
    {
        double least = (high - low) / Math.Min(room, FewInOneDecade), power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double distance = power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
        for (double i = Math.Ceiling(low / distance); i * distance <= high; i++)
        {
            yield return Tick.Major(Math.Log10(i * distance), (i * distance).ToString("G6", CultureInfo.InvariantCulture));
        }
    }

    private static string Show(int digit, int power) => power is >= -3 and <= 4
        ? ((decimal)(digit * Math.Pow(10, power))).ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{digit}e{power}");
}
