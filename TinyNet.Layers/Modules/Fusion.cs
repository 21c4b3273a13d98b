using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Which modules run as one operation; the bits are those of the modules one after the other.</summary>
internal static class Fusion
{
    /// <summary>What runs as one operation with the module at a place.</summary>
    public static FusedLayers After(List<Module<Tensor, Tensor>> modules, int index)
    {
        if (index + 1 == modules.Count)
        {
            return default;
        }

        Module<Tensor, Tensor> module = modules[index], next = modules[index + 1];
        var normalization = NormalizationAfter(module, next);
        if (normalization is null)
        {
            return new FusedLayers(null, ElementwiseAfter(module, next));
        }

        return new FusedLayers(normalization, index + 2 < modules.Count ? ElementwiseAfter(next, modules[index + 2]) : null);
    }

    /// <summary>The element-wise module after a layer, where both may run as one operation.</summary>
    public static IElementwise? ElementwiseAfter(Module module, Module next) =>
        module is ITakesElementwise && next is IElementwise { CanFollow: true } elementwise && AreUnwatched(module, next)
            ? elementwise
            : null;

    /// <summary>
    /// The normalization by fixed statistics after a layer, where both may run as one operation: not where gradients pass.
    /// </summary>
    private static IFixedNormalization? NormalizationAfter(Module module, Module next) =>
        module is ITakesNormalization && !Tape.IsRecordingNow
            && next is IFixedNormalization { HasFixedStatistics: true } normalization && AreUnwatched(module, next) ? normalization : null;

    /// <summary>Whether nobody sees what is between two modules.</summary>
    private static bool AreUnwatched(Module module, Module next) =>
        module.Hooks is not { Any: true } && next.Hooks is not { Any: true } && !Tape.IsDetectingAnomalies;
}

/// <summary>The modules that a layer takes into its own operation: a normalization, an element-wise one, or both in this order.</summary>
internal readonly record struct FusedLayers(IFixedNormalization? Normalization, IElementwise? Function)
{
    /// <summary>The number of modules.</summary>
    public int Count => (Normalization is null ? 0 : 1) + (Function is null ? 0 : 1);
}

/// <summary>
/// A layer that can apply the element-wise module after it when it stores its results
/// (<see cref="Module{TIn, TOut}.ForwardFused"/>).
/// </summary>
internal interface ITakesElementwise;

/// <summary>A layer that can apply the normalization after it, and an element-wise module after that, when it stores its results.</summary>
internal interface ITakesNormalization : ITakesElementwise;

/// <summary>A normalization that can be a scale and a shift of each channel, known before the input is.</summary>
internal interface IFixedNormalization
{
    /// <summary>Whether it is that now; else it normalizes by the statistics of the batch.</summary>
    bool HasFixedStatistics { get; }

    /// <summary>The statistics that it normalizes by, if they are fixed.</summary>
    ChannelStatistics FixedStatistics { get; }
}

/// <summary>An element-wise module f, which a layer before it can apply when it stores its results.</summary>
internal interface IElementwise
{
    /// <summary>Whether that is possible now.</summary>
    bool CanFollow { get; }

    /// <summary>f(x · W + bias).</summary>
    Tensor Linear(Tensor input, Parameter weight, Parameter? bias);

    /// <summary>f(convolution), or f(normalization of the convolution).</summary>
    Tensor Convolve(Tensor input, Parameter weight, Parameter? bias, in Window window, int groups, ChannelStatistics? normalization);

    /// <summary>f(batch normalization).</summary>
    Tensor BatchNorm(
        Tensor input, Parameter? weight, Parameter? bias, Tensor? runningMean, Tensor? runningVariance,
        bool training, double momentum, float epsilon);
}
