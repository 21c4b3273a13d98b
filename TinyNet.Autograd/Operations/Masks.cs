using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Comparisons, whose results are masks of 0 and 1 without gradient, and selections by masks.</summary>
public static class Masks
{
    extension(Tensor x)
    {
        /// <summary>1 where x &lt; other, else 0.</summary>
        public Tensor IsLess(Tensor other) => Compare("IsLess", x, other, Comparison.Less);

        /// <summary>The same with a number.</summary>
        public Tensor IsLess(float other) => Compare("IsLess", x, other, Comparison.Less);

        /// <summary>1 where x ≤ other, else 0.</summary>
        public Tensor IsLessOrEqual(Tensor other) => Compare("IsLessOrEqual", x, other, Comparison.LessOrEqual);

        /// <summary>The same with a number.</summary>
        public Tensor IsLessOrEqual(float other) => Compare("IsLessOrEqual", x, other, Comparison.LessOrEqual);

        /// <summary>1 where x &gt; other, else 0.</summary>
        public Tensor IsGreater(Tensor other) => Compare("IsGreater", x, other, Comparison.Greater);

        /// <summary>The same with a number.</summary>
        public Tensor IsGreater(float other) => Compare("IsGreater", x, other, Comparison.Greater);

        /// <summary>1 where x ≥ other, else 0.</summary>
        public Tensor IsGreaterOrEqual(Tensor other) => Compare("IsGreaterOrEqual", x, other, Comparison.GreaterOrEqual);

        /// <summary>The same with a number.</summary>
        public Tensor IsGreaterOrEqual(float other) => Compare("IsGreaterOrEqual", x, other, Comparison.GreaterOrEqual);

        /// <summary>1 where x = other, else 0; nan equals nothing.</summary>
        public Tensor IsEqual(Tensor other) => Compare("IsEqual", x, other, Comparison.Equal);

        /// <summary>The same with a number.</summary>
        public Tensor IsEqual(float other) => Compare("IsEqual", x, other, Comparison.Equal);

        /// <summary>1 where x ≠ other, else 0; nan differs from everything.</summary>
        public Tensor IsNotEqual(Tensor other) => Compare("IsNotEqual", x, other, Comparison.NotEqual);

        /// <summary>The same with a number.</summary>
        public Tensor IsNotEqual(float other) => Compare("IsNotEqual", x, other, Comparison.NotEqual);

        /// <summary>x where the mask is 0, the value elsewhere; the mask broadcasts to x.</summary>
        /// <exception cref="ShapeException">The mask does not broadcast to the shape of x.</exception>
        public Tensor MaskedFill(Tensor mask, float value)
        {
            ArgumentNullException.ThrowIfNull(x);
            ArgumentNullException.ThrowIfNull(mask);
            if (Shape.Broadcast(x.Shape, mask.Shape, "MaskedFill") != x.Shape)
            {
                throw new ShapeException("MaskedFill", $"a mask of shape {mask.Shape} for a tensor of shape {x.Shape}",
                    "the mask must broadcast to the tensor's shape, not the other way round");
            }

            return Select("MaskedFill", mask, Number("MaskedFill", value, x), x);
        }

        /// <summary>condition ≠ 0 ? a : b for every element; all three broadcast.</summary>
        public static Tensor Where(Tensor condition, Tensor a, Tensor b) => Select("Where", condition, a, b);

        /// <summary>condition ≠ 0 ? a : b for every element; condition and a broadcast.</summary>
        public static Tensor Where(Tensor condition, Tensor a, float b) => Select("Where", condition, a, Number("Where", b, a));

        /// <summary>condition ≠ 0 ? a : b for every element; condition and b broadcast.</summary>
        public static Tensor Where(Tensor condition, float a, Tensor b) => Select("Where", condition, Number("Where", a, b), b);
    }

    /// <summary>A scalar where another tensor is.</summary>
    private static Tensor Number(string name, float value, Tensor beside)
    {
        Operation.Check(name, beside);
        var number = Tensor.Result(name, [], beside.Device);
        number.Device.Fill(number, value);
        return number;
    }

    private static Tensor Compare(string name, Tensor x, float number, Comparison comparison)
    {
        Operation.Check(name, x);
        var y = Tensor.Result(name, x.Shape, x.Device);
        x.Device.Map(new CompareWithMap(comparison, number), x, y);
        AttentionMasks.MarkZerosAndOnes(y);
        return y;
    }

    private static Tensor Compare(string name, Tensor a, Tensor b, Comparison comparison)
    {
        Operation.Check(name, a, b);
        var y = Tensor.Result(name, Shape.Broadcast(a.Shape, b.Shape, name), a.Device);
        a.Device.Map(new CompareMap(comparison), a, b, y);
        AttentionMasks.MarkZerosAndOnes(y);
        return y;
    }

    private static Tensor Select(string name, Tensor condition, Tensor a, Tensor b)
    {
        Operation.Check(name, a, b);
        Operation.Check(name, condition, a);
        var y = Tensor.Result(name, Shape.Broadcast(Shape.Broadcast(a.Shape, b.Shape, name), condition.Shape, name), a.Device);
        a.Device.Map(new WhereMap(), condition, a, b, y);
        if (Tape.Records(a, b))
        {
            var node = Node<SelectRule>.Rent();
            node.Rule.Set(node, condition, a, b);
            Tape.Push(node, y);
        }

        return y;
    }

    private struct SelectRule : IGradientRule
    {
        private Saved _condition;
        private Edge _a, _b;

        public void Set(Node node, Tensor condition, Tensor a, Tensor b)
        {
            _condition = node.Save(condition);
            (_a, _b) = (new Edge(a), new Edge(b));
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            Pass(node, _a, gradient, whereZero: false);
            Pass(node, _b, gradient, whereZero: true);
        }

        private readonly void Pass(Node node, in Edge edge, Tensor gradient, bool whereZero)
        {
            if (edge.IsNeeded)
            {
                var masked = Tensor.Result(node.Operation, node.Shape, node.Device);
                node.Device.Map(new MaskMap(whereZero), _condition.Get(node), gradient, masked);
                edge.PassBroadcast(masked);
                Node.Drop(masked);
            }
        }
    }
}
