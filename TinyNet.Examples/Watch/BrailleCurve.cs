namespace TinyNet.Examples;

/// <summary>A curve of braille dots: each character has two columns of four.</summary>
internal static class BrailleCurve
{
    private const int Columns = 2, Rows = 4, Blank = 0x2800;

    // The bits of the dots of a character, by column and from the top.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Draws heights from 0, the lowest dot, to 1, the highest, from left to right, and lines between neighbors.</summary>
    /// <param name="heights">The heights.</param>
    /// <param name="width">How many characters a row has.</param>
    /// <param name="height">How many rows there are.</param>
    /// <returns>The rows, from the top.</returns>
    public static string[] Draw(IReadOnlyList<double> heights, int width, int height)
    {
        int[,] cells = new int[height, width];
        int right = Columns * width - 1, bottom = Rows * height - 1;
        (double X, double Y)? before = null;
        for (int i = 0; i < heights.Count; i++)
        {
            double x = heights.Count == 1 ? 0 : (double)i * right / (heights.Count - 1), y = (1 - heights[i]) * bottom;
            var (fromX, fromY) = before ?? (x, y);
            int steps = (int)Math.Ceiling(Math.Max(1, Math.Max(Math.Abs(x - fromX), Math.Abs(y - fromY))));
            for (int step = 0; step <= steps; step++)
            {
                int column = (int)Math.Round(fromX + (x - fromX) * step / steps);
                int row = (int)Math.Round(fromY + (y - fromY) * step / steps);
                cells[row / Rows, column / Columns] |= Dots[column % Columns, row % Rows];
            }

            before = (x, y);
        }

        return
        [
            .. Enumerable.Range(0, height).Select(
                row => string.Concat(Enumerable.Range(0, width).Select(column => (char)(Blank + cells[row, column])))),
        ];
    }
}
