using System.CommandLine;
using TinyNet.Analysis;

namespace TinyNet.Examples;

/// <summary>The commands <c>analyze</c> and <c>report</c>: a subcommand for each study.</summary>
internal static class StudyCommand
{
    private const string AboutThePage =
        "The page needs nothing but a browser, where each figure has buttons for SVG, PNG and its numbers; the package TinyNet.Plots saves "
        + "figures as files.";

    /// <summary>The command <c>analyze</c>.</summary>
    public static Command MakeAnalyze(IReadOnlyList<Example> examples, TextWriter output, int width) => Make(
        "analyze", "Look at activations, gradients, or a trained model, as a page and as tables.", output, width,
        new ActivationStudy(), new FlowStudy(), new VanishingStudy(), new FeatureStudy(examples), new AttentionStudy(examples),
        new GradientStudy(examples), new ComparisonStudy());

    /// <summary>The command <c>report</c>.</summary>
    public static Command MakeReport(TextWriter output, int width) => Make(
        "report", "Make a page about trainings that have run; of one that runs, train --report makes it.", output, width,
        new ComparisonStudy());

    private static Command Make(string name, string description, TextWriter output, int width, params Study[] studies)
    {
        var command = new Command(name, description);
        foreach (var study in studies)
        {
            command.Add(Make(study, output, width));
        }

        return command;
    }

    private static Command Make(Study study, TextWriter output, int width)
    {
        string byDefault = $"{study.Name}.html";
        var page = OwnOption.Path("--out", "FILE", $"The page; without it {byDefault} in the current folder. What was there is replaced.");
        var command = new Command(study.Name, TerminalText.Paragraphs($"{study.Description}\n\n{AboutThePage}"));
        foreach (var argument in study.Arguments)
        {
            command.Add(argument);
        }

        foreach (var option in study.Options.Append(page))
        {
            command.Add(option);
        }

        command.SetAction(asked => Write(study.Make(asked), asked.GetValue(page) ?? byDefault, output, width));
        return command;
    }

    private static void Write(HtmlPage page, string file, TextWriter output, int width)
    {
        page.Write(file);
        foreach (var block in page.Sections.SelectMany(section => section.Blocks))
        {
            if (block is TableBlock { Table: var table })
            {
                TerminalTable.Write(output, table, width);
                output.WriteLine();
            }
            else if (block is FindingsBlock { Findings: var findings })
            {
                foreach (var finding in findings)
                {
                    TerminalText.WriteParagraph(output, $"{finding.Subject}: {finding.Message}", width);
                }

                output.WriteLine();
            }
        }

        output.WriteLine($"page {file}");
    }
}
