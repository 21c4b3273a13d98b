namespace TinyNet.Tests.Architecture;

/// <summary>The folder that holds TinyNet.sln, and its files.</summary>
internal static class Repository
{
    private static readonly string[] BuiltOrForeign = [".git", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The files of the repository with this ending, relative to the root; build outputs are left out.</summary>
    public static IEnumerable<string> Files(string ending) => Walk(Root)
        .Where(path => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        .Select(path => Path.GetRelativePath(Root, path));

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(d => !BuiltOrForeign.Contains(Path.GetFileName(d))).SelectMany(Walk));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "TinyNet.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No TinyNet.sln above {AppContext.BaseDirectory}.");
    }
}
