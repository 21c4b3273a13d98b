using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable normalization of each sample by its own statistics.</summary>
public static class LayerNorms
{
    extension(Tensor x)
    {
        /// <summary>
        /// (x − μ) / √(σ² + ε) · weight + bias, with mean μ and biased variance σ² over the trailing axes (J. L. Ba, J. R. Kiros,
        /// G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450).
        /// </summary>
        /// <param name="normalizedShape">The sizes of the trailing axes.</param>
        /// <param name="weight">Of the normalized shape; null for 1.</param>
        /// <param name="bias">Of the normalized shape; null for 0.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ShapeException">
        /// The shape of x does not end with the normalized one, or weight or bias have another.
        /// </exception>
        public Tensor LayerNorm(Shape normalizedShape, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f) =>
            Normalize("LayerNorm", x, normalizedShape, weight, bias, epsilon, centers: true);

        /// <summary>
        /// x / √(mean x² + ε) · weight over the trailing axes (B. Zhang, R. Sennrich, "Root mean square layer normalization",
        /// NeurIPS 2019, arXiv:1910.07467).
        /// </summary>
        /// <param name="normalizedShape">The sizes of the trailing axes.</param>
        /// <param name="weight">Of the normalized shape; null for 1.</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ShapeException">The shape of x does not end with the normalized one, or the weight has another.</exception>
        public Tensor RmsNorm(Shape normalizedShape, Tensor? weight = null, float epsilon = 1e-5f) =>
            Normalize("RmsNorm", x, normalizedShape, weight, bias: null, epsilon, centers: false);
    }

    private static Tensor Normalize(string name, Tensor x, in Shape shape, Tensor? weight, Tensor? bias, float epsilon, bool centers)
    {
        Operation.Check(name, x);
        if (shape.Rank == 0 || shape.Rank > x.Rank || !x.Shape.Sizes[^shape.Rank..].SequenceEqual(shape.Sizes))
        {
            throw new ShapeException(name, $"an input of shape {x.Shape} for the normalized shape {shape}",
                "the last axes of the input must have the sizes of the normalized shape");
        }

        EnsureShape(name, x, weight, shape, "weight");
        EnsureShape(name, x, bias, shape, "bias");
        int rows = 1;
        foreach (int size in x.Shape.Sizes[..^shape.Rank])
        {
            rows *= size;
        }

        // Nothing is in rows of no elements.
        rows = shape.Length == 0 ? 0 : rows;
        Tensor y = Tensor.Result(name, x.Shape, x.Device), scales = Tensor.Result(name, [rows], x.Device);
        var means = centers ? Tensor.Result(name, [2, rows], x.Device) : null;
        x.Device.LayerNorm(x, weight, bias, epsilon, means, scales, y);
        if (Tape.Records(x, weight ?? x, bias))
        {
            var node = Node<NormRule>.Rent();
            node.Rule.Set(node, x, weight, bias, means, scales);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    private static void EnsureShape(string name, Tensor x, Tensor? parameter, in Shape shape, string what)
    {
        if (parameter is null)
        {
            return;
        }

        Operation.Check(name, x, parameter);
        if (parameter.Shape != shape)
        {
            throw new ShapeException(name, $"a {what} of shape {parameter.Shape} for the normalized shape {shape}",
                $"give the {what} the normalized shape");
        }
    }

    private struct NormRule : IGradientRule
    {
        private Edge _x, _weight, _bias;
        private Saved _input, _factors, _means, _scales;

        public void Set(Node node, Tensor x, Tensor? weight, Tensor? bias, Tensor? means, Tensor scales)
        {
            (_x, _weight, _bias) = (new Edge(x), new Edge(weight), new Edge(bias));
            _input = node.Save(x);
            _scales = node.Save(scales);
            _factors = node.Save(weight);
            _means = node.Save(means);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            Tensor? toX = _x.BeginIfNeeded(), toWeight = node.NewContribution(_weight), toBias = node.NewContribution(_bias);
            node.Device.LayerNormGradient(_input.Get(node), _factors.GetIfSet(node), _means.GetIfSet(node), _scales.Get(node), gradient,
                toX, toWeight, toBias);
            _x.End(toX);
            _weight.End(toWeight);
            _bias.End(toBias);
        }
    }
}
