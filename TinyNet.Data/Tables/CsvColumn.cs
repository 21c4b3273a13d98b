using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>A column of a <see cref="CsvTable"/>: by its name, or by its place, also from the end (<c>^1</c> is the last).</summary>
public readonly struct CsvColumn
{
    internal const string OtherDelimiter = "give CsvTable.Load the delimiter, if another character is between the fields";

    private readonly string? _name;
    private readonly Index _place;

    private CsvColumn(string? name, Index place) => (_name, _place) = (name, place);

    /// <summary>The column of a name.</summary>
    public static implicit operator CsvColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new CsvColumn(name, default);
    }

    /// <summary>The column at a place, 0 for the first.</summary>
    public static implicit operator CsvColumn(int place) => new(null, Require.NotNegative(place));

    /// <summary>The column at a place, which may count from the end.</summary>
    public static implicit operator CsvColumn(Index place) => new(null, place);

    /// <summary>The name or the place.</summary>
    public override string ToString() => _name ?? _place.ToString();

    /// <summary>The place among the columns of a file.</summary>
    /// <exception cref="DataFormatException">There is no such column, or several of the name.</exception>
    internal int In(ReadOnlySpan<string> names, string file)
    {
        if (_name is null)
        {
            int place = _place.GetOffset(names.Length);
            return (uint)place < (uint)names.Length ? place
                : throw new DataFormatException(file, "line 1", $"a column at {_place}", Found(names));
        }

        int first = names.IndexOf(_name);
        return first < 0
                ? throw new DataFormatException(file, "line 1", $"a column '{_name}'{Suggestion.For(_name, names.ToArray())}",
                    Found(names))
            : names[(first + 1)..].Contains(_name)
                ? throw new DataFormatException(file, "line 1", $"one column '{_name}'", "several; choose by the place")
            : first;
    }

    /// <summary>The columns that there are, for messages; a single one is likely a line whose delimiter is another.</summary>
    internal static string Found(ReadOnlySpan<string> names)
    {
        const int mostShown = 20;
        string[] shown = Array.ConvertAll(names[..Math.Min(names.Length, mostShown)].ToArray(), name => $"'{Shorten(name)}'");
        return names.Length == 1
            ? $"the one column {shown[0]}: {OtherDelimiter}"
            : $"{names.Length} columns, {string.Join(", ", shown)}{(names.Length > mostShown ? ", …" : "")}";
    }

    private static string Shorten(string name)
    {
        const int longest = 80;
        return name.Length <= longest ? name : $"{name[..longest]}…";
    }
}
