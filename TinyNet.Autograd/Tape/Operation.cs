using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>What every operation asks of its operands before it runs.</summary>
internal static class Operation
{
    [ThreadStatic]
    private static IParameterWatch? _watch;

    [ThreadStatic]
    private static long _multiplyAdds;

    /// <summary>Multiply-adds that matrix products and convolutions of this thread have made so far, forward passes only.</summary>
    public static long MultiplyAdds => _multiplyAdds;

    /// <summary>Counts the work of a forward pass.</summary>
    public static void CountMultiplyAdds(long count) => _multiplyAdds += count;

    /// <summary>Watches which parameters operations of this thread read, for modules that check their registration.</summary>
    public static IParameterWatch? Watch
    {
        get => _watch;
        set => _watch = value;
    }

    /// <summary>Refuses an operand that is not alive on this thread, and tells the watch of a parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(string operation, Tensor operand)
    {
        if (operand is null)
        {
            throw Missing(operation, operand);
        }

        operand.EnsureAlive(operation);
        if (operand is Parameter parameter)
        {
            Watch?.Used(parameter, operation);
        }
    }

    private static ArgumentNullException Missing(string operation, Tensor? operand) =>
        new(nameof(operand), $"{operation} was given null instead of a tensor");

    /// <summary>The same for two operands, which must be on one device.</summary>
    public static void Check(string operation, Tensor a, Tensor b)
    {
        Check(operation, a);
        Check(operation, b);
        if (a.Device != b.Device)
        {
            throw OnTwoDevices(operation, a, b);
        }
    }

    private static TensorException OnTwoDevices(string operation, Tensor a, Tensor b)
    {
        string? withoutA = ModelWithout(a), withoutB = ModelWithout(b);
        if ((withoutA ?? withoutB) is not { } model)
        {
            return new TensorException(operation, $"operands on {a.Device} ({Describe(a)}) and {b.Device} ({Describe(b)})",
                "bring both to one device");
        }

        var (hidden, other) = withoutA is null ? (b, a) : (a, b);
        return new TensorException(operation,
            $"{Describe(hidden)}, which {model} does not list among its Parameters(), is on {hidden.Device}, the other operand "
            + $"({Describe(other)}) on {other.Device}",
            "register it with AddParameter, or the module that owns it with Child: To() and the gradient check bring what is registered");
    }

    /// <summary>The model that runs, if an operand is a parameter that it does not list and cannot move with it; else null.</summary>
    private static string? ModelWithout(Tensor operand) =>
        operand is Parameter { IsStandIn: false } parameter ? Watch?.ModelWithout(parameter) : null;

    private static string Describe(Tensor operand) => operand is not Parameter parameter
        ? $"shape {operand.Shape}"
        : parameter.IsStandIn
            ? $"{parameter.Name} of shape {operand.Shape}"
            : $"parameter '{parameter.Name}' of shape {operand.Shape}";

    /// <summary>Refuses axes that a scalar does not have.</summary>
    public static void CheckScalarAxis(string operation, int axis) => default(Shape).AxisOrScalar(axis, operation);

    /// <summary>Whether no element is a nan or infinity.</summary>
    public static bool IsFinite(Tensor tensor)
    {
        Shape shape = default(Axes).Reduce(tensor.Shape, "IsFinite");
        var check = Tensor.Result("IsFinite", shape, tensor.Device);
        tensor.Device.Reduce(new FiniteCheckReduction(), tensor, check);
        bool isFinite = check.Item() == 0;
        check.Release();
        return isFinite;
    }
}

/// <summary>Is told of every parameter that an operation reads.</summary>
internal interface IParameterWatch
{
    void Used(Parameter parameter, string operation);

    /// <summary>The model that runs, if it does not list a parameter; else null.</summary>
    string? ModelWithout(Parameter parameter);
}
