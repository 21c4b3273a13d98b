using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A line and a sine with learned a, b and c: y = a x + b sin(c x); dy/dx = a + b c cos(c x), ∂y/∂a = x, ∂y/∂b = sin(c x),
/// ∂y/∂c = b x cos(c x).
/// </summary>
/// <remarks>Range: all numbers for a ≠ 0. Paper: none, elementary.</remarks>
public sealed class ParametricSine : Module<Tensor, Tensor>, IFeatureLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="a">What a starts with; 1 by default.</param>
    /// <param name="b">What b starts with; 1 by default.</param>
    /// <param name="c">What c starts with; 1 by default.</param>
    public ParametricSine(float a = 1, float b = 1, float c = 1) =>
        (A, B, C) = (AddParameter("a", a), AddParameter("b", b), AddParameter("c", c));

    /// <summary>The slope a, of shape [1].</summary>
    public Parameter A { get; }

    /// <summary>The height b, of shape [1].</summary>
    public Parameter B { get; }

    /// <summary>The frequency c, of shape [1].</summary>
    public Parameter C { get; }

    internal static Tensor Compute(Tensor x, Tensor a, Tensor b, Tensor c) => a * x + b * (c * x).Sin();

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => Compute(input, A, B, C);
}
