namespace TinyNet.Core;

/// <summary>
/// Normalisation of images x [N, C, H, W] by means and variances [S, G]: of all images together (S = 1) or of each (S = N), and of G groups of
/// C / G channels. Batch normalisation is S = 1 and G = C, instance normalisation S = N and G = C, group normalisation S = N.
/// </summary>
public abstract partial class Device
{
    /// <summary>The means and variances (of n values: over n) of x.</summary>
    protected internal abstract void ChannelMoments(Tensor x, Tensor mean, Tensor variance);

    /// <summary>factors [3, S, C]: of each channel the mean, weight / √(variance + ε) and the bias, with weight and bias [C].</summary>
    protected internal abstract void ChannelFactors(Tensor mean, Tensor variance, float epsilon, Tensor? weight, Tensor? bias, Tensor factors);

    /// <summary>destination = f((x − factors₀) · factors₁ + factors₂), with the factors of <see cref="ChannelFactors"/>.</summary>
    protected internal abstract void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination) where TMap : struct, IUnaryMap;

    /// <summary>The gradients of <see cref="ChannelNormalize"/> without f, through <see cref="ChannelFactors"/>, those that are wanted.</summary>
    /// <param name="x">The images.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="mean">The means.</param>
    /// <param name="variance">The variances.</param>
    /// <param name="epsilon">What was added to the variances.</param>
    /// <param name="weight">The weight, if there was one.</param>
    /// <param name="areOfX">Whether means and variances are those of x and the gradient flows through them too.</param>
    /// <param name="destination">The gradient to x.</param>
    /// <param name="weightGradient">The gradient to the weight.</param>
    /// <param name="biasGradient">The gradient to the bias.</param>
    protected internal abstract void ChannelNormalizeGradient(Tensor x, Tensor gradient, Tensor mean, Tensor variance, float epsilon, Tensor? weight, bool areOfX,
        Tensor? destination, Tensor? weightGradient, Tensor? biasGradient);
}
