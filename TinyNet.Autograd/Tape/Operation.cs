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
            throw new TensorException(operation, $"operands on {a.Device} ({Describe(a)}) and {b.Device} ({Describe(b)})",
                a is Parameter || b is Parameter
                    ? "bring both to one device; To() and the gradient check bring what a module has registered (AddParameter, Child)"
                    : "bring both to one device");
        }
    }

    private static string Describe(Tensor operand) =>
        operand is Parameter parameter ? $"parameter '{parameter.Name}' of shape {operand.Shape}" : $"shape {operand.Shape}";

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
}
