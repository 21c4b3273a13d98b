using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Bounds gradients between the backward pass and the step. What the next step would not use, is neither measured nor changed.
/// </summary>
public static class GradientClipping
{
    // 2⁻⁶⁴, by which floats are multiplied without rounding.
    private const double Tiny = 5.421010862427522e-20;

    /// <summary>
    /// Scales all gradients by min(1, maxNorm / (total + 1e-6)), where total is the p-norm of all their elements (R. Pascanu,
    /// T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013). The total and the factor are computed
    /// in double precision, so that finite gradients of any size are clipped. A total of nan makes all gradients nan, an infinite one
    /// (of an infinite gradient) zeros, and nan of infinities, as in PyTorch.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="maxNorm">What the norm is bounded by, 0 or more.</param>
    /// <param name="p">The kind of norm: a number above 0; infinity for the largest magnitude.</param>
    /// <param name="throwIfNotFinite">Whether a total of nan or infinity is an error, thrown before anything is changed.</param>
    /// <returns>The norm before clipping: 0 if there are no gradients, ∞ if it is larger than the largest float.</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxNorm is negative or nan, or p not above 0.</exception>
    /// <exception cref="TensorException">The total is not finite, and that was asked to be an error.</exception>
    public static float ByNorm(IEnumerable<Parameter> parameters, float maxNorm, double p = 2, bool throwIfNotFinite = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require.AtLeast(0, maxNorm);
        Require.Above(0, p);

        Parameter[] all = [.. parameters.Where(HasGradient)];
        double total = Total(all, p);
        if (throwIfNotFinite && !double.IsFinite(total))
        {
            throw new TensorException("ByNorm", $"the norm of the gradients is {total}",
                "look for the operation that made the first such gradient, or leave the step out");
        }

        Scale(all, Math.Min(1, maxNorm / (total + 1e-6)));
        return (float)total;
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
    internal static double TotalNorm(IEnumerable<Parameter> parameters) => Total([.. parameters.Where(HasGradient)], p: 2);

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
            Change(parameter.Gradient!, new ScaleMap(isTiny ? factor / Tiny : factor));
            if (isTiny)
            {
                Change(parameter.Gradient!, new ScaleMap(Tiny));
            }
        }
    }

    private static bool HasGradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return !parameter.IsFrozen && !parameter.IsGradientSpent && parameter.Gradient is not null;
    }

    /// <summary>The norm of the norms, with the largest taken out so that no power overflows.</summary>
    private static double Total(Parameter[] parameters, double p)
    {
        double[] norms = Norms([.. parameters.Where(static parameter => parameter.Length > 0).Select(static it => it.Gradient!)], p);
        double largest = 0, sum = 0;
        foreach (double norm in norms)
        {
            largest = Math.Max(largest, norm);
        }

        if (largest == 0 || !double.IsFinite(largest) || double.IsPositiveInfinity(p))
        {
            return largest;
        }

        foreach (double norm in norms)
        {
            sum += Math.Pow(norm / largest, p);
        }

        return largest * Math.Pow(sum, 1 / p);
    }

    /// <summary>
    /// The norm of each gradient. That of finite elements may be no float: then it is the norm of a part of them, 2⁻⁶⁴ of each.
    /// </summary>
    private static double[] Norms(Tensor[] gradients, double p)
    {
        double[] norms = Array.ConvertAll(Read(gradients, p), static norm => (double)norm);
        for (int i = 0; i < norms.Length; i++)
        {
            norms[i] = double.IsPositiveInfinity(norms[i]) ? Read([gradients[i] * (float)Tiny], p)[0] / Tiny : norms[i];
        }

        return norms;
    }

    /// <summary>The norms of gradients, read device by device: each reading waits for a GPU.</summary>
    private static float[] Read(Tensor[] gradients, double p)
    {
        var norms = new float[gradients.Length];
        foreach (var group in Enumerable.Range(0, gradients.Length).GroupBy(i => gradients[i].Device))
        {
            int[] places = [.. group];
            float[] values = Tensor.Stack(0, [.. places.Select(i => gradients[i].Norm(p))]).ToArray();
            for (int k = 0; k < places.Length; k++)
            {
                norms[places[k]] = values[k];
            }
        }

        return norms;
    }

    private static void Change<TMap>(Tensor gradient, TMap map) where TMap : struct, IUnaryMap
    {
        gradient.Device.Map(map, gradient, gradient);
        gradient.Storage.MarkWritten();
    }
}
