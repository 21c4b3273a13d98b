using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable element-wise operations: each is one struct with its value and derivative.</summary>
public static class ElementwiseOperations
{
    /// <summary>y = f(x) for every element, for any operation, one's own included.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="op">The operation: value and derivative.</param>
    public static Tensor Apply<TOp>(this Tensor x, TOp op) where TOp : struct, IUnaryOp => Apply(x, op, OperationName<TOp>.Value);

    /// <summary>y = f(a, b) for every pair of elements after broadcasting, for any operation, one's own included.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Apply<TOp>(this Tensor a, Tensor b, TOp op) where TOp : struct, IBinaryOp
    {
        string name = OperationName<TOp>.Value;
        Operation.Check(name, a, b);
        var y = BroadcastResult(name, a, b);
        a.Device.Map(op, a, b, y);
        if (Tape.Records(a, b))
        {
            var node = Node<BinaryRule<TOp>>.Rent();
            node.Rule.Set(node, op, a, b);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    internal static Tensor Apply<TOp>(Tensor x, TOp op, string name, bool rowMajor = false) where TOp : struct, IUnaryOp =>
        Apply(x, op, new GradientFromOneMap<TOp>(op), name, rowMajor);

    private static Tensor ApplyWithGradient<TOp>(Tensor x, TOp op, string name) where TOp : struct, IUnaryGradientOp =>
        Apply(x, op, new GradientOfOpMap<TOp>(op), name, rowMajor: false);

    private static Tensor Apply<TOp, TGradient>(Tensor x, TOp op, TGradient gradientMap, string name, bool rowMajor)
        where TOp : struct, IUnaryOp
        where TGradient : struct, IBinaryMap
    {
        Operation.Check(name, x);
        var y = rowMajor ? Tensor.Result(name, x.Shape, x.Device) : Tensor.ResultLike(name, x);
        x.Device.Map(op, x, y);
        if (Tape.Records(x))
        {
            var node = Node<UnaryRule<TOp, TGradient>>.Rent();
            node.Rule.Set(node, op, gradientMap, x, y);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    /// <summary>Room for a result of two operands after broadcasting.</summary>
    private static Tensor BroadcastResult(string name, Tensor a, Tensor b)
    {
        var shape = Shape.Broadcast(a.Shape, b.Shape, name);
        return shape == a.Shape
            ? Tensor.ResultLike(name, a)
            : shape == b.Shape ? Tensor.ResultLike(name, b) : Tensor.Result(name, shape, a.Device);
    }

    internal static Tensor AddOrSubtract(Tensor a, Tensor b, bool subtract, string name)
    {
        Operation.Check(name, a, b);
        var y = BroadcastResult(name, a, b);
        if (subtract)
        {
            a.Device.Map(new DifferenceMap(), a, b, y);
        }
        else
        {
            a.Device.Map(new SumMap(), a, b, y);
        }

        if (Tape.Records(a, b))
        {
            var node = Node<SumRule>.Rent();
            node.Rule.Set(node, a, b, subtract);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    private static Tensor DivideBy(Tensor x, float divisor)
    {
        Operation.Check("Divide", x);
        var y = Tensor.ResultLike("Divide", x);
        x.Device.Map(new DivideByMap(divisor), x, y);
        if (Tape.Records(x))
        {
            var node = Node<DivideByRule>.Rent();
            node.Rule.Set(x, divisor);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    extension(Tensor x)
    {
        /// <summary>e^x. The gradient reads it: it is infinite, or nan, where e^x is too large for a float.</summary>
        public Tensor Exp() => Apply(x, new ExpOp(), "Exp");

        /// <summary>e^x − 1, accurate near 0. The gradient is infinite, or nan, where e^x is too large for a float.</summary>
        public Tensor Expm1() => Apply(x, new Expm1Op(), "Expm1");

        /// <summary>Natural logarithm.</summary>
        public Tensor Log() => ApplyWithGradient(x, new LogOp(), "Log");

        /// <summary>ln(1 + x), accurate near 0.</summary>
        public Tensor Log1p() => Apply(x, new Log1pOp(), "Log1p");

        /// <summary>√x.</summary>
        public Tensor Sqrt() => Apply(x, new SqrtOp(), "Sqrt");

        /// <summary>1 / √x.</summary>
        public Tensor ReciprocalSqrt() => ApplyWithGradient(x, new ReciprocalSqrtOp(), "ReciprocalSqrt");

        /// <summary>1 / x.</summary>
        public Tensor Reciprocal() => ApplyWithGradient(x, new ReciprocalOp(), "Reciprocal");

        /// <summary>x².</summary>
        public Tensor Square() => Apply(x, new SquareOp(), "Square");

        /// <summary>|x|; the gradient at 0 is 0.</summary>
        public Tensor Abs() => Apply(x, new AbsOp(), "Abs");

        /// <summary>−1, 0 or 1; 0 for nan; gradient 0.</summary>
        public Tensor Sign() => Apply(x, new SignOp(), "Sign");

        /// <summary>Sine, x in radians.</summary>
        public Tensor Sin() => Apply(x, new SinOp(), "Sin");

        /// <summary>Cosine, x in radians.</summary>
        public Tensor Cos() => Apply(x, new CosOp(), "Cos");

        /// <summary>Hyperbolic tangent; the derivative is computed from the output, within 2.2e-7.</summary>
        public Tensor Tanh() => Apply(x, new TanhOp(), "Tanh");

        /// <summary>1 / (1 + e^−x); the derivative is computed from the output, within 9e-8.</summary>
        public Tensor Sigmoid() => Apply(x, new SigmoidOp(), "Sigmoid");

        /// <summary>Error function 2/√π ∫₀ˣ e^(−t²) dt.</summary>
        public Tensor Erf() => Apply(x, new ErfOp(), "Erf");

        /// <summary>Rounds down; gradient 0.</summary>
        public Tensor Floor() => Apply(x, new FloorOp(), "Floor");

        /// <summary>Rounds up; gradient 0.</summary>
        public Tensor Ceiling() => Apply(x, new CeilingOp(), "Ceiling");

        /// <summary>Rounds to the nearest integer, halves to even; gradient 0.</summary>
        public Tensor Round() => Apply(x, new RoundOp(), "Round");

        /// <summary>x to a constant power; negative x for integer powers only, else nan.</summary>
        public Tensor Pow(float exponent) => ApplyWithGradient(x, new PowerOp(exponent), "Pow");

        /// <summary>x to the power of another tensor, after broadcasting.</summary>
        public Tensor Pow(Tensor exponent) => x.Apply(exponent, new PowOp());

        /// <summary>
        /// min(max(x, low), high); the gradient passes inside and on the bounds. Nan stays nan and passes none, as in PyTorch.
        /// </summary>
        public Tensor Clamp(float low = float.NegativeInfinity, float high = float.PositiveInfinity) =>
            Apply(x, new ClampOp(low, high), "Clamp");

        /// <summary>
        /// The larger of both, after broadcasting; equal elements get half the gradient each. Nan if either is, when both get all of the
        /// gradient, as in PyTorch.
        /// </summary>
        public Tensor Maximum(Tensor other) => x.Apply(other, new MaximumOp());

        /// <summary>
        /// The larger of x and a number; where they are equal, half the gradient passes. Nan if either is, when all of it passes.
        /// </summary>
        public Tensor Maximum(float other) => ApplyWithGradient(x, new MaximumWithOp(other), "Maximum");

        /// <summary>
        /// The smaller of both, after broadcasting; equal elements get half the gradient each. Nan if either is, when both get all of the
        /// gradient, as in PyTorch.
        /// </summary>
        public Tensor Minimum(Tensor other) => x.Apply(other, new MinimumOp());

        /// <summary>
        /// The smaller of x and a number; where they are equal, half the gradient passes. Nan if either is, when all of it passes.
        /// </summary>
        public Tensor Minimum(float other) => ApplyWithGradient(x, new MinimumWithOp(other), "Minimum");

        /// <summary>a + b, after broadcasting.</summary>
        public static Tensor operator +(Tensor a, Tensor b) => AddOrSubtract(a, b, subtract: false, "Add");

        /// <summary>a + b.</summary>
        public static Tensor operator +(Tensor a, float b) => Apply(a, new AffineOp(1, b), "Add");

        /// <summary>a + b.</summary>
        public static Tensor operator +(float a, Tensor b) => Apply(b, new AffineOp(1, a), "Add");

        /// <summary>a − b, after broadcasting.</summary>
        public static Tensor operator -(Tensor a, Tensor b) => AddOrSubtract(a, b, subtract: true, "Subtract");

        /// <summary>a − b.</summary>
        public static Tensor operator -(Tensor a, float b) => Apply(a, new AffineOp(1, -b), "Subtract");

        /// <summary>a − b.</summary>
        public static Tensor operator -(float a, Tensor b) => Apply(b, new AffineOp(-1, a), "Subtract");

        /// <summary>a · b element by element, after broadcasting.</summary>
        public static Tensor operator *(Tensor a, Tensor b) => a.Apply(b, new MultiplyOp());

        /// <summary>a · b.</summary>
        public static Tensor operator *(Tensor a, float b) => Apply(a, new ScaleOp(b), "Multiply");

        /// <summary>a · b.</summary>
        public static Tensor operator *(float a, Tensor b) => Apply(b, new ScaleOp(a), "Multiply");

        /// <summary>a / b element by element, after broadcasting.</summary>
        public static Tensor operator /(Tensor a, Tensor b) => a.Apply(b, new DivideOp());

        /// <summary>a / b.</summary>
        public static Tensor operator /(Tensor a, float b) => DivideBy(a, b);

        /// <summary>a / b.</summary>
        public static Tensor operator /(float a, Tensor b) => ApplyWithGradient(b, new DivideIntoOp(a), "Divide");

        /// <summary>−a.</summary>
        public static Tensor operator -(Tensor a) => Apply(a, new NegateOp(), "Negate");
    }

    extension(float number)
    {
        /// <summary>The number to the power of a tensor; of a negative one for whole exponents only, else nan.</summary>
        public Tensor Pow(Tensor exponent) => ApplyWithGradient(exponent, new ExponentialOp(number), "Pow");
    }

    /// <summary>The name of an operation's struct without "Op", for messages.</summary>
    private static class OperationName<TOp>
    {
        public static readonly string Value = typeof(TOp).Name.EndsWith("Op", StringComparison.Ordinal)
            ? typeof(TOp).Name[..^2]
            : typeof(TOp).Name;
    }

    /// <summary>Of an operation, with the map of its gradient from one operand; from both it is the product with the derivative.</summary>
    private struct UnaryRule<TOp, TGradient> : IGradientRule
        where TOp : struct, IUnaryOp
        where TGradient : struct, IBinaryMap
    {
        private TOp _op;
        private TGradient _gradientMap;
        private Edge _x;
        private Saved _input, _output;

        public void Set(Node node, TOp op, TGradient gradientMap, Tensor x, Tensor y)
        {
            (_op, _gradientMap) = (op, gradientMap);
            _x = new Edge(x);
            _input = node.Save(x, when: (TOp.DerivativeReads & Operands.Input) != 0);
            _output = node.Save(y, when: (TOp.DerivativeReads & Operands.Output) != 0);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            if (TOp.DerivativeReads == Operands.InputAndOutput)
            {
                node.Device.Map(new GradientFromBothMap<TOp>(_op), _input.Get(node), _output.Get(node), gradient, contribution);
            }
            else
            {
                var operand = TOp.DerivativeReads switch
                {
                    Operands.Input => _input.Get(node),
                    Operands.Output => _output.Get(node),
                    _ => gradient,
                };
                node.Device.Map(_gradientMap, operand, gradient, contribution);
            }

            _x.End(contribution);
        }
    }

    /// <summary>The gradient is divided, too: the factor 1 / divisor may be infinite where the quotient is not.</summary>
    private struct DivideByRule : IGradientRule
    {
        private Edge _x;
        private float _divisor;

        public void Set(Tensor x, float divisor) => (_x, _divisor) = (new Edge(x), divisor);

        public readonly void Backward(Node node, Tensor gradient)
        {
            var contribution = _x.Begin();
            node.Device.Map(new DivideByMap(_divisor), gradient, contribution);
            _x.End(contribution);
        }
    }

    private struct BinaryRule<TOp> : IGradientRule where TOp : struct, IBinaryOp
    {
        private TOp _op;
        private Edge _a, _b;
        private Saved _savedA, _savedB;

        public void Set(Node node, TOp op, Tensor a, Tensor b)
        {
            _op = op;
            (_a, _b) = (new Edge(a), new Edge(b));
            _savedA = node.Save(a);
            _savedB = node.Save(b);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            Tensor a = _savedA.Get(node), b = _savedB.Get(node);
            if (_a.IsNeeded)
            {
                Pass(node, _a, new BinaryGradientAMap<TOp>(_op), a, b, gradient);
            }

            if (_b.IsNeeded)
            {
                Pass(node, _b, new BinaryGradientBMap<TOp>(_op), a, b, gradient);
            }
        }

        private static void Pass<TMap>(Node node, in Edge edge, TMap map, Tensor a, Tensor b, Tensor gradient)
            where TMap : struct, ITernaryMap
        {
            bool isDirect = edge.Shape == node.Shape;
            var contribution = isDirect ? edge.Begin() : Tensor.ResultLike(node.Operation, gradient);
            node.Device.Map(map, a, b, gradient, contribution);
            if (isDirect)
            {
                edge.End(contribution);
            }
            else
            {
                edge.PassBroadcast(contribution);
                Node.Drop(contribution);
            }
        }
    }

    /// <summary>a + b or a − b.</summary>
    private struct SumRule : IGradientRule
    {
        private Edge _a, _b;
        private bool _subtracts;

        public void Set(Node node, Tensor a, Tensor b, bool subtracts)
        {
            (_a, _b) = (new Edge(a), new Edge(b));
            _subtracts = subtracts;
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            _a.PassBroadcast(gradient);
            if (!_b.IsNeeded)
            {
                return;
            }

            if (_subtracts)
            {
                var negative = Tensor.ResultLike(node.Operation, gradient);
                node.Device.Map(new ScaleMap(-1), gradient, negative);
                _b.PassBroadcast(negative);
                Node.Drop(negative);
            }
            else
            {
                _b.PassBroadcast(gradient);
            }
        }
    }
}
