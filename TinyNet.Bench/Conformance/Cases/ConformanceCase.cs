using System.Text.Json;

namespace TinyNet.Bench;

/// <summary>One case of the format <c>tinynet-conformance/1</c>.</summary>
internal sealed class ConformanceCase
{
    private const string Format = "tinynet-conformance/1";

    private ConformanceCase(JsonElement json)
    {
        Family = json.GetProperty("family").GetString()!;
        Operation = json.GetProperty("op").GetString()!;
        Name = json.GetProperty("name").GetString()!;
        Attributes = new CaseAttributes(json.GetProperty("attrs"));
        Inputs = new(Tensors(json, "inputs").Concat(Tensors(json, "params")));
        Outputs = new(Tensors(json, "outputs"));
        OutputGradients = new(Tensors(json, "grad_outputs"));
        Gradients = new(Tensors(json, "grads"));
        RelativeTolerance = json.GetProperty("rtol").GetDouble();
        AbsoluteTolerance = json.GetProperty("atol").GetDouble();
        if (json.TryGetProperty("steps", out var steps))
        {
            Steps = [.. steps.EnumerateArray().Select(step => new Dictionary<string, CaseTensor>(Tensors(step)))];
        }

        if (json.TryGetProperty("step_outputs", out var stepOutputs))
        {
            int index = 0;
            foreach (var step in stepOutputs.EnumerateArray())
            {
                foreach (var (name, tensor) in Tensors(step))
                {
                    Outputs.Add(AfterStep(name, index), tensor);
                }

                index++;
            }
        }
    }

    public string Family { get; }

    public string Operation { get; }

    public string Name { get; }

    public CaseAttributes Attributes { get; }

    /// <summary>Inputs and parameters; their names differ.</summary>
    public Dictionary<string, CaseTensor> Inputs { get; }

    /// <summary>The expected results; of an optimizer those of every step, see <see cref="AfterStep"/>.</summary>
    public Dictionary<string, CaseTensor> Outputs { get; }

    /// <summary>The cotangents.</summary>
    public Dictionary<string, CaseTensor> OutputGradients { get; }

    /// <summary>The expected gradients of inputs and parameters.</summary>
    public Dictionary<string, CaseTensor> Gradients { get; }

    /// <summary>The gradients that an optimizer is given, step by step.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, CaseTensor>> Steps { get; } = [];

    public double RelativeTolerance { get; }

    public double AbsoluteTolerance { get; }

    /// <summary>Reads a case.</summary>
    /// <exception cref="FormatException">The text is no case of this format.</exception>
    public static ConformanceCase Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var json = document.RootElement.Clone();
            string? format = json.GetProperty("format").GetString();
            return format == Format
                ? new ConformanceCase(json)
                : throw new FormatException($"the format is \"{format}\", not \"{Format}\"");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"not a case of format \"{Format}\": {e.Message}", e);
        }
    }

    /// <summary>The name of an output that a parameter's value after a step is compared with.</summary>
    public static string AfterStep(string parameter, int step) => $"{parameter} after step {step}";

    private static IEnumerable<KeyValuePair<string, CaseTensor>> Tensors(JsonElement json, string section) =>
        json.TryGetProperty(section, out var tensors) ? Tensors(tensors) : [];

    private static IEnumerable<KeyValuePair<string, CaseTensor>> Tensors(JsonElement json) =>
        json.EnumerateObject().Select(tensor => KeyValuePair.Create(tensor.Name, CaseTensor.Parse(tensor.Value)));
}
