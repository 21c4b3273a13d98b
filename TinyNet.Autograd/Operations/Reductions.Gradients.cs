using TinyNet.Core;

namespace TinyNet.Autograd;

public static partial class Reductions
{
    /// <summary>
    /// How the gradient of a reduction goes back: x has the operand's shape, y and gradient have size 1 at the reduced axes.
    /// </summary>
    private interface IRule
    {
        /// <summary>Whether the rule reads x and y.</summary>
        static abstract bool ReadsOperands { get; }

        void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge);
    }

    private readonly struct SumRule : IRule
    {
        public static bool ReadsOperands => false;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge) =>
            edge.Pass(gradient.View(gradient.Layout.Expand(edge.Shape), "Sum"));
    }

    private readonly struct MeanRule(int count) : IRule
    {
        public static bool ReadsOperands => false;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge)
        {
            var share = Tensor.Result("Mean", gradient.Shape, device);
            device.Map(new DivideByMap(count), gradient, share);
            edge.Pass(share.View(share.Layout.Expand(edge.Shape), "Mean"));
            Node.Drop(share);
        }
    }

    /// <summary>g · 2 x / n.</summary>
    private readonly struct MeanSquareRule(int count) : IRule
    {
        public static bool ReadsOperands => true;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge)
        {
            var share = Tensor.Result("MeanSquare", gradient.Shape, device);
            device.Map(new DivideByMap(count * 0.5f), gradient, share);
            var contribution = edge.Begin();
            device.Map(new MultiplyOp(), x!, share, contribution);
            edge.End(contribution);
            Node.Drop(share);
        }
    }

    /// <summary>
    /// g · Π of the other elements: g · Π / x without zeros; with one zero, g times the product of the others for it alone.
    /// </summary>
    private readonly struct ProductRule : IRule
    {
        public static bool ReadsOperands => true;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge)
        {
            Tensor root = Tensor.Result("Product", gradient.Shape, device), zeros = Tensor.Result("Product", gradient.Shape, device);
            device.Reduce(new NonZeroProductRootReduction(), x!, root);
            device.Reduce(new ZeroCountReduction(inverted: false), x!, zeros);
            device.Map(new RootOfProductMap(), root, gradient, root);
            var contribution = edge.Begin();
            device.Map(new ProductGradientMap(), x!, root, zeros, contribution);
            Node.Drop(root);
            Node.Drop(zeros);
            var whole = Tensor.Result("Product", gradient.Shape, device);
            device.Reduce(new NonZeroProductReduction(), x!, whole);
            device.Map(new WholeProductMap(), whole, gradient, whole);
            device.Map(new ProductQuotientMap(), x!, whole, contribution, contribution);
            edge.End(contribution);
            Node.Drop(whole);
        }
    }

    /// <summary>g shared evenly by the elements that are the extreme; for the extreme of magnitudes, times their sign.</summary>
    private readonly struct ExtremeRule(bool ofMagnitudes) : IRule
    {
        public static bool ReadsOperands => true;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge)
        {
            var count = Tensor.Result("extreme", gradient.Shape, device);
            var contribution = edge.Begin();
            device.Map(new IsExtremeMap(ofMagnitudes), x!, y!, contribution);
            device.Reduce(new ZeroCountReduction(inverted: true), contribution, count);
            device.Map(new ExtremeShareMap(), contribution, gradient, count, contribution);
            edge.End(contribution);
            Node.Drop(count);
        }
    }

    /// <summary>g · sign(x) · (|x| / y)^(p − 1), 0 where y = 0.</summary>
    private readonly struct PowerNormRule(double p) : IRule
    {
        public static bool ReadsOperands => true;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge)
        {
            var contribution = edge.Begin();
            device.Map(new PowerNormGradientMap(p), x!, y!, gradient, contribution);
            edge.End(contribution);
        }
    }

    /// <summary>
    /// g · e^(x − y) / Σ e^(x − y), 0 where y = −∞. The sum is 1 but for the rounding of y, which may be of the size of the distances of
    /// large x.
    /// </summary>
    private readonly struct LogSumExpRule : IRule
    {
        public static bool ReadsOperands => true;

        public void Backward(Device device, Tensor? x, Tensor? y, Tensor gradient, in Edge edge)
        {
            Tensor share = Tensor.Result("LogSumExp", gradient.Shape, device), shifted = Tensor.Result("LogSumExp", x!.Shape, device);
            device.Map(new FiniteDifferenceMap(), x, y!, shifted);
            device.Reduce(new ExpSumReduction(), shifted, share);
            device.Map(new ShareMap(), gradient, share, share);
            var contribution = edge.Begin();
            device.Map(new ExpProductMap(), shifted, share, contribution);
            edge.End(contribution);
            Node.Drop(shifted);
            Node.Drop(share);
        }
    }

    private struct ReductionRule<TRule> : IGradientRule where TRule : struct, IRule
    {
        private TRule _rule;
        private Edge _x;
        private Saved _input, _output;

        public void Set(Node node, TRule rule, Tensor x, Tensor y)
        {
            _rule = rule;
            _x = new Edge(x);
            if (TRule.ReadsOperands)
            {
                _input = node.Save(x);
                _output = node.Save(y);
            }
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            if (TRule.ReadsOperands)
            {
                _rule.Backward(node.Device, _input.Get(node), _output.Get(node), gradient, _x);
            }
            else
            {
                _rule.Backward(node.Device, null, null, gradient, _x);
            }
        }
    }

    /// <summary>
    /// Variance: g · 2 (x − mean) / (n − correction); its root y: g · (x − mean) / y / (n − correction), 0 where y = 0, from the parts of
    /// both that are floats.
    /// </summary>
    private struct SpreadRule : IGradientRule
    {
        private Edge _x;
        private Saved _difference, _spread;
        private int _divisor;
        private bool _isRoot;

        public void Set(Node node, Tensor x, Tensor difference, Tensor spread, int divisor, bool isRoot)
        {
            _x = new Edge(x);
            _difference = node.Save(difference);
            (_divisor, _isRoot) = (divisor, isRoot);
            if (isRoot)
            {
                _spread = node.Save(spread);
            }
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var device = node.Device;
            var share = Tensor.Result(node.Operation, node.Shape, device);
            device.Map(new DivideByMap(_isRoot ? _divisor : _divisor * 0.5f), gradient, share);
            var contribution = _x.Begin();
            if (_isRoot)
            {
                device.Map(new DeviationGradientMap(), _difference.Get(node), _spread.Get(node), share, contribution);
            }
            else
            {
                device.Map(new MultiplyOp(), _difference.Get(node), share, contribution);
            }

            _x.End(contribution);
            Node.Drop(share);
        }
    }

    private struct CumulativeSumRule : IGradientRule
    {
        private Edge _x;
        private int _axis;

        public void Set(Node node, Tensor x, int axis) => (_x, _axis) = (new Edge(x), axis);

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            if (contribution.Length > 0)
            {
                node.Device.CumulativeSum(gradient, _axis, reverse: true, contribution);
            }

            _x.End(contribution);
        }
    }
}
