using System.Text.RegularExpressions;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Docs;

/// <summary>
/// The code of a page stands, between marks with the name of the page, <c>&lt;extending&gt;</c> and <c>&lt;/extending&gt;</c>, in a test
/// project: so it compiles, and a test beside it runs it.
/// </summary>
public class PageCodeTests
{
    public static TheoryData<string> Pages => ["extending", "weights", "data", "files", "images", "training", "recipes", "analysis", "gpu"];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_shows_the_code_that_is_compiled(string page)
    {
        var shown = Shown(page).Order().ToList();
        var compiled = Repository.Files(".cs")
            .Where(file => file.Split(Path.DirectorySeparatorChar)[0].EndsWith("Tests", StringComparison.Ordinal))
            .SelectMany(file => Marked(Repository.Read(file), page))
            .Order()
            .ToList();

        Assert.NotEmpty(shown);
        Assert.Equal(compiled, shown);
    }

    [Fact]
    public void The_page_about_one_file_shows_the_file() =>
        Assert.Equal([Repository.Read("docs/digits.cs").TrimEnd('\n')], Shown("one-file").Where(code => code.Contains("#:package")));

    [Fact]
    public void The_file_asks_for_the_version_that_is_packed()
    {
        string version = Regex.Match(Repository.Read("Directory.Build.props"), "<Version>(.*)</Version>").Groups[1].Value;

        Assert.Contains($"#:package TinyNet.Training@{version}\n", Repository.Read("docs/digits.cs"), StringComparison.Ordinal);
        Assert.Contains($"TinyNet.Images@{version}`", Text("one-file"), StringComparison.Ordinal);
        Assert.Contains($"## {version}", Repository.Read("CHANGELOG.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_and_folders_that_the_page_about_extending_names_exist()
    {
        var paths = Regex.Matches(Text("extending"), @"`([\w.]+(/[\w.]+)+)/?`").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    private static string Text(string page) => Repository.Read(Path.Combine("docs", page + ".md"));

    private static IEnumerable<string> Shown(string page) =>
        Regex.Matches(Text(page), @"(?s)```csharp\n(.*?)\n```").Select(match => match.Groups[1].Value);

    /// <summary>What stands between the marks, moved to the left margin.</summary>
    private static IEnumerable<string> Marked(string source, string page) =>
        from Match match in Regex.Matches(source, $@"(?ms)^( *)// <{page}>\n(.*?)\n *// </{page}>")
        let margin = match.Groups[1].Length
        select string.Join('\n', match.Groups[2].Value.Split('\n').Select(line => line.Length > margin ? line[margin..] : ""));
}
