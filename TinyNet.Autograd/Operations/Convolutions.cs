using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable convolutions of images. Results are channels last in memory, which makes the next convolution fast.</summary>
public static class Convolutions
{
    // So that positions of windows, on either side of an axis, are integers of 32 bits.
    private const long LargestReach = 1 << 29;

    extension(Tensor x)
    {
        /// <summary>
        /// The cross-correlation of images x [N, C, H, W] with a weight [h, w, C / groups, O]:
        /// y[n, o, i, j] = Σ over taps (p, q) and channels c of x[n, c, i · stride + p · dilation − pad, …] · weight[p, q, c, o] + bias[o].
        /// </summary>
        /// <param name="weight">The weight; its taps are as many as the window's.</param>
        /// <param name="bias">The bias [O], if any.</param>
        /// <param name="window">How the window slides.</param>
        /// <param name="groups">Groups of channels; outputs of a group see its channels only.</param>
        /// <exception cref="ShapeException">Sizes do not fit.</exception>
        public Tensor Convolve(Tensor weight, Tensor? bias, in Window window, int groups = 1) =>
            x.Convolve(weight, bias, window, groups, null, default(IdentityOp));

        /// <summary>
        /// f(convolution), or f(normalization of the convolution), as one operation, with the same bits as two or three. For training,
        /// the derivative of f must not read its input, which is not kept, and there must be no normalization.
        /// </summary>
        /// <exception cref="ShapeException">Sizes do not fit.</exception>
        internal Tensor Convolve<TOp>(Tensor weight, Tensor? bias, in Window window, int groups, ChannelStatistics? normalization, TOp op)
            where TOp : struct, IUnaryOp
        {
            const string name = "Convolve";
            CheckOperands(name, x, weight, bias, window, groups);
            if (x.Shape[1] != weight.Shape[2] * groups)
            {
                throw new ShapeException(name, $"images of shape {x.Shape} for a weight of shape {weight.Shape} in {groups} group(s)",
                    $"the images need {weight.Shape[2] * groups} channels (axis 1)");
            }

            if (weight.Shape[3] % groups != 0)
            {
                throw new ShapeException(name, $"{weight.Shape[3]} outputs in {groups} groups",
                    "make the outputs a multiple of the groups");
            }

            CheckBias(name, bias, weight.Shape[3]);
            int height = window.Height.Windows(x.Shape[2]), width = window.Width.Windows(x.Shape[3]);
            if (height <= 0 || width <= 0)
            {
                throw new ShapeException(name,
                    $"a window of {window.Height.Span} x {window.Width.Span} for images of {x.Shape[2]} x {x.Shape[3]}",
                    "make the window smaller, or add padding");
            }

            var y = Tensor.ImageResult(name, [x.Shape[0], weight.Shape[3], height, width], x.Device);
            var factors = normalization?.Factors(name, weight.Shape[3]);
            if (factors is not null)
            {
                Operation.Check(name, x, factors);
            }

            x.Device.Convolution(x, weight, bias, window, groups, factors, op, y);
            Operation.CountMultiplyAdds((long)y.Length * weight.Shape[0] * weight.Shape[1] * weight.Shape[2]);
            if (Tape.Records(x, weight, bias))
            {
                var node = Node<ActivatedRule<ConvolutionRule, TOp>>.Rent();
                node.Rule.Operation.Set(node, x, weight, bias, window, groups, isTransposed: false);
                node.Rule.Set(node, op, y);
                Tape.Push(node, y);
            }

            Tape.CheckResult(y);
            return y;
        }

        /// <summary>
        /// The transposed convolution of images x [N, C, H, W] with a weight [h, w, O / groups, C]: the gradient to its input of the
        /// convolution that gives x. An axis grows to (size − 1) · stride + span − padding + <paramref name="outputPadding"/>.
        /// </summary>
        /// <param name="weight">The weight; its taps are as many as the window's.</param>
        /// <param name="bias">The bias [O], if any.</param>
        /// <param name="window">How the window of the convolution slides over the result.</param>
        /// <param name="outputPadding">What the result grows by at its ends: convolutions with a stride give x for several sizes.</param>
        /// <param name="groups">Groups of channels; outputs of a group see its channels only.</param>
        /// <exception cref="ShapeException">Sizes do not fit.</exception>
        public Tensor ConvolveTransposed(Tensor weight, Tensor? bias, in Window window, (int Height, int Width) outputPadding = default,
            int groups = 1)
        {
            const string name = "ConvolveTransposed";
            CheckOperands(name, x, weight, bias, window, groups);
            if (x.Shape[1] != weight.Shape[3] || x.Shape[1] % groups != 0)
            {
                throw new ShapeException(name, $"images of shape {x.Shape} for a weight of shape {weight.Shape} in {groups} group(s)",
                    $"the images need {weight.Shape[3]} channels (axis 1), a multiple of the groups");
            }

            int outputs = weight.Shape[2] * groups;
            CheckBias(name, bias, outputs);
            int height = Grown(window.Height, x.Shape[2], outputPadding.Height),
                width = Grown(window.Width, x.Shape[3], outputPadding.Width);
            var y = Tensor.ImageResult(name, [x.Shape[0], outputs, height, width], x.Device);
            x.Device.ConvolutionInputGradient(x, weight, bias, window, groups, y);
            Operation.CountMultiplyAdds((long)x.Length * weight.Shape[0] * weight.Shape[1] * weight.Shape[2]);
            if (Tape.Records(x, weight, bias))
            {
                var node = Node<ConvolutionRule>.Rent();
                node.Rule.Set(node, x, weight, bias, window, groups, isTransposed: true);
                Tape.Push(node, y);
            }

            Tape.CheckResult(y);
            return y;
        }
    }

    private static void CheckOperands(string name, Tensor x, Tensor weight, Tensor? bias, in Window window, int groups)
    {
        Operation.Check(name, x, weight);
        if (bias is not null)
        {
            Operation.Check(name, x, bias);
        }

        Require.Positive(groups);
        CheckAxis(window.Height);
        CheckAxis(window.Width);
        if (x.Rank != 4)
        {
            throw new ShapeException(name, $"images of shape {x.Shape}", "images have the axes [batch, channels, height, width]");
        }

        if (weight.Rank != 4 || weight.Shape[0] != window.Height.Size || weight.Shape[1] != window.Width.Size)
        {
            throw new ShapeException(name, $"a weight of shape {weight.Shape} for a window of {window.Height.Size} x {window.Width.Size}",
                "the weight has the axes [taps down, taps across, channels, outputs]");
        }
    }

    internal static void CheckAxis(in WindowAxis window)
    {
        Require.Positive(window.Size);
        Require.Positive(window.Stride);
        Require.Positive(window.Dilation);
        Require.NotNegative(window.PadBefore);
        Require.NotNegative(window.PadAfter);
        if ((long)window.Dilation * (window.Size - 1) + window.PadBefore + window.PadAfter >= LargestReach || window.Stride >= LargestReach)
        {
            throw new ArgumentOutOfRangeException(nameof(window), window, "the window, its stride or its padding is larger than any image");
        }
    }

    private static void CheckBias(string name, Tensor? bias, int outputs)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != outputs))
        {
            throw new ShapeException(name, $"a bias of shape {bias.Shape} for {outputs} outputs", "the bias needs one number an output");
        }
    }

    private static int Grown(in WindowAxis axis, int size, int outputPadding)
    {
        if (outputPadding < 0 || outputPadding >= Math.Max(axis.Stride, axis.Dilation))
        {
            throw new ArgumentOutOfRangeException(nameof(outputPadding), outputPadding,
                "the output padding is less than the stride or the dilation, and not negative");
        }

        long grown = size == 0 ? 0 : (size - 1L) * axis.Stride + axis.Span - axis.PadBefore - axis.PadAfter + outputPadding;
        if (grown > int.MaxValue)
        {
            throw new ShapeException("ConvolveTransposed", $"an axis of {size} with stride {axis.Stride}",
                "the result would be larger than any tensor: take a smaller stride");
        }

        return grown > 0
            ? (int)grown
            : throw new ShapeException("ConvolveTransposed",
                $"an axis of {size} under a window of {axis.Span} with padding {axis.PadBefore} and {axis.PadAfter}",
                "the result would be empty: take less padding");
    }

    /// <summary>
    /// The gradients to x and to the weight are convolutions too; that to the bias is a sum. The transposed convolution is the gradient of
    /// one, so its gradient to x is that convolution; in the gradient to the weight x and gradient change places.
    /// </summary>
    private struct ConvolutionRule : IGradientRule
    {
        private Edge _x, _weight, _bias;
        private Saved _savedX, _savedWeight;
        private Window _window;
        private int _groups;
        private bool _isTransposed;

        public void Set(Node node, Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, bool isTransposed)
        {
            (_x, _weight, _bias) = (new Edge(x), new Edge(weight), new Edge(bias));
            (_window, _groups, _isTransposed) = (window, groups, isTransposed);
            _savedWeight = node.Save(weight, when: _x.IsNeeded);
            _savedX = node.Save(x, when: _weight.IsNeeded);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            if (_x.BeginIfNeeded() is { } toX)
            {
                var weight = _savedWeight.Get(node);
                if (_isTransposed)
                {
                    node.Device.Convolution(gradient, weight, bias: null, _window, _groups, factors: null, default(IdentityOp), toX);
                }
                else
                {
                    node.Device.ConvolutionInputGradient(gradient, weight, bias: null, _window, _groups, toX);
                }

                _x.End(toX);
            }

            if (_weight.BeginIfNeeded() is { } toWeight)
            {
                var x = _savedX.Get(node);
                var (image, swept) = _isTransposed ? (gradient, x) : (x, gradient);
                node.Device.ConvolutionWeightGradient(image, swept, _window, _groups, toWeight);
                _weight.End(toWeight);
            }

            if (_bias.BeginIfNeeded() is { } toBias)
            {
                // The sum over all pixels of a channel.
                var sum = toBias.View(toBias.Layout.Unsqueeze(0).Unsqueeze(2).Unsqueeze(3), toBias.Origin);
                node.Device.Reduce(new SumReduction(), gradient, sum);
                _bias.End(toBias);
            }
        }
    }
}
