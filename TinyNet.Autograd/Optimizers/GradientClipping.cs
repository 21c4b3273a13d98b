using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Bounds gradients between the backward pass and the step. What the next step would not use, is neither measured nor changed.
/// </summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients by min(1, maxNorm / (total + 1e-6)), where total is the p-norm of all their elements (R. Pascanu,
    /// T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013). The total and the factor are computed
    /// in double precision, so that finite gradients of any size are clipped. A total of nan makes all gradients nan, an infinite one
    /// (of an infinite gradient) zeros, and nan of infinities, as in PyTorch.
    /// </summary>
    /// <remarks>
    /// All of it is computed where the gradients are: a GPU is waited for only where the norm is read, or is to be finite.
    /// </remarks>
    /// <param name="parameters">The parameters.</param>
    /// <param name="maxNorm">What the norm is bounded by, 0 or more.</param>
    /// <param name="p">The kind of norm: a number above 0; infinity for the largest magnitude.</param>
    /// <param name="throwIfNotFinite">Whether a total of nan or infinity is an error, thrown before anything is changed.</param>
    /// <returns>
    /// The norm before clipping, a scalar: 0 if there are no gradients, ∞ if it is larger than the largest float. It belongs to the open
    /// scope, as the result of any operation.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">maxNorm is negative or nan, or p not above 0.</exception>
    /// <exception cref="TensorException">The total is not finite, and that was asked to be an error.</exception>
    public static Tensor ByNorm(IEnumerable<Parameter> parameters, float maxNorm, double p = 2, bool throwIfNotFinite = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require.AtLeast(0, maxNorm);
        Require.Above(0, p);

        Tensor[] gradients = Gradients(parameters);
        if (gradients.Length == 0)
        {
            return Tensor.FromScalar(0);
        }

        var norms = Norms(gradients, p);
        var total = Reduce(new TotalNormReduction(PowerOfNorms(p)), norms);
        if (throwIfNotFinite && total.Item() is var read && !float.IsFinite(read))
        {
            throw new TensorException("ByNorm", $"the norm of the gradients is {Math.Abs(read)}",
                "look for the operation that made the first such gradient, or leave the step out");
        }

        var factor = Reduce(new ClipFactorReduction(PowerOfNorms(p), maxNorm), norms);
        foreach (var gradient in gradients)
        {
            factor = On(gradient.Device, factor);
            if (gradient.Device.IsAsynchronous)
            {
                gradient.Device.Map(new ClipMap(), gradient, factor, gradient);
                gradient.Storage.MarkWritten();
            }
            else if (factor.Item() is var seen && seen != 1)
            {
                // A number is faster to multiply by than a tensor, and by 1 nothing has to be.
                Change(gradient, new ClipByMap(seen));
            }
        }

        return Mapped(new NormMap(), total);
    }

    /// <summary>Clamps every element of all gradients to [−maxValue, maxValue]; nan stays nan.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="maxValue">The bound, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative or nan.</exception>
    public static void ByValue(IEnumerable<Parameter> parameters, float maxValue)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require.AtLeast(0, maxValue);
        foreach (var parameter in parameters.Where(HasGradient))
        {
            Change(parameter.Gradient!, new ClampOp(-maxValue, maxValue));
        }
    }

    /// <summary>The 2-norm of all elements of the gradients, which are not changed.</summary>
    internal static double TotalNorm(IEnumerable<Parameter> parameters)
    {
        Tensor[] gradients = Gradients(parameters);
        return gradients.Length == 0 ? 0
            : NormCode.Norm(new DoubleLane(Reduce(new TotalNormReduction(p: 2), Norms(gradients, p: 2)).Item())).Value;
    }

    /// <summary>Multiplies all gradients by a number.</summary>
    internal static void Scale(IEnumerable<Parameter> parameters, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        // A float has few digits left for a factor below 2⁻¹²⁶, or none: such a one is multiplied in two parts.
        bool isTiny = factor is > 0 and < 1e-30;
        foreach (var parameter in parameters.Where(HasGradient))
        {
            Change(parameter.Gradient!, new ScaleMap(isTiny ? factor / ClipMap.Tiny : factor));
            if (isTiny)
            {
                Change(parameter.Gradient!, new ScaleMap(ClipMap.Tiny));
            }
        }
    }

    private static bool HasGradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return !parameter.IsFrozen && !parameter.IsGradientSpent && parameter.Gradient is not null;
    }

    private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
        [.. parameters.Where(HasGradient).Select(static it => it.Gradient!).Where(static gradient => gradient.Length > 0)];

    /// <summary>The power that <see cref="Norms"/> are added up with: those that no double holds are taken there.</summary>
    private static double PowerOfNorms(double p) => p <= PowerNormReduction.LargestPower ? p : 1;

    /// <summary>The codes of norms of gradients, or of that of all of them, where the first gradient is.</summary>
    private static Tensor Norms(Tensor[] gradients, double p)
    {
        var device = gradients[0].Device;
        if (p <= PowerNormReduction.LargestPower)
        {
            var groups = gradients.GroupBy(static gradient => gradient.Device);
            return Tensor.Concat(0, [.. groups.Select(group => On(device, CodedNorms(group.Key, [.. group], p)))]);
        }

        Tensor norm = Norm(gradients), result = Tensor.Result("ByNorm", norm.Shape, device);
        var part = double.IsPositiveInfinity(p)
            ? norm * NormCodeMap.Part
            : Norm(gradients.Select(static gradient => gradient * NormCodeMap.Part));
        device.Map(new NormCodeMap(), norm, part, result);
        return result;

        Tensor Norm(IEnumerable<Tensor> of) =>
            Tensor.Concat(0, [.. of.Select(gradient => On(device, gradient.Norm(p).Unsqueeze(0)))]).Norm(p, 0, keepDims: true);
    }

    /// <summary>The codes of the norms of gradients on one device.</summary>
    private static Tensor CodedNorms(Device device, Tensor[] gradients, double p)
    {
        var norms = Tensor.Result("ByNorm", [gradients.Length], device);
        for (int i = 0; i < gradients.Length; i++)
        {
            norms.Layout.Slice(0, i, 1, 1).TryReshape(default(Axes).Reduce(gradients[i].Shape, "ByNorm"), out var place);
            device.Reduce(new CodedNormReduction(p), gradients[i], norms.View(place, "ByNorm"));
        }

        return norms;
    }

    private static Tensor On(Device device, Tensor tensor) => tensor.Device == device ? tensor : tensor.Keep(device);

    private static Tensor Reduce<TReduction>(TReduction reduction, Tensor norms) where TReduction : struct, IReduction
    {
        var result = Tensor.Result("ByNorm", [1], norms.Device);
        norms.Device.Reduce(reduction, norms, result);
        return result.Squeeze(0);
    }

    private static Tensor Mapped<TMap>(TMap map, Tensor x) where TMap : struct, IUnaryMap
    {
        var result = Tensor.ResultLike("ByNorm", x);
        x.Device.Map(map, x, result);
        return result;
    }

    private static void Change<TMap>(Tensor gradient, TMap map) where TMap : struct, IUnaryMap
    {
        gradient.Device.Map(map, gradient, gradient);
        gradient.Storage.MarkWritten();
    }
}
