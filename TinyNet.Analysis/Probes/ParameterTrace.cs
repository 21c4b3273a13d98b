using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>
/// Remembers the loss and the values of small parameters while a model is trained, as those of activations that are learned: after each
/// epoch, or every so many steps.
/// </summary>
/// <example><code>trainer.Callbacks.Add(new ParameterTrace(ParameterTrace.Small(model)));</code></example>
public sealed class ParameterTrace : Callback
{
    private readonly (string Name, Parameter Parameter)[] _parameters;
    private readonly int? _steps;
    private readonly List<double> _at = [], _losses = [];
    private readonly List<double>[] _values;

    /// <summary>Remembers parameters.</summary>
    /// <param name="parameters">The parameters with their names; every number of them becomes a curve.</param>
    /// <param name="everySteps">After how many steps; null for after each epoch.</param>
    /// <exception cref="ArgumentException">There are no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not positive.</exception>
    public ParameterTrace(IEnumerable<(string Name, Parameter Parameter)> parameters, int? everySteps = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        _steps = everySteps is { } steps ? Require.Positive(steps, nameof(everySteps)) : null;
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("there are no parameters to remember: give at least one", nameof(parameters));
        }

        Names = [.. _parameters.SelectMany(one => one.Parameter.Length == 1
            ? [one.Name]
            : Enumerable.Range(0, one.Parameter.Length).Select(i => $"{one.Name}[{i}]"))];
        _values = [.. Names.Select(_ => new List<double>())];
    }

    /// <summary>The names of the values: a parameter's, with the place where it has several.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The epochs, or steps, after which something was remembered.</summary>
    public IReadOnlyList<double> At => _at;

    /// <summary>The mean loss of each epoch, or the loss of each step's last batch.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>The course of a value.</summary>
    /// <exception cref="ArgumentException">There is no value of this name; the message lists those that there are.</exception>
    public IReadOnlyList<double> this[string name] => Names.ToList().IndexOf(name) is var index and >= 0
        ? _values[index]
        : throw new ArgumentException(
            $"no value '{name}'{Suggestion.For(name, Names)}; there are {string.Join(", ", Names)}", nameof(name));

    /// <summary>The parameters of a model that have few values, apart from those of layers with weights of two or more axes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="most">How many values a parameter has at most.</param>
    public static IEnumerable<(string Name, Parameter Parameter)> Small(Module model, int most = 8)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.NamedModules()
            .Select(named => named.Module.NamedParameters().Where(own => !own.Name.Contains('.', StringComparison.Ordinal))
                .Select(own => (Name: named.Name.Length == 0 ? own.Name : $"{named.Name}.{own.Name}", own.Parameter)).ToArray())
            .Where(own => own.All(one => one.Parameter.Rank < 2))
            .SelectMany(own => own.Where(one => one.Parameter.Length <= most))
            .DistinctBy(one => one.Parameter);
    }

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (_steps is { } steps && run.HasStepped && run.Step % steps == 0)
        {
            Remember(run.Step, run.BatchLoss);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (_steps is null)
        {
            Remember(row.Epoch, row["train_loss"]);
        }
    }

    /// <summary>A row for each epoch or step.</summary>
    public Table ToTable() => new(
        "parameters while training", [Unit, "loss", .. Names],
        [.. Enumerable.Range(0, _at.Count).Select(i => (object?[])
            [(long)_at[i], _losses[i], .. _values.Select(course => (object?)course[i])])]);

    /// <summary>The loss in a panel, and the values in another.</summary>
    public Figure ToFigure()
    {
        var x = new Axis(Unit) { IsWhole = true };
        double[] at = [.. _at];
        return new Figure(
            "Parameters while training",
            new Panel("loss", x, new Axis("loss"), new Line("loss", at, [.. _losses])),
            new Panel("parameters", x, new Axis("value"), [.. Names.Select((name, i) => new Line(name, at, [.. _values[i]]))]))
        { Columns = 2 };
    }

    private string Unit => _steps is null ? "epoch" : "step";

    private void Remember(long at, double loss)
    {
        _at.Add(at);
        _losses.Add(loss);
        int next = 0;
        foreach (var (_, parameter) in _parameters)
        {
            foreach (float value in parameter.ToArray())
            {
                _values[next++].Add(value);
            }
        }
    }
}
