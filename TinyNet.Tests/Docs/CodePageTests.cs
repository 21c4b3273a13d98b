using System.Text.RegularExpressions;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Docs;

/// <summary>
/// Pages whose code stands in a test project, between the marks <c>&lt;page&gt;</c> and <c>&lt;/page&gt;</c>: so it compiles, and a test
/// beside it runs it.
/// </summary>
public class CodePageTests
{
    public static TheoryData<string> Pages => ["extending", "data"];

    [Theory, MemberData(nameof(Pages))]
    public void The_page_shows_the_code_that_is_compiled(string page)
    {
        var shown = Regex.Matches(Read(page), @"(?s)```csharp\n(.*?)\n```")
            .Select(match => match.Groups[1].Value)
            .Order()
            .ToList();
        var compiled = Repository.Files(".cs")
            .Where(file => file.Split(Path.DirectorySeparatorChar)[0].EndsWith("Tests", StringComparison.Ordinal))
            .SelectMany(file => Marked(page, Repository.Read(file)))
            .Order()
            .ToList();

        Assert.NotEmpty(shown);
        Assert.Equal(compiled, shown);
    }

    [Theory, MemberData(nameof(Pages))]
    public void The_files_and_folders_that_the_page_names_exist(string page)
    {
        var paths = Regex.Matches(Read(page), @"`([\w.]+(/[\w.]+)+)/?`").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    private static string Read(string page) => Repository.Read(Path.Combine("docs", page + ".md"));

    /// <summary>What stands between the marks, moved to the left margin.</summary>
    private static IEnumerable<string> Marked(string page, string source) =>
        from Match match in Regex.Matches(source, $@"(?ms)^( *)// <{page}>\n(.*?)\n *// </{page}>")
        let margin = match.Groups[1].Length
        select string.Join('\n', match.Groups[2].Value.Split('\n').Select(line => line.Length > margin ? line[margin..] : ""));
}
