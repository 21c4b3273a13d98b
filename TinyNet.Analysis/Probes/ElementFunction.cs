using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>A function that maps each number to a number, and what automatic differentiation says of it.</summary>
internal static class ElementFunction
{
    private const double Tolerance = 1e-6;

    /// <summary>The device that a module computes on.</summary>
    public static Device DeviceOf(Module module) => module.Parameters() is [var first, ..] ? first.Device : Device.Default;

    /// <summary>f(x), and f'(x) by one backward pass.</summary>
    /// <exception cref="ShapeException">The function gives another shape.</exception>
    /// <exception cref="TensorException">An element of the result depends on others, or the result has lost its history.</exception>
    public static (float[] Values, float[] Slopes) Differentiate(string name, Func<Tensor, Tensor> function, float[] x, Device device)
    {
        Check(name, function, x, device);
        using var suspension = Tape.Suspend();
        // What is asked for is a derivative by the input, which a stand-in gets as a parameter does.
        var input = StandIn(Tensor.From(x, device));
        using var tape = Tape.Record();
        var y = Evaluate(name, function, input);
        if (y.TapeSlot is not null)
        {
            tape.Backward(y, Tensor.Ones(y.Shape, device));
        }

        float[] values = y.ToArray(), slopes = input.Gradient?.ToArray() ?? new float[x.Length];
        return input.Gradient is null && values.Any(value => !value.Equals(values[0]))
            ? throw new TensorException("ActivationCurve", $"'{name}' gives values that differ, and has no history",
                "compute it by operations on its input, without Detach or NoGrad in between")
            : (values, slopes);
    }

    /// <summary>Whether each number of a result follows from one of the input, wherever that stands.</summary>
    public static bool IsElementwise(Func<Tensor, Tensor> function, float[] x, in Shape shape, Device device)
    {
        using var suspension = Tape.Suspend();
        using var scope = Tape.NoRecord();
        var y = function(Tensor.From(x, shape, device));
        if (y.Shape != shape)
        {
            return false;
        }

        // Others in the first rows and the first column must not change the rest.
        int columns = shape.Rank > 1 ? shape[^1] : 1, half = x.Length / columns / 2 * columns;
        bool IsOther(int i) => i < half || (columns > 1 && i % columns == 0);
        float[] values = y.ToArray(), changed = [.. x.Select((value, i) => IsOther(i) ? 0 : value)];
        float[] beside = function(Tensor.From(changed, shape, device)).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            if (!IsOther(i) && !values[i].Equals(beside[i])
                && !(Math.Abs(values[i] - (double)beside[i]) <= Tolerance * Math.Max(1, Math.Abs(values[i]))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A tensor whose gradient is wanted, and which no model has to list.</summary>
    public static Parameter StandIn(Tensor value) => new(value, "input") { IsStandIn = true };

    /// <summary>Refuses a function that does not map each number to a number.</summary>
    public static void Check(string name, Func<Tensor, Tensor> function, float[] x, Device device)
    {
        using var suspension = Tape.Suspend();
        using (Tape.NoRecord())
        {
            Evaluate(name, function, Tensor.From(x, device));
        }

        if (!IsElementwise(function, x, [x.Length], device))
        {
            throw new TensorException("ActivationCurve",
                $"the elements of what '{name}' gives depend on other elements, or on random numbers, so it is no curve",
                "give a function that maps each number to a number; ActivationLandscape has statistics of others");
        }
    }

    private static Tensor Evaluate(string name, Func<Tensor, Tensor> function, Tensor input)
    {
        var y = function(input) ?? throw new TensorException("ActivationCurve", $"'{name}' gave null", "return a tensor");
        return y.Shape == input.Shape
            ? y
            : throw new ShapeException("ActivationCurve", $"'{name}' makes shape {y.Shape} of {input.Shape}",
                "give a function that maps each number to a number");
    }
}
