using System.CommandLine;
using TinyNet.Analysis;

namespace TinyNet.Examples;

/// <summary>Where the attentions of a saved model look.</summary>
internal sealed class AttentionStudy(IReadOnlyList<Example> examples) : Study
{
    private readonly SavedModelInput _saved = new();

    public override string Name => "attention";

    public override string Description =>
        $"""
        Show how much each query of a saved model's attentions looks at each key, on the test data of its example: a map for each head and
        their mean. Models of {string.Join(" and ", Known)} have such maps.
        """;

    public override IReadOnlyList<Argument> Arguments => [_saved.Model];

    public override IReadOnlyList<Option> Options => [_saved.Data];

    public override HtmlPage Make(ParseResult asked)
    {
        var saved = _saved.Open(asked);
        string name = saved.Text(SavedModel.ExampleKey);
        if (examples.FirstOrDefault(example => example.Name == name) is not IAttentive attentive)
        {
            throw new CommandException(
                $"'{saved.File}' is a model of '{name}': models with maps of attention are {string.Join(", ", Known)}");
        }

        var view = attentive.Attend(saved);
        var page = new HtmlPage($"{name}: attention") { Subtitle = saved.File };
        page.Add(new PageSection(
            "Attention", [.. view.Maps.Select(map => (PageBlock)map.ToFigure()), .. view.Maps.Select(map => (PageBlock)HeadTable(map))])
        {
            Introduction = $"Weights are {view.About}. Each row sums up to 1.",
        });
        return page;
    }

    private IEnumerable<string> Known => examples.Where(example => example is IAttentive).Select(example => example.Name);

    /// <summary>How concentrated each head is: 1 / keys and an entropy of 1 are a head that looks everywhere alike.</summary>
    private static Table HeadTable(AttentionMaps map) => new(
        $"{map.Path}: {map.Queries} queries, {map.Keys} keys", ["head", "largest weight", "weight on itself", "entropy / log keys"],
        [.. map.Heads.Select((head, i) => Row($"{i}", head, map)), Row("mean", map.Mean, map)]);

    private static IReadOnlyList<object?> Row(string name, IReadOnlyList<double> weights, AttentionMaps map)
    {
        double[][] rows = [.. weights.Chunk(map.Keys)];
        return
        [
            name, rows.Average(row => row.Max()), map.Queries == map.Keys ? rows.Select((row, i) => row[i]).Average() : null,
            // A single key is looked at whatever the head does.
            map.Keys == 1 ? null
                : rows.Average(row => -row.Where(weight => weight > 0).Sum(weight => weight * Math.Log(weight))) / Math.Log(map.Keys),
        ];
    }
}
