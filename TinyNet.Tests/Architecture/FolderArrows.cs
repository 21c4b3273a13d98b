namespace TinyNet.Tests.Architecture;

/// <summary>A place where a file names a type of another folder.</summary>
internal sealed record FolderUse(string File, string From, int Line, TypeKey Type, string To);

/// <summary>
/// Which folders of a project may use which. Folders that belong together stand in one row, as <c>Tensors, Memory</c>: they may use each
/// other, and the row is one to the rule that there is no circle.
/// </summary>
/// <param name="rows">What each row may use besides itself.</param>
/// <param name="exceptions">What single files may use besides.</param>
internal sealed class FolderArrows(IReadOnlyDictionary<string, string[]> rows, IReadOnlyDictionary<string, string[]>? exceptions = null)
{
    private readonly Dictionary<string, string> _rowOf =
        rows.Keys.SelectMany(row => row.Split(", ").Select(folder => (folder, row))).ToDictionary(pair => pair.folder, pair => pair.row);

    /// <summary>All that is wrong: forbidden uses, circles in the table, and folders that are in one of sources and table only.</summary>
    public IEnumerable<string> Faults(IReadOnlyList<SourceFile> files) =>
        [.. MissingFolders(files), .. Circles(), .. Uses(files).Where(use => !IsAllowed(use)).Select(Describe)];

    /// <summary>Every place where a file names a type of another folder.</summary>
    public static IEnumerable<FolderUse> Uses(IReadOnlyList<SourceFile> files)
    {
        var folders = files.SelectMany(file => file.Declared.Select(type => (type, file.Folder)))
            .ToLookup(pair => pair.type, pair => pair.Folder);
        return
            from file in files
            from name in file.Names
            let declaredIn = folders[name.Type].Distinct().ToArray()
            where declaredIn.Length > 0 && !declaredIn.Contains(file.Folder)
            select new FolderUse(file.Path, file.Folder, name.Line, name.Type, declaredIn[0]);
    }

    private bool IsAllowed(FolderUse use) =>
        !_rowOf.TryGetValue(use.From, out string? from)
        || !_rowOf.TryGetValue(use.To, out string? to)
        || from == to
        || Allowed(from).Contains(to)
        || (exceptions?.GetValueOrDefault(use.File, []).Contains(use.To) ?? false);

    private static string Describe(FolderUse use) => $"{use.File}({use.Line}): names {use.Type} of {use.To}, which {use.From} may not use";

    /// <summary>The rows that a row may use.</summary>
    private IEnumerable<string> Allowed(string row) => rows[row].Select(folder => _rowOf.GetValueOrDefault(folder, folder));

    private IEnumerable<string> MissingFolders(IReadOnlyList<SourceFile> files)
    {
        string[] there = [.. files.Select(file => file.Folder).Distinct()];
        string[] listed = [.. _rowOf.Keys, .. rows.Values.SelectMany(folders => folders)];
        return there.Except(_rowOf.Keys).Select(folder => $"{folder}: the folder has no row in the table")
            .Concat(listed.Distinct().Except(there).Select(folder => $"{folder}: the table names a folder that is not there"))
            .Concat((exceptions?.Keys ?? []).Except(files.Select(file => file.Path))
                .Select(file => $"{file}: the table names a file that is not there"));
    }

    private IEnumerable<string> Circles() =>
        rows.Keys.Where(row => Reaches(row, row, [])).Select(row => $"{row}: the table allows a circle");

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        Allowed(from).Where(rows.ContainsKey).Any(next => next == to || (seen.Add(next) && Reaches(next, to, seen)));
}
