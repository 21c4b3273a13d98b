namespace TinyNet.Tests.Architecture;

/// <summary>A place where a file names a type of another folder, or calls an extension method of it.</summary>
internal sealed record FolderUse(string File, string From, int Line, string What, string To);

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
    /// <param name="files">The sources.</param>
    /// <param name="methods">Methods from elsewhere that may be meant by a call.</param>
    public IEnumerable<string> Faults(IReadOnlyList<SourceFile> files, IReadOnlySet<string>? methods = null) =>
        [.. MissingFolders(files), .. Circles(), .. Uses(files, methods).Where(use => !IsAllowed(use)).Select(Describe)];

    /// <summary>Every place where a file uses another folder.</summary>
    public static IEnumerable<FolderUse> Uses(IReadOnlyList<SourceFile> files, IReadOnlySet<string>? methods = null) =>
        [.. NamedTypes(files), .. CalledExtensions(files, methods ?? new HashSet<string>())];

    private static IEnumerable<FolderUse> NamedTypes(IReadOnlyList<SourceFile> files)
    {
        var folders = files.SelectMany(file => file.Declared.Select(type => (type, file.Folder)))
            .ToLookup(pair => pair.type, pair => pair.Folder);
        return
            from file in files
            from name in file.Names
            let declaredIn = folders[name.Type].Distinct().ToArray()
            where declaredIn.Length > 0 && !declaredIn.Contains(file.Folder)
            select new FolderUse(file.Path, file.Folder, name.Line, $"names {name.Type}", declaredIn[0]);
    }

    /// <summary>
    /// What receives a call is unknown here. So only names count that extensions of one folder have and no other method, be it from
    /// elsewhere.
    /// </summary>
    private static IEnumerable<FolderUse> CalledExtensions(IReadOnlyList<SourceFile> files, IReadOnlySet<string> methods)
    {
        var folders = files.SelectMany(file => file.Methods.Extensions.Select(name => (name, file.Folder)))
            .ToLookup(pair => pair.name, pair => pair.Folder);
        var others = files.SelectMany(file => file.Methods.Others).Concat(methods).ToHashSet();
        return
            from file in files
            from call in file.Methods.Calls
            where !others.Contains(call.Name)
            let declaredIn = folders[call.Name].Distinct().ToArray()
            where declaredIn.Length == 1 && declaredIn[0] != file.Folder
            select new FolderUse(file.Path, file.Folder, call.Line, $"calls {call.Name}()", declaredIn[0]);
    }

    private bool IsAllowed(FolderUse use) =>
        !_rowOf.TryGetValue(use.From, out string? from)
        || !_rowOf.TryGetValue(use.To, out string? to)
        || from == to
        || Allowed(from).Contains(to)
        || (exceptions?.GetValueOrDefault(use.File, []).Contains(use.To) ?? false);

    private static string Describe(FolderUse use) => $"{use.File}({use.Line}): {use.What} of {use.To}, which {use.From} may not use";

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
