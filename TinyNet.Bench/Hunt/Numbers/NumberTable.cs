using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using Module = TinyNet.Layers.Module;

namespace TinyNet.Bench;

/// <summary>What the campaign of numbers computes, a row for each operation, activation, loss, normalization and optimizer.</summary>
/// <param name="Subject">The operation, as <see cref="NumberTable.Subjects"/> names it.</param>
/// <param name="Make">Draws operands, and the settings.</param>
internal sealed record NumberRow(string Subject, Func<Draw, NumberCase> Make)
{
    /// <inheritdoc/>
    public override string ToString() => Subject;
}

/// <summary>All rows. <see cref="Subjects"/> is found by reflection, so that a test sees what has no row.</summary>
internal static partial class NumberTable
{
    /// <summary>What the names of operations begin with: there are layers of the same names.</summary>
    private const string OfTensors = "Tensor.";

    /// <summary>Operations whose results are views or copies of elements, indices and masks: there is nothing to compute.</summary>
    private static readonly string[] Views =
    [
        "Chunk", "Contiguous", "Copy", "Detach", "Expand", "Flatten", "Flip", "Permute", "Reshape", "Select", "Slice",
        "Split(Int32, Int32)", "Split(ReadOnlySpan`1, Int32)", "Squeeze", "Stack", "Concat", "Transpose", "Unsqueeze",
        "LowerTriangle", "UpperTriangle", "Roll",
    ];

    /// <summary>All rows.</summary>
    public static IReadOnlyList<NumberRow> Rows { get; } =
    [
        .. new[] { Elementwise(), Reductions(), Products(), Images(), NormFunctions() }
            .SelectMany(rows => rows)
            .Select(row => row with { Subject = OfTensors + row.Subject }),
        .. Activations(), .. NormLayers(), .. Losses(), .. Optimizers(),
    ];

    /// <summary>What must have a row: public operations on tensors, activations, losses, normalization layers, optimizers.</summary>
    public static IEnumerable<string> Subjects => Operations()
        .Except(Views)
        .Select(name => OfTensors + name)
        .Concat(Activation.Names)
        .Concat(Concrete(typeof(Loss)).Concat(Concrete(typeof(Optimizer))).Select(type => type.Name))
        .Concat(Concrete(typeof(Module<Tensor, Tensor>))
            .Where(type => type.Name.Contains("Norm", StringComparison.Ordinal) && type != typeof(BatchNormReLU))
            .Select(type => type.Name));

    /// <summary>The names of the public operations; of overloads with the types that follow the tensor.</summary>
    private static IEnumerable<string> Operations() => typeof(Tape).Assembly.GetExportedTypes()
        .Where(type => type is { IsAbstract: true, IsSealed: true })
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(IsOperation)
        .GroupBy(method => method.Name)
        .SelectMany(methods => methods.Count() == 1 ? [methods.Key] : methods.Select(Signature));

    private static bool IsOperation(MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        Type[] results = [typeof(Tensor), typeof(Tensor[]), typeof((Tensor, Tensor)), typeof((Tensor, IndexTensor))];
        Type[] operands = [typeof(Tensor), typeof(ReadOnlySpan<Tensor>)];
        return !method.IsGenericMethod
            && results.Contains(method.ReturnType)
            && parameters.Any(parameter => operands.Contains(parameter.ParameterType));
    }

    private static string Signature(MethodInfo method)
    {
        bool isOperator = method.Name.StartsWith("op_", StringComparison.Ordinal);
        Type[] types = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        var shown = types.Skip(isOperator || types[0] != typeof(Tensor) ? 0 : 1).Select(type => type.Name);
        return $"{method.Name}({string.Join(", ", shown)})";
    }

    /// <summary>The public types that derive from a type and can be made.</summary>
    private static IEnumerable<Type> Concrete(Type type) => typeof(Module).Assembly.GetExportedTypes()
        .Concat(typeof(Tape).Assembly.GetExportedTypes())
        .Where(other => other is { IsAbstract: false } && other.IsAssignableTo(type));

    private static NumberRow Row(string subject, Func<Draw, NumberOperand[]> operands, Func<Tensor[], Tensor> function) =>
        new(subject, draw => new FunctionCase(operands(draw), function));

    private static Tensor Forward(Module module, Tensor[] x) => ((Module<Tensor, Tensor>)module).Forward(x[0]);
}
