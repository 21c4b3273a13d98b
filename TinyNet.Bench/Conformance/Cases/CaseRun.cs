using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using Results = System.Collections.Generic.IReadOnlyDictionary<string, (TinyNet.Core.Shape Shape, double[] Values)>;

namespace TinyNet.Bench;

/// <summary>What the replay of a case reads its operands from and hands its results to.</summary>
internal sealed class CaseRun
{
    private readonly ConformanceCase _case;
    private readonly Device _device;
    private readonly Dictionary<string, Parameter> _parameters = [];
    private readonly Dictionary<string, (Shape Shape, double[] Values)> _results = [];
    private readonly Dictionary<string, StatePart> _adopted = [];
    private readonly List<(Tensor Output, Tensor Gradient)> _cotangents = [];

    private CaseRun(ConformanceCase conformanceCase, Device device)
    {
        _case = conformanceCase;
        _device = device;
        foreach (string name in conformanceCase.Gradients.Keys)
        {
            _parameters[name] = new Parameter(Data(name).ToTensor(device), name);
        }
    }

    /// <summary>Replays a case: its results, as they were when they were computed, and the gradients of what it names.</summary>
    public static (Results Outputs, Results Gradients) Compute(Replay replay, ConformanceCase conformanceCase, Device device)
    {
        var run = new CaseRun(conformanceCase, device);
        using var tape = Tape.Record();
        replay(run);
        return (run._results, run.Backward(tape));
    }

    public CaseAttributes Attributes => _case.Attributes;

    public IReadOnlyList<IReadOnlyDictionary<string, CaseTensor>> Steps => _case.Steps;

    public Device Device => _device;

    /// <summary>The inputs and parameters that were given.</summary>
    public IEnumerable<string> InputNames => _case.Inputs.Keys;

    public bool Has(string input) => _case.Inputs.ContainsKey(input);

    public bool IsIndices(string input) => Data(input).Type == ElementType.Int64;

    public bool IsMask(string input) => Data(input).Type == ElementType.Bool;

    /// <summary>
    /// Gives the parameters and buffers of a module the case's values, by the names of PyTorch's state_dict; the gradients of the
    /// parameters are then the case's.
    /// </summary>
    public void Adopt(Module module)
    {
        module.To(_device);
        foreach (var part in module.State())
        {
            string name = part.Names[0];
            if (part.Tensor is Parameter)
            {
                _adopted[name] = part;
            }
            else if (!Has(name))
            {
                continue;
            }

            var value = Data(name).ToTensor(_device);
            if (value.Shape != part.FileShape)
            {
                throw new FormatException($"\"{name}\" has shape {value.Shape}, not {part.FileShape}");
            }

            part.Assign(value);
        }
    }

    /// <summary>A floating-point input or parameter, or a mask of 0 and 1.</summary>
    public Tensor Input(string name) => _parameters.TryGetValue(name, out var parameter) ? parameter : Data(name).ToTensor(_device);

    public Tensor? OptionalInput(string name) => Has(name) ? Input(name) : null;

    /// <summary>The numbers of an input.</summary>
    public IReadOnlyList<double> Numbers(string name) => Data(name).Values;

    public IndexTensor Indices(string name) => Data(name).ToIndices();

    /// <summary>The inputs x0, x1, ….</summary>
    public Tensor[] InputSeries(string prefix)
    {
        var series = new List<Tensor>();
        while (Has($"{prefix}{series.Count}"))
        {
            series.Add(Input($"{prefix}{series.Count}"));
        }

        return [.. series];
    }

    public void Output(string name, Tensor value)
    {
        _results[name] = (value.Shape, Array.ConvertAll(value.ToArray(), element => (double)element));
        if (_case.OutputGradients.TryGetValue(name, out var gradient) && value.TapeSlot is not null)
        {
            _cotangents.Add((value, gradient.ToTensor(_device)));
        }
    }

    /// <summary>A result that was computed in double precision.</summary>
    public void Output(string name, params double[] values) => Output(name, [values.Length], values);

    /// <summary>A scalar result that was computed in double precision.</summary>
    public void OutputScalar(string name, double value) => Output(name, [], [value]);

    public void Output(string name, IndexTensor value) =>
        _results[name] = (value.Shape, Array.ConvertAll(value.ToArray(), element => (double)element));

    /// <summary>The results y0, y1, ….</summary>
    public void OutputSeries(string prefix, ReadOnlySpan<Tensor> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Output($"{prefix}{i}", values[i]);
        }
    }

    /// <summary>Walks the tape back from Σ cotangent · output, and returns the gradients of what the case names.</summary>
    private Dictionary<string, (Shape Shape, double[] Values)> Backward(Tape tape)
    {
        Tensor? loss = null;
        foreach (var (output, gradient) in _cotangents)
        {
            var term = (output * gradient).Sum();
            loss = loss is null ? term : loss + term;
        }

        if (loss is not null)
        {
            tape.Backward(loss);
        }

        // A gradient that the operation does not produce counts as zeros.
        return _parameters.ToDictionary(parameter => parameter.Key, parameter => (
            parameter.Value.Shape,
            Gradient(parameter.Key, parameter.Value) is { } gradient
                ? Array.ConvertAll(gradient.ToArray(), element => (double)element)
                : new double[parameter.Value.Length]));
    }

    private Tensor? Gradient(string name, Parameter parameter) => !_adopted.TryGetValue(name, out var adopted)
        ? parameter.Gradient
        : ((Parameter)adopted.Tensor).Gradient is { } gradient
        ? adopted.InFile(gradient)
        : null;

    private void Output(string name, Shape shape, double[] values) => _results[name] = (shape, values);

    private CaseTensor Data(string name) =>
        _case.Inputs.TryGetValue(name, out var tensor) ? tensor : throw new FormatException($"input \"{name}\" is missing");
}
