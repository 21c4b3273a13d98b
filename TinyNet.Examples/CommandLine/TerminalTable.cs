using TinyNet.Analysis;

namespace TinyNet.Examples;

/// <summary>Tables that fit the width of a terminal: columns that find no room follow below, beside the first one again.</summary>
internal static class TerminalTable
{
    private const int Gap = 2;

    /// <summary>Writes a table.</summary>
    public static void Write(TextWriter output, Table table, int width)
    {
        bool isFirst = true;
        foreach (int[] columns in Parts(table, width))
        {
            string[] lines = table.Choose(columns).ToString().TrimEnd('\n').Split('\n');
            foreach (string line in isFirst ? lines : lines[1..]) // The title stands above the first part.
            {
                output.WriteLine(line);
            }

            isFirst = false;
        }
    }

    /// <summary>Which columns stand beside each other, the first one in each part.</summary>
    private static IEnumerable<int[]> Parts(Table table, int width)
    {
        List<int> columns = [0];
        int used = WidthOf(table, 0);
        for (int column = 1; column < table.Columns.Count; column++)
        {
            int wanted = Gap + WidthOf(table, column);
            if (columns.Count > 1 && used + wanted > width)
            {
                yield return [.. columns];
                columns = [0];
                used = WidthOf(table, 0);
            }

            columns.Add(column);
            used += wanted;
        }

        yield return [.. columns];
    }

    private static int WidthOf(Table table, int column) =>
        table.Rows.Select(row => Table.Show(row[column]).Length).Append(table.Columns[column].Length).Max();
}
