using System.Globalization;
using System.Text;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A module in a <see cref="ModuleSummary"/>.</summary>
/// <param name="Path">The dotted path from the model; empty for the model itself.</param>
/// <param name="Description">The type, with what matters of its configuration.</param>
/// <param name="Outputs">The shapes of the tensors and indices that it gave, in the order in which they were made.</param>
/// <param name="Parameters">The learned numbers, those of the modules below included.</param>
/// <param name="MultiplyAdds">
/// Multiplications with an addition in matrix products and convolutions, those of the modules below included; other operations
/// count as none.
/// </param>
public sealed record ModuleSummaryRow(string Path, string Description, IReadOnlyList<Shape> Outputs, long Parameters, long MultiplyAdds)
{
    /// <summary>Those of the learned numbers that are not frozen.</summary>
    public long TrainableParameters { get; init; }

    /// <summary>How often it ran.</summary>
    public int Runs { get; init; }

    /// <summary>A type in what it gives that may hide tensors, so that they are not among the outputs; null where there is none.</summary>
    public string? Unseen { get; init; }
}

/// <summary>What the modules of a model make of an input: shapes, learned numbers and work. <see cref="ToString"/> is a table.</summary>
public sealed class ModuleSummary
{
    private static readonly string[] Titles = ["module", "output", "parameters", "multiply-adds"];

    private ModuleSummary(IReadOnlyList<ModuleSummaryRow> rows) => Rows = rows;

    /// <summary>The model, and below it its modules in the order of registration; modules that did not run have no outputs.</summary>
    public IReadOnlyList<ModuleSummaryRow> Rows { get; }

    /// <summary>The learned numbers of the model, each once.</summary>
    public long Parameters => Rows[0].Parameters;

    /// <summary>Those that are not frozen.</summary>
    public long TrainableParameters => Rows[0].TrainableParameters;

    /// <summary>The multiply-adds of a forward pass.</summary>
    public long MultiplyAdds => Rows[0].MultiplyAdds;

    /// <summary>A table, modules indented by their depth, with what of them is frozen.</summary>
    public override string ToString()
    {
        List<string[]> lines = [Titles];
        foreach (var row in Rows)
        {
            int depth = row.Path.Length == 0 ? 0 : row.Path.Count(character => character == '.') + 1;
            string name = row.Path.Length == 0
                ? row.Description
                : $"{new string(' ', 2 * depth)}{row.Path[(row.Path.LastIndexOf('.') + 1)..]}: {row.Description}";
            string frozen = Module.FrozenPart(row.Parameters, row.TrainableParameters);
            lines.Add([Shorten(name) + frozen, OutputsOf(row), Number(row.Parameters), Number(row.MultiplyAdds)]);
        }

        int[] widths = [.. Enumerable.Range(0, 4).Select(column => lines.Max(line => line[column].Length))];
        var table = new StringBuilder();
        foreach (string[] line in lines)
        {
            table.Append(line[0].PadRight(widths[0])).Append("  ").Append(line[1].PadRight(widths[1])).Append("  ")
                .Append(line[2].PadLeft(widths[2])).Append("  ").Append(line[3].PadLeft(widths[3])).Append('\n');
        }

        return table.ToString();
    }

    internal static ModuleSummary Of<TIn, TOut>(Module<TIn, TOut> model, TIn input)
    {
        var runs = new Dictionary<Module, Run>();
        var handles = new List<HookHandle>();
        // Those that are there now: a forward pass may add some.
        (string Name, Module Module)[] modules = [.. model.NamedModules()];
        using var suspension = Tape.Suspend();
        using var scope = Tape.NoRecord();
        try
        {
            foreach (var (_, module) in modules)
            {
                var run = runs[module] = new Run();
                var hooks = module.OwnHooks();
                handles.Add(hooks.Begin.Add(run.Begin));
                handles.Add(hooks.End.Add(run.End));
                handles.Add(hooks.Output.Add((_, _, output) => run.Outputs.Add(output.Shape)));
                handles.Add(hooks.OutputIndices.Add((_, _, output) => run.Outputs.Add(output.Shape)));
            }

            using var mode = new EvaluationMode(model);
            model.Forward(input);
        }
        finally
        {
            handles.ForEach(handle => handle.Dispose());
        }

        return new ModuleSummary([.. modules.Select(named =>
            new ModuleSummaryRow(
                named.Name,
                named.Module.Describe(),
                runs[named.Module].Outputs,
                named.Module.ParameterCount,
                runs[named.Module].MultiplyAdds)
            {
                TrainableParameters = named.Module.TrainableParameterCount,
                Runs = runs[named.Module].Count,
                Unseen = named.Module.OutputType is { } type && TensorTypes.In(type).Hidden is { } hidden
                    ? TensorTypes.NameOf(hidden)
                    : null,
            })]);
    }

    private static string OutputsOf(ModuleSummaryRow row)
    {
        string shapes = string.Join(" ", row.Outputs);
        return row.Runs == 0 ? "did not run"
            : row.Unseen is { } type ? $"{shapes} unseen: {type}".TrimStart()
            : shapes.Length == 0 ? "no tensor"
            : shapes;
    }

    // Containers list what they hold; the rows below do that here.
    private static string Shorten(string name)
    {
        const int longest = 60;
        return name.Length <= longest ? name : $"{name[..(longest - 1)]}…";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class Run
    {
        private long _start;

        public List<Shape> Outputs { get; } = [];

        public long MultiplyAdds { get; private set; }

        public int Count { get; private set; }

        public void Begin() => _start = Operation.MultiplyAdds;

        public void End()
        {
            Count++;
            MultiplyAdds += Operation.MultiplyAdds - _start;
        }
    }
}
