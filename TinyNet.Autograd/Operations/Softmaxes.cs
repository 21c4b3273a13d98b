using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Softmax, its logarithm, and the cross-entropy on logits.</summary>
public static class Softmaxes
{
    extension(Tensor x)
    {
        /// <summary>e^xᵢ / Σ e^xⱼ along an axis, without overflow. A row with nan, +∞ or only −∞ gives nan.</summary>
        public Tensor Softmax(int axis = -1) => Apply("Softmax", x, axis, logarithm: false);

        /// <summary>xᵢ − ln Σ e^xⱼ along an axis.</summary>
        public Tensor LogSoftmax(int axis = -1) => Apply("LogSoftmax", x, axis, logarithm: true);

        /// <summary>−ln softmax(x[n])[labels[n]] for every sample n of logits [N, C].</summary>
        /// <exception cref="ShapeException">The logits are no matrix, or the labels not one a row.</exception>
        /// <exception cref="TensorException">A label is out of range.</exception>
        public Tensor CrossEntropy(IndexTensor labels)
        {
            Operation.Check("CrossEntropy", x);
            ArgumentNullException.ThrowIfNull(labels);
            if (x.Rank != 2 || labels.Rank != 1 || labels.Length != x.Shape[0])
            {
                throw new ShapeException("CrossEntropy", $"logits of shape {x.Shape} with labels of shape {labels.Shape}",
                    "give logits [N, C] and labels [N]");
            }

            labels.EnsureInRange(x.Shape[1], "CrossEntropy", "label");
            Tensor logProbabilities = Tensor.Result("CrossEntropy", x.Shape, x.Device),
                losses = Tensor.Result("CrossEntropy", [x.Shape[0]], x.Device);
            x.Device.CrossEntropy(x, labels, logProbabilities, losses);
            if (Tape.Records(x))
            {
                var node = Node<CrossEntropyRule>.Rent();
                node.Rule.Set(node, x, labels, logProbabilities);
                Tape.Push(node, losses);
            }

            Tape.CheckResult(losses);
            return losses;
        }
    }

    private static Tensor Apply(string name, Tensor x, int axis, bool logarithm)
    {
        Operation.Check(name, x);
        if (x.Rank == 0)
        {
            Operation.CheckScalarAxis(name, axis);
            return x.Unsqueeze(0).Softmax(0, logarithm).Squeeze(0);
        }

        return x.Softmax(x.Shape.Axis(axis, name), logarithm);
    }

    /// <summary>Softmax of scores along the last axis, 0 with gradient 0 in rows of nothing but −∞: of queries that see no key.</summary>
    internal static Tensor AttentionWeights(this Tensor scores)
    {
        var y = Tensor.Result("Softmax", scores.Shape, scores.Device);
        scores.Device.AttentionWeights(scores, y);
        return Recorded(scores, y, scores.Rank - 1, logarithm: false);
    }

    private static Tensor Softmax(this Tensor x, int axis, bool logarithm)
    {
        var y = Tensor.Result(logarithm ? "LogSoftmax" : "Softmax", x.Shape, x.Device);
        x.Device.Softmax(x, axis, logarithm, y);
        return Recorded(x, y, axis, logarithm);
    }

    private static Tensor Recorded(Tensor x, Tensor y, int axis, bool logarithm)
    {
        if (Tape.Records(x))
        {
            var node = Node<SoftmaxRule>.Rent();
            node.Rule.Set(node, x, y, axis, logarithm);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    private struct SoftmaxRule : IGradientRule
    {
        private Edge _x;
        private Saved _output;
        private int _axis;
        private bool _isLogarithm;

        public void Set(Node node, Tensor x, Tensor y, int axis, bool isLogarithm)
        {
            _x = new Edge(x);
            _output = node.Save(y);
            (_axis, _isLogarithm) = (axis, isLogarithm);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            node.Device.SoftmaxGradient(_output.Get(node), gradient, _axis, _isLogarithm, contribution);
            _x.End(contribution);
        }
    }

    private struct CrossEntropyRule : IGradientRule
    {
        private Edge _x;
        private IndexTensor? _labels;
        private Saved _logProbabilities;

        public void Set(Node node, Tensor x, IndexTensor labels, Tensor logProbabilities)
        {
            _x = new Edge(x);
            _labels = labels;
            _logProbabilities = node.Save(logProbabilities);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            node.Device.CrossEntropyGradient(_logProbabilities.Get(node), _labels!, gradient, contribution);
            _x.End(contribution);
        }
    }
}
