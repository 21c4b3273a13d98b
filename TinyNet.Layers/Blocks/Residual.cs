using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A residual block: y = f(body(x) + shortcut(x)); without a shortcut x itself is added, without an activation f is the identity.
/// </summary>
/// <remarks>K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", 2015, arXiv:1512.03385.</remarks>
public sealed class Residual : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _body;
    private readonly Module<Tensor, Tensor>? _shortcut, _activation;

    /// <summary>Makes the block; its children are <c>body</c>, <c>shortcut</c> and <c>activation</c>.</summary>
    /// <param name="body">What is learned on top of the shortcut.</param>
    /// <param name="shortcut">What brings x to the shape of the body's output, a 1x1 convolution for example; null adds x itself.</param>
    /// <param name="activation">What follows the sum, if anything.</param>
    public Residual(Module<Tensor, Tensor> body, Module<Tensor, Tensor>? shortcut = null, Module<Tensor, Tensor>? activation = null)
    {
        _body = Child("body", body);
        _shortcut = shortcut is null ? null : Child("shortcut", shortcut);
        _activation = activation is null ? null : Child("activation", activation);
    }

    /// <inheritdoc/>
    public override string Describe() =>
        $"Residual({_body.Describe()}{(_shortcut is null ? "" : $", shortcut {_shortcut.Describe()}")}"
        + $"{(_activation is null ? "" : $", {_activation.Describe()}")})";

    private protected override string Title => "Residual";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        Tensor y = _body.Forward(input), x = _shortcut is null ? input : _shortcut.Forward(input);
        if (x.Shape != y.Shape)
        {
            // The sum would broadcast silently.
            throw new ShapeException(
                "Residual",
                $"a body that gives {y.Shape} and a shortcut of {x.Shape}",
                "give a shortcut that makes x as large as the body's output");
        }

        var sum = y + x;
        return _activation is null ? sum : _activation.Forward(sum);
    }
}
