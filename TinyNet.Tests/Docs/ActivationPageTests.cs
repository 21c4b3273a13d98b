using System.Text.RegularExpressions;
using System.Xml.Linq;
using TinyNet.Bench;
using TinyNet.Layers;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Docs;

/// <summary>docs/activations.md, which the command <c>docs</c> of TinyNet.Bench makes of the XML documentation.</summary>
public class ActivationPageTests
{
    private static readonly string Page = Repository.Read(ActivationPage.Location);

    public static TheoryData<string> Names => [.. Activation.Names];

    [Fact]
    public void The_page_is_what_the_XML_documentation_says() =>
        Assert.Equal(ActivationPage.Create(XmlDocumentation.Of(typeof(Activation))), Page);

    [Theory, MemberData(nameof(Names))]
    public void Every_name_has_its_row_and_its_section(string name)
    {
        string type = Activation.FromName(name).GetType().Name;
        Assert.Contains($"| [{name}](#{name}) | `{type}` | ", Page, StringComparison.Ordinal);

        string section = Page.Split($"\n## {name}\n")[1].Split("\n## ")[0];
        string[] items = [$"Constructor**: `{type}(", "Formula**: ", "Derivative**: ", "Range**: ", "Paper**: "];
        Assert.All(items, item => Assert.Contains("\n- **" + item, section, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_is_plain_Markdown()
    {
        string body = Page[(Page.IndexOf("-->", StringComparison.Ordinal) + "-->".Length)..];
        Assert.DoesNotMatch(@"(?<!\\)<\S|&\w+;", body);
        // Three cells: four bars that are not escaped.
        Assert.All(body.Split('\n').Where(line => line.StartsWith('|')), line => Assert.Equal(4, Regex.Count(line, @"(?<!\\)\|")));
    }

    [Theory]
    [InlineData("summary", "Exponential linear unit: y = x.")]
    [InlineData("remarks", "Range: all numbers.")]
    [InlineData("remarks", "Paper: none, elementary.")]
    public void What_is_missing_is_an_error_that_names_the_class(string element, string text)
    {
        var file = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "TinyNet.Layers.xml"));
        file.Descendants("member").Single(member => member.Attribute("name")!.Value == "T:TinyNet.Layers.ELU")
            .Element(element)!.Value = text;

        var error = Assert.Throws<DocumentationException>(() => ActivationPage.Create(new XmlDocumentation(file)));
        Assert.StartsWith("ELU: ", error.Message, StringComparison.Ordinal);
    }
}
