using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>Two images to the scores of "other" and "same".</summary>
public sealed class SameNet : Module<(Tensor First, Tensor Second), Tensor>
{
    private readonly Dense _features, _head;

    public SameNet(RandomStream random) => (_features, _head) = (
        Child("features", new Dense(64, 32, random: random)), Child("head", new Dense(32, 2, random: random)));

    protected override Tensor ForwardCore((Tensor First, Tensor Second) images) =>
        _head.Forward((Features(images.First) - Features(images.Second)).Square());

    private Tensor Features(Tensor images) => _features.Forward(images.Reshape(images.Shape[0], 64)).Relu();
}
