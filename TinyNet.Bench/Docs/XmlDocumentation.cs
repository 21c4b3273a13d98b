using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TinyNet.Bench;

/// <summary>The XML documentation that the compiler made of an assembly, read as Markdown.</summary>
internal sealed class XmlDocumentation(XDocument file)
{
    private readonly Dictionary<string, XElement> _members = file.Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>That of an assembly this program uses; it lies beside the assembly.</summary>
    public static XmlDocumentation Of(Type type) =>
        new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, type.Assembly.GetName().Name + ".xml")));

    /// <summary>The summary of a type; empty if there is none.</summary>
    public string Summary(Type type) => Text(Member(type)?.Element("summary"));

    /// <summary>The remarks about a type; empty if there are none.</summary>
    public string Remarks(Type type) => Text(Member(type)?.Element("remarks"));

    /// <summary>What is said of the parameters of a constructor, which is found by their names; null if one is not documented.</summary>
    public IReadOnlyDictionary<string, string>? Parameters(Type type, IReadOnlyCollection<string> names)
    {
        string prefix = $"M:{type.FullName}.#ctor";
        return _members
            .Where(member => member.Key == prefix || member.Key.StartsWith(prefix + "(", StringComparison.Ordinal))
            .Select(member => member.Value.Elements("param").ToDictionary(parameter => parameter.Attribute("name")!.Value, Text))
            .FirstOrDefault(
                parameters => parameters.Count == names.Count && names.All(name => parameters.GetValueOrDefault(name, "").Length > 0));
    }

    private XElement? Member(Type type) => _members.GetValueOrDefault("T:" + type.FullName);

    private string Text(XElement? element) =>
        element is null ? "" : Regex.Replace(string.Concat(element.Nodes().Select(Text)), @"\s+", " ").Trim();

    private string Text(XNode node) => node switch
    {
        XText text => Regex.Replace(text.Value, @"[*_]|<(?=\S)", @"\$0"),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "paramref" } reference => $"`{reference.Attribute("name")!.Value}`",
        XElement { Name.LocalName: "see" } reference => $"`{SimpleName(reference)}`",
        XElement { Name.LocalName: "inheritdoc" } inherited => Text(Inherited(inherited)),
        XElement other => throw new DocumentationException($"no rule for the tag {other}"),
        _ => throw new DocumentationException($"no rule for {node}"),
    };

    // T:TinyNet.Layers.ELU is ELU, P:TinyNet.Core.Tensor.Shape is Tensor.Shape.
    private static string SimpleName(XElement reference) => reference.Attribute("langword")?.Value
        ?? Regex.Match(reference.Attribute("cref")!.Value, @"(?<=^T:.*)\w+(?=`|$)|(?<=^[PMF]:.*)\w+\.\w+(?=\(|$)").Value;

    private XElement Inherited(XElement inherited)
    {
        string from = inherited.Attribute("cref")?.Value ?? "";
        var path = Regex.Match(inherited.Attribute("path")?.Value ?? "", @"^/(\w+)/node\(\)$");
        return (path.Success ? _members.GetValueOrDefault(from)?.Element(path.Groups[1].Value) : null)
            ?? throw new DocumentationException($"{inherited} leads nowhere");
    }
}
