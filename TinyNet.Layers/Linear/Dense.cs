using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A fully connected layer: y = x · W + b for x [.., in], W [in, out] and b [out]. Initially W and b are uniform in
/// ±1/√in, as in PyTorch.
/// </summary>
public sealed class Dense : Module<Tensor, Tensor>, IFeatureLayer, ITakesElementwise
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">The size of the last axis of the input.</param>
    /// <param name="outFeatures">The size of the last axis of the output.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="weightInitializer">How the weight starts; null for the default.</param>
    /// <param name="biasInitializer">How the bias starts; null for the default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Dense(
        int inFeatures, int outFeatures, bool bias = true,
        Initializer? weightInitializer = null, Initializer? biasInitializer = null, RandomStream? random = null)
    {
        Require.Positive(inFeatures);
        Require.Positive(outFeatures);
        random ??= RandomStream.Default;
        var fans = new Fans(inFeatures, outFeatures);
        var weight = (weightInitializer ?? Initializer.FanInUniform).Make([inFeatures, outFeatures], fans, random);
        Weight = AddParameter("weight", weight, fileAxes: [1, 0]);
        Bias = bias ? AddParameter("bias", (biasInitializer ?? Initializer.FanInUniform).Make([outFeatures], fans, random)) : null;
    }

    /// <summary>The weight [in, out].</summary>
    public Parameter Weight { get; }

    /// <summary>The bias [out], if there is one.</summary>
    public Parameter? Bias { get; }

    /// <summary>The size of the last axis of the input.</summary>
    public int InFeatures => Weight.Shape[0];

    /// <summary>The size of the last axis of the output.</summary>
    public int OutFeatures => Weight.Shape[1];

    int? IFeatureLayer.InputFeatures => InFeatures;

    int? IFeatureLayer.OutputFeatures => OutFeatures;

    /// <inheritdoc/>
    public override string Describe() => $"Dense({InFeatures} -> {OutFeatures}{(Bias is null ? ", no bias" : "")})";

    internal override Tensor ForwardFused(Tensor input, in FusedLayers fused) => fused.Function!.Linear(input, Weight, Bias);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => input.Linear(Weight, Bias);
}
