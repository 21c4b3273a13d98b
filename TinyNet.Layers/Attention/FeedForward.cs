using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The feed-forward half of a transformer layer: f(x · W₁ + b₁) · W₂ + b₂. Its modules are children of the layer.</summary>
internal sealed record FeedForward(Dense First, Module<Tensor, Tensor> Activation, Dropout Dropout, Dense Second)
{
    public Tensor Run(Tensor x) => Second.Forward(Dropout.Forward(Run(First, Activation, x)));

    /// <summary>A dense layer and an activation, as one operation where that is possible.</summary>
    public static Tensor Run(Dense dense, Module<Tensor, Tensor>? activation, Tensor x)
    {
        var fused = activation is null ? null : Fusion.ElementwiseAfter(dense, activation);
        var y = dense.Run(x, new FusedLayers(null, fused));
        return activation is null || fused is not null ? y : activation.Forward(y);
    }
}
