using System.Text.RegularExpressions;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Docs;

/// <summary>Links between the pages: the file is there, and the heading in it.</summary>
public class LinkTests
{
    public static TheoryData<string> Pages => [.. Repository.Files(".md")];

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page) => Assert.Empty(Dead(page, Repository.Read(page)));

    [Fact]
    public void Every_page_is_reached_from_README()
    {
        string readme = Repository.Read("README.md");
        Assert.All(
            Repository.Files(".md").Where(page => page.StartsWith("docs", StringComparison.Ordinal)),
            page => Assert.Contains($"]({page.Replace('\\', '/')})", readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[data](data.md#sequences), [there](https://example.com/none), `[i](j)`", "")]
    [InlineData("[gone](gone.md)", "gone.md")]
    [InlineData("[no heading](data.md#gone)", "data.md#gone")]
    [InlineData("[its own](#gone)", "#gone")]
    public void A_dead_link_is_found(string text, string dead) =>
        Assert.Equal(dead, string.Join(' ', Dead(Path.Combine("docs", "training.md"), text)));

    private static IEnumerable<string> Dead(string page, string text) =>
        from Match match in Regex.Matches(WithoutCode(text), @"\]\(([^)\s]+)\)")
        let target = match.Groups[1].Value
        where !Regex.IsMatch(target, "^[a-z]+:")
        where !Leads(page, target)
        select target;

    private static bool Leads(string page, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return Path.Exists(Path.Combine(Repository.Root, path)) && (parts.Length == 1 || Anchors(Repository.Read(path)).Contains(parts[1]));
    }

    /// <summary>The anchors of headings as GitHub makes them: lower case, hyphens for spaces, no punctuation.</summary>
    private static IEnumerable<string> Anchors(string text) =>
        Regex.Matches(WithoutCode(text, keepSpans: true), @"(?m)^#+ (.*?)\s*$").Select(
            match => Regex.Replace(match.Groups[1].Value.ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

    private static string WithoutCode(string text, bool keepSpans = false)
    {
        text = Regex.Replace(text, @"(?ms)^```.*?^```", "");
        return keepSpans ? text : Regex.Replace(text, "`[^`\n]*`", "");
    }
}
