using System.Text.RegularExpressions;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Docs;

/// <summary>
/// The code of docs/extending.md stands, between the marks <c>&lt;extending&gt;</c> and <c>&lt;/extending&gt;</c>, in a test project:
/// so it compiles, and a test beside it runs it.
/// </summary>
public class ExtendingPageTests
{
    private static readonly string Page = Repository.Read(Path.Combine("docs", "extending.md"));

    [Fact]
    public void The_page_shows_the_code_that_is_compiled()
    {
        var shown = Regex.Matches(Page, @"(?s)```csharp\n(.*?)\n```")
            .Select(match => match.Groups[1].Value)
            .Order()
            .ToList();
        var compiled = Repository.Files(".cs")
            .Where(file => file.Split(Path.DirectorySeparatorChar)[0].EndsWith("Tests", StringComparison.Ordinal))
            .SelectMany(file => Marked(Repository.Read(file)))
            .Order()
            .ToList();

        Assert.NotEmpty(shown);
        Assert.Equal(compiled, shown);
    }

    [Fact]
    public void The_files_and_folders_that_the_page_names_exist()
    {
        var paths = Regex.Matches(Page, @"`([\w.]+(/[\w.]+)+)/?`").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    /// <summary>What stands between the marks, moved to the left margin.</summary>
    private static IEnumerable<string> Marked(string source) =>
        from Match match in Regex.Matches(source, @"(?ms)^( *)// <extending>\n(.*?)\n *// </extending>")
        let margin = match.Groups[1].Length
        select string.Join('\n', match.Groups[2].Value.Split('\n').Select(line => line.Length > margin ? line[margin..] : ""));
}
