using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A dense layer with an activation by name, as a layer of a deep network: weights by He's rule (normal, √(2 / fan in)), bias 0.
/// </summary>
/// <remarks>K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", 2015, arXiv:1502.01852.</remarks>
public sealed class DeepNetworkLayer : Module<Tensor, Tensor>
{
    private readonly Sequential _layers;

    /// <summary>Makes the layer; its child <c>layers</c> holds the dense layer and the activation.</summary>
    /// <param name="inFeatures">The size of the last axis of the input.</param>
    /// <param name="outFeatures">The size of the last axis of the output.</param>
    /// <param name="activation">A name that <see cref="Activation.FromName"/> knows.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public DeepNetworkLayer(int inFeatures, int outFeatures, string activation = "swish", RandomStream? random = null) =>
        _layers = Child("layers", new Sequential(
            new Dense(
                inFeatures,
                outFeatures,
                weightInitializer: Initializer.KaimingNormal(),
                biasInitializer: Initializer.Zeros,
                random: random),
            Activation.FromName(activation)));

    /// <inheritdoc/>
    public override string Describe() => $"DeepNetworkLayer({_layers[0].Describe()}, {_layers[1].Describe()})";

    private protected override string Title => "DeepNetworkLayer";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => _layers.Forward(input);
}

/// <summary>
/// A dense layer with an activation by name, as a layer of a generator: weights normal with standard deviation 0.02, bias 0.
/// </summary>
/// <remarks>
/// A. Radford, L. Metz, S. Chintala, "Unsupervised representation learning with deep convolutional generative adversarial
/// networks", 2015, arXiv:1511.06434.
/// </remarks>
public sealed class GenerativeLayer : Module<Tensor, Tensor>
{
    private readonly Sequential _layers;

    /// <summary>Makes the layer; its child <c>layers</c> holds the dense layer and the activation.</summary>
    /// <param name="latentFeatures">The size of the last axis of the input.</param>
    /// <param name="outFeatures">The size of the last axis of the output, before an activation that halves it.</param>
    /// <param name="activation">A name that <see cref="Activation.FromName"/> knows.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public GenerativeLayer(
        int latentFeatures = 100, int outFeatures = 256, string activation = "scaled_tanh", RandomStream? random = null) =>
        _layers = Child("layers", new Sequential(
            new Dense(
                latentFeatures,
                outFeatures,
                weightInitializer: Initializer.Normal(0, 0.02f),
                biasInitializer: Initializer.Zeros,
                random: random),
            Activation.FromName(activation)));

    /// <inheritdoc/>
    public override string Describe() => $"GenerativeLayer({_layers[0].Describe()}, {_layers[1].Describe()})";

    private protected override string Title => "GenerativeLayer";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => _layers.Forward(input);
}
