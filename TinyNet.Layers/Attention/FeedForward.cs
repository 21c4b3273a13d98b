using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The feed-forward half of a transformer layer: f(x · W₁ + b₁) · W₂ + b₂. Its modules are children of the layer.</summary>
internal sealed record FeedForward(Dense First, Module<Tensor, Tensor> Activation, Dropout Dropout, Dense Second)
{
    public Tensor Run(Tensor x) => Second.Forward(Dropout.Forward(Run(First, Activation, x)));

    /// <summary>A dense layer and an activation, as one operation where that is possible.</summary>
    public static Tensor Run(Dense dense, Module<Tensor, Tensor>? activation, Tensor x)
    {
        var following = activation is null ? null : Sequential.Fusable(dense, activation);
        var y = dense.Run(x, new Following(null, following));
        return activation is null || following is not null ? y : activation.Forward(y);
    }
}
