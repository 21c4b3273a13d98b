using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>What the documentation says of an activation that has a name.</summary>
internal sealed partial record ActivationEntry(
    string Name, string Class, string Made, string Title, string Formula, string Derivative, string Range, string Paper,
    IReadOnlyList<ConstructorEntry> Constructors, string Notes)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="DocumentationException">Something is missing; the message names the class.</exception>
    public static ActivationEntry Read(string name, XmlDocumentation documentation)
    {
        var activation = Activation.FromName(name);
        var type = activation.GetType();
        var summary = SummaryForm().Match(documentation.Summary(type));
        if (!summary.Success)
        {
            throw new DocumentationException(
                $"{type.Name}: its summary must read 'Title: formula; derivative.', the derivative beginning with dy/dx or ∂y");
        }

        var remarks = RemarksForm().Match(documentation.Remarks(type));
        if (!remarks.Success)
        {
            throw new DocumentationException(
                $"{type.Name}: its remarks must read 'Range: …. Paper: ….', "
                + "for what is in no paper 'Paper: none, elementary.' or another reason");
        }

        return new ActivationEntry(
            name, type.Name, activation.Describe(), summary.Groups["title"].Value, summary.Groups["formula"].Value,
            summary.Groups["derivative"].Value, remarks.Groups["range"].Value, remarks.Groups["paper"].Value,
            [.. type.GetConstructors().Select(constructor => Read(type, constructor.GetParameters(), documentation))],
            $"{summary.Groups["notes"].Value} {remarks.Groups["notes"].Value}".Trim());
    }

    private static ConstructorEntry Read(Type type, ParameterInfo[] parameters, XmlDocumentation documentation)
    {
        var texts = documentation.Parameters(type, [.. parameters.Select(parameter => parameter.Name!)]);
        return new ConstructorEntry(
            $"{type.Name}({string.Join(", ", parameters.Select(Declaration))})",
            [.. parameters.Select(parameter => texts is null
                ? throw new DocumentationException(
                    $"{type.Name}: the constructor with {parameter.Name} must have every parameter documented")
                : $"`{parameter.Name}`: {texts[parameter.Name!]}")]);
    }

    private static string Declaration(ParameterInfo parameter) => parameter.HasDefaultValue
        ? $"{parameter.Name} = {(parameter.DefaultValue is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : "null")}"
        : parameter.Name!;

    [GeneratedRegex(@"^(?<title>[^:]+): (?<formula>.+?); (?<derivative>(?:dy/dx|∂y).+?)\.(?: (?<notes>.+))?$")]
    private static partial Regex SummaryForm();

    [GeneratedRegex(@"^Range: (?<range>.+?)\. (?:(?<notes>.+) )?Paper: (?<paper>.+)\.$")]
    private static partial Regex RemarksForm();
}

/// <summary>A constructor with its defaults, and what is said of each parameter.</summary>
internal sealed record ConstructorEntry(string Signature, IReadOnlyList<string> Parameters);
