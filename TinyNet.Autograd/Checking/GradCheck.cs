using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Compares gradients with central differences, in double precision on the reference device. For a random direction d of
/// every operand and a random cotangent c of the result, (⟨c, f(x + εd)⟩ − ⟨c, f(x − εd)⟩) / 2ε must equal ⟨∂⟨c, f⟩/∂x, d⟩.
/// </summary>
/// <remarks>
/// The function is asked on both sides of the operands, ε = 1e-5 times normal numbers away: it must be there, too. A loss of
/// probabilities, which refuses what is not in [0, 1], is checked at probabilities that are neither 0 nor 1.
/// </remarks>
public static class GradCheck
{
    /// <summary>ε: differences are of order ε² ≈ 1e-10 beside the derivative, rounding 1e-16 / ε.</summary>
    private const double Step = 1e-5;

    private const int Directions = 3;

    private const string Name = "GradCheck";

    /// <summary>The spacing of doubles at 1, and how many such errors the values of a function may have collected.</summary>
    private const double MachineEpsilon = 2.220446049250313e-16, RoundingErrors = 100;

    /// <summary>Throws where the gradients of a function differ from central differences.</summary>
    /// <param name="function">Computes a tensor of any shape from the operands; deterministic, smooth at the operands.</param>
    /// <param name="operands">The operands, on any device; they are copied.</param>
    /// <exception cref="GradientCheckException">A gradient is wrong.</exception>
    public static void Verify(Func<Tensor[], Tensor> function, params Tensor[] operands) => Verify(function, operands, []);

    /// <summary>Throws where the gradient of a function of one operand differs from central differences.</summary>
    /// <exception cref="GradientCheckException">The gradient is wrong.</exception>
    [OverloadResolutionPriority(1)]
    public static void Verify(Func<Tensor, Tensor> function, Tensor operand)
    {
        ArgumentNullException.ThrowIfNull(function);
        Verify(x => function(x[0]), [operand], []);
    }

    /// <summary>The same, also for parameters that the function reads without being given them, in a closure say.</summary>
    /// <param name="function">Computes a tensor of any shape from the operands and the parameters; deterministic, smooth at both.</param>
    /// <param name="operands">The operands, on any device; they are copied.</param>
    /// <param name="parameters">
    /// All parameters that the function reads. For the check they are moved to the reference device; afterwards they are where they
    /// were, with the values and gradients that they had. Frozen ones are moved too, and not checked.
    /// </param>
    /// <param name="tolerance">How far apart the two may be, as a part of the larger one.</param>
    /// <exception cref="GradientCheckException">A gradient is wrong.</exception>
    /// <exception cref="ArgumentException">There is nothing to check: no operand, and no parameter that is not frozen.</exception>
    /// <exception cref="TensorException">
    /// The function gives null, a tensor of another device, or one of another shape from time to time, or refuses what lies beside the
    /// operands although it takes these.
    /// </exception>
    public static void Verify(
        Func<Tensor[], Tensor> function, Tensor[] operands, IEnumerable<Parameter> parameters, double tolerance = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(operands);
        ArgumentNullException.ThrowIfNull(parameters);
        Require.NotNegative(tolerance);
        foreach (var operand in operands)
        {
            Operation.Check(Name, operand);
        }

        Parameter[] moved = [.. parameters.Distinct()];
        foreach (var parameter in moved)
        {
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        }

        if (operands.Length == 0 && moved.All(parameter => parameter.IsFrozen))
        {
            throw new ArgumentException(
                "there is nothing to check: no operands, and no parameters that are not frozen", nameof(parameters));
        }

        // What is checked is copied out of an open scope first; the check is not part of the step.
        Parameter[] copies =
            [.. operands.Select((operand, i) => new Parameter(operand.Keep(Device.Reference), $"operand {i}") { IsStandIn = true })];
        using var suspension = Tape.Suspend();
        var contents = new List<Parameter.Contents>(moved.Length);
        var defaultDevice = Device.DefaultOfThread;
        // Tensors that the function makes are to be on the reference device too.
        Device.DefaultOfThread = Device.Reference;
        try
        {
            foreach (var parameter in moved)
            {
                contents.Add(parameter.Exchange(Device.Reference));
            }

            CompareAll(function, copies, [.. copies, .. moved.Where(parameter => !parameter.IsFrozen)], tolerance);
        }
        finally
        {
            Device.DefaultOfThread = defaultDevice;
            for (int i = 0; i < contents.Count; i++)
            {
                moved[i].Restore(contents[i]);
            }
        }
    }

    private static void CompareAll(Func<Tensor[], Tensor> function, Parameter[] operands, Parameter[] all, double tolerance)
    {
        var random = new RandomStream(0x5EED);
        var cotangent = Analytic(function, operands, all, random);
        for (int i = 0; i < all.Length; i++)
        {
            string name = all[i].IsStandIn ? all[i].Name : $"parameter '{all[i].Name}'";
            for (int k = 0; k < Directions && all[i].Length > 0; k++)
            {
                Compare(function, operands, all[i], name, cotangent, random, tolerance);
            }
        }
    }

    /// <summary>Leaves the gradients of ⟨c, f⟩ in the parameters, and returns c.</summary>
    private static Tensor Analytic(Func<Tensor[], Tensor> function, Tensor[] operands, Parameter[] all, RandomStream random)
    {
        foreach (var parameter in all)
        {
            parameter.ClearGradient();
        }

        using var tape = Tape.Record();
        var y = Evaluate(function, operands);
        var cotangent = Tensor.Normal(y.Shape, random, device: Device.Reference);
        if (y.TapeSlot is not null)
        {
            tape.Backward(y, cotangent);
        }

        return cotangent;
    }

    private static void Compare(
        Func<Tensor[], Tensor> function, Tensor[] operands, Parameter parameter, string name, Tensor cotangent, RandomStream random,
        double tolerance)
    {
        var direction = Tensor.Normal(parameter.Shape, random, device: Device.Reference);
        double[] value = ReferenceDevice.ReadDoubles(parameter), d = ReferenceDevice.ReadDoubles(direction);
        double[] moved = new double[value.Length];
        double analytic = parameter.Gradient is { } gradient ? Dot(ReferenceDevice.ReadDoubles(gradient), d) : 0;
        double magnitude = 0;
        double plus = At(+Step), minus = At(-Step);
        ReferenceDevice.WriteDoubles(value, parameter);
        double numeric = (plus - minus) / (2 * Step), scale = Math.Max(Math.Abs(analytic), Math.Abs(numeric));
        // Below this, the difference of the two values is rounding.
        double noise = RoundingErrors * MachineEpsilon * magnitude / Step;
        // Written so that nan fails.
        if (!(Math.Abs(analytic - numeric) <= tolerance * scale + noise))
        {
            throw new GradientCheckException(name, parameter.Shape, analytic, numeric);
        }

        double At(double step)
        {
            for (int i = 0; i < moved.Length; i++)
            {
                moved[i] = value[i] + step * d[i];
            }

            ReferenceDevice.WriteDoubles(moved, parameter);
            using (Tape.NoRecord())
            {
                var result = EvaluateBeside(function, operands, name);
                if (result.Shape != cotangent.Shape)
                {
                    throw new ShapeException(Name, $"a function that gave shape {cotangent.Shape} first and now {result.Shape}",
                        "check functions that give one shape");
                }

                double[] y = ReferenceDevice.ReadDoubles(result), c = ReferenceDevice.ReadDoubles(cotangent);
                for (int i = 0; i < y.Length; i++)
                {
                    magnitude += Math.Abs(y[i] * c[i]);
                }

                return Dot(y, c);
            }
        }
    }

    /// <summary>The result for operands one of which was moved.</summary>
    private static Tensor EvaluateBeside(Func<Tensor[], Tensor> function, Tensor[] operands, string moved)
    {
        try
        {
            return Evaluate(function, operands);
        }
        catch (Exception refusal) when (refusal is ArgumentException or TensorException and not LifetimeException)
        {
            throw new TensorException(Name,
                FormattableString.Invariant($"the function takes its operands, and refuses them with {moved} moved by ")
                    + FormattableString.Invariant($"{Step} times normal numbers: {refusal.Message}"),
                "check it where it is defined on both sides, inside of a range and not on its bounds");
        }
    }

    /// <summary>The function's result, which must be there, on the reference device.</summary>
    private static Tensor Evaluate(Func<Tensor[], Tensor> function, Tensor[] operands)
    {
        var y = function(operands) ?? throw new TensorException(Name, "the function gave null", "return a tensor");
        Operation.Check(Name, y);
        return y.Device == Device.Reference
            ? y
            : throw new TensorException(Name, $"the function gave a tensor of shape {y.Shape} on {y.Device}",
                "the check runs on the reference device: compute with the operands and parameters, and make tensors on Device.Default");
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}

/// <summary>A gradient that differs from central differences.</summary>
public sealed class GradientCheckException(string name, Shape shape, double analytic, double numeric)
    : TensorException("GradCheck",
        $"along a random direction the gradient of {name} of shape {shape} is {analytic:G9}, central differences give {numeric:G9}",
        "look at the backward rule, and whether the function is smooth and deterministic here");
