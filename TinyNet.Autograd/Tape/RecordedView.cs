using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Views with history.</summary>
internal static class RecordedView
{
    /// <summary>A view of a tensor, which goes onto the tape where the tensor has history.</summary>
    public static Tensor Of(string name, Tensor x, in ViewStep step, bool isAlias = false)
    {
        var y = x.View(step.Apply(x.Layout), name);
        if (Tape.Records(x))
        {
            var node = Node<ViewRule>.Rent();
            node.Rule.Set(node, x, step);
            Tape.Push(node, y, isAlias);
        }

        return y;
    }

    /// <summary>The gradient of a view is a view of the gradient, except where elements repeat (a sum) or are left out (zeros).</summary>
    private struct ViewRule : IGradientRule
    {
        private Edge _x;
        private ViewStep _step;

        public void Set(Node node, Tensor x, in ViewStep step) => (_x, _step) = (new Edge(x), step);

        public readonly void Backward(Node node, Tensor gradient)
        {
            switch (_step.Way)
            {
                case ViewStep.Kind.Permute:
                    _x.Pass(gradient.View(_step.Undo(gradient.Layout), node.Operation));
                    break;
                case ViewStep.Kind.Reshape when gradient.Layout.TryReshape(_x.Shape, out var reshaped):
                    _x.Pass(gradient.View(reshaped, node.Operation));
                    break;
                case ViewStep.Kind.Reshape:
                    var dense = Tensor.Result(node.Operation, node.Shape, node.Device);
                    node.Device.Copy(gradient, dense);
                    _x.Pass(dense.View(new Layout(_x.Shape), node.Operation));
                    Node.Drop(dense);
                    break;
                case ViewStep.Kind.Expand:
                    _x.PassBroadcast(gradient);
                    break;
                default:
                    var own = _x.Own();
                    var region = own.View(_step.Apply(own.Layout), node.Operation);
                    node.Device.Map(new SumMap(), region, gradient, region);
                    break;
            }
        }
    }
}

/// <summary>How a view is made of any layout: once of the operand's, and again of its gradient's.</summary>
internal readonly struct ViewStep
{
    private readonly Shape _values;
    private readonly int _axis, _start, _count, _stride;

    private ViewStep(Kind kind, in Shape values, int axis = 0, int start = 0, int count = 0, int stride = 0)
    {
        Way = kind;
        _values = values;
        (_axis, _start, _count, _stride) = (axis, start, count, stride);
    }

    public enum Kind
    {
        Permute,
        Reshape,
        Expand,
        Slice,
        Select,
        Diagonal,
    }

    public Kind Way { get; }

    public static ViewStep Permute(ReadOnlySpan<int> order) => new(Kind.Permute, new Shape(order));

    public static ViewStep Reshape(in Shape shape) => new(Kind.Reshape, shape);

    public static ViewStep Expand(in Shape shape) => new(Kind.Expand, shape);

    public static ViewStep Slice(int axis, int start, int count, int stride) => new(Kind.Slice, default, axis, start, count, stride);

    public static ViewStep Select(int axis, int index) => new(Kind.Select, default, axis, index);

    public static ViewStep Diagonal(int axis0, int axis1) => new(Kind.Diagonal, default, axis0, axis1);

    public Layout Apply(in Layout layout)
    {
        switch (Way)
        {
            case Kind.Permute:
                return layout.Permute(_values.Sizes);
            case Kind.Expand:
                return layout.Expand(_values);
            case Kind.Slice:
                return layout.Slice(_axis, _start, _count, _stride);
            case Kind.Select:
                return layout.Select(_axis, _start);
            case Kind.Diagonal:
                return layout.Diagonal(_axis, _start);
            default:
                layout.TryReshape(_values, out var reshaped);
                return reshaped;
        }
    }

    /// <summary>The layout that a permutation undone gives.</summary>
    public Layout Undo(in Layout layout)
    {
        Span<int> inverse = stackalloc int[_values.Rank];
        for (int axis = 0; axis < inverse.Length; axis++)
        {
            inverse[_values.Sizes[axis]] = axis;
        }

        return layout.Permute(inverse);
    }
}
