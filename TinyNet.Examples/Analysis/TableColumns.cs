using TinyNet.Analysis;

namespace TinyNet.Examples;

/// <summary>Tables with fewer columns.</summary>
internal static class TableColumns
{
    extension(Table table)
    {
        /// <summary>Without the columns where no row has a value or a number that is one.</summary>
        /// <param name="kept">How the name of a column begins that stays nevertheless.</param>
        public Table WithoutEmptyColumns(string? kept = null) => table.Where(column =>
            table.Rows.Any(row => row[column] is not (null or double.NaN))
            || (kept is not null && table.Columns[column].StartsWith(kept, StringComparison.Ordinal)));

        /// <summary>Without a column.</summary>
        public Table Without(string name) => table.Where(column => table.Columns[column] != name);

        /// <summary>The columns of some places.</summary>
        public Table Where(Func<int, bool> isKept) => table.Choose([.. Enumerable.Range(0, table.Columns.Count).Where(isKept)]);

        /// <summary>The columns of these places.</summary>
        public Table Choose(int[] columns) => new(
            table.Title, [.. columns.Select(column => table.Columns[column])],
            [.. table.Rows.Select(row => (object?[])[.. columns.Select(column => row[column])])]);
    }
}
