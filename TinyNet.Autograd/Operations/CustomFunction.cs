using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// A function with a backward rule of its own, for gradients that the tape could not find by itself or not as well. Derive
/// from it, write <see cref="Forward"/> and <see cref="Backward"/> in tensor operations, and call <see cref="Apply"/>.
/// For an element-wise function write an <see cref="IUnaryOp"/> instead.
/// </summary>
/// <example>
/// <code>
/// sealed class StraightThroughRound : CustomFunction
/// {
///     protected override Tensor Forward(FunctionContext context) => context.Input(0).Round();
///     protected override void Backward(FunctionContext context, Tensor gradient) => context.AddGradient(0, gradient);
/// }
/// </code>
/// </example>
public abstract class CustomFunction
{
    /// <summary>The name in messages; by default that of the class.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Runs the function on tensors of one device.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public Tensor Apply(params ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length == 0)
        {
            throw new ArgumentException($"{Name}: no inputs; give at least one", nameof(inputs));
        }

        bool records = false;
        foreach (var input in inputs)
        {
            Operation.Check(Name, inputs[0], input);
            records |= Tape.Records(input);
        }

        var node = FunctionNode.Rent();
        node.Set(this, inputs);
        node.Describe(Name, inputs[0].Shape, inputs[0].Device);
        bool isOnTape = false;
        Tensor y;
        try
        {
            using (Tape.NoGrad())
            {
                // A view, so that the node is not put on a tensor that the function hands on: an input, a constant, a result from before.
                y = Forward(new FunctionContext(node)) ?? throw new TensorException(Name, "its Forward returned null", "return a tensor");
                Operation.Check(Name, inputs[0], y);
                y = y.View(y.Layout, Name);
            }

            if (records)
            {
                node.Output = node.Save(y);
                Tape.Push(node, y);
                isOnTape = true;
                node.Describe(Name, y.Shape, y.Device);
            }
        }
        finally
        {
            if (!isOnTape)
            {
                node.Recycle();
            }
        }

        Tape.CheckResult(y);
        return y;
    }

    /// <summary>Computes the result from <see cref="FunctionContext.Input"/>. Nothing in here is recorded.</summary>
    protected abstract Tensor Forward(FunctionContext context);

    /// <summary>
    /// Given ∂L/∂y, adds ∂L/∂x for every input whose gradient is needed, by <see cref="FunctionContext.AddGradient"/>.
    /// Nothing in here is recorded: gradients are of first order.
    /// </summary>
    protected abstract void Backward(FunctionContext context, Tensor gradient);

    internal sealed class FunctionNode : PooledNode<FunctionNode>
    {
        private readonly List<(Edge Edge, Saved Saved)> _inputs = [];
        private CustomFunction? _function;

        public Saved Output;

        public int Count => _inputs.Count;

        public CustomFunction Function => _function!;

        public void Set(CustomFunction function, ReadOnlySpan<Tensor> inputs)
        {
            _function = function;
            foreach (var input in inputs)
            {
                _inputs.Add((new Edge(input), Save(input)));
            }
        }

        public Tensor Input(int index) => _inputs[Place(index)].Saved.Get(this);

        public Edge Edge(int index) => _inputs[Place(index)].Edge;

        public override void Backward(Tensor gradient) => _function!.Backward(new FunctionContext(this), gradient);

        private int Place(int index) => (uint)index < (uint)_inputs.Count
            ? index
            : throw new ArgumentOutOfRangeException(nameof(index), index, $"{_function!.Name}: inputs are 0 to {_inputs.Count - 1}");

        protected override void Clear()
        {
            _inputs.Clear();
            (Output, _function) = (default, null);
        }
    }
}

/// <summary>What a <see cref="CustomFunction"/> works with: its inputs, its result, and where gradients go.</summary>
public readonly struct FunctionContext
{
    private readonly CustomFunction.FunctionNode? _held;

    internal FunctionContext(CustomFunction.FunctionNode node) => _held = node;

    // After the function, its node is empty.
    private CustomFunction.FunctionNode Running => _held is { Count: > 0 } node
        ? node
        : throw new LifetimeException(
            "FunctionContext", "no function runs with this context", "use the one that Forward and Backward are given, while they run");

    /// <summary>The number of inputs.</summary>
    public int InputCount => Running.Count;

    /// <summary>The result, in the backward rule.</summary>
    /// <exception cref="LifetimeException">There is none yet: Forward is computing it.</exception>
    public Tensor Output => Running.Output.GetIfSet(Running)
        ?? throw new LifetimeException(Running.Function.Name, "the result was asked for before Forward had returned it",
            "Output is for the backward rule");

    /// <summary>An input.</summary>
    /// <exception cref="LifetimeException">In the backward rule: it was overwritten since.</exception>
    public Tensor Input(int index) => Running.Input(index);

    /// <summary>Whether the gradient of an input is needed.</summary>
    public bool NeedsGradient(int index) => Running.Edge(index).IsNeeded;

    /// <summary>Adds to the gradient of an input; where that is not needed, nothing happens.</summary>
    /// <exception cref="ShapeException">The gradient has another shape than the input.</exception>
    /// <exception cref="LifetimeException">The backward rule does not run, or has set its tape aside for another one.</exception>
    public void AddGradient(int index, Tensor gradient)
    {
        if (Tape.Current?.Running != Running)
        {
            throw new LifetimeException(Running.Function.Name,
                "AddGradient was called where the tape that runs the backward rule is not open",
                "call it in the backward rule, after what Tape.Suspend() returned is disposed");
        }

        var edge = Running.Edge(index);
        if (!edge.IsNeeded)
        {
            return;
        }

        Operation.Check(Running.Function.Name, gradient);
        if (gradient.Device != Running.Device)
        {
            throw new TensorException($"Backward of {Running.Function.Name}",
                $"a gradient on {gradient.Device} for input {index} on {Running.Device}", "compute it on the device of the inputs");
        }

        if (gradient.Shape != edge.Shape)
        {
            throw new ShapeException($"Backward of {Running.Function.Name}",
                $"a gradient of shape {gradient.Shape} for input {index} of shape {edge.Shape}", "give the input's shape");
        }

        edge.Pass(gradient);
    }

    /// <summary>
    /// The elements of a tensor as floats, for rules written in plain loops. The reference device, which computes in double precision,
    /// refuses.
    /// </summary>
    /// <exception cref="TensorException">The tensor is on the reference device.</exception>
    public float[] ReadFloats(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        RefuseReference(tensor.Device);
        return tensor.ToArray();
    }

    /// <summary>
    /// A tensor on the device of the first input from floats, for rules written in plain loops. The reference device refuses.
    /// </summary>
    /// <exception cref="TensorException">The inputs are on the reference device.</exception>
    public Tensor FromFloats(ReadOnlySpan<float> values, Shape shape)
    {
        var device = Running.Input(0).Device;
        RefuseReference(device);
        return Tensor.From(values, shape, device);
    }

    private void RefuseReference(Device device)
    {
        if (device is ReferenceDevice)
        {
            throw new TensorException(Running.Function.Name,
                "it reads or writes raw floats, which would lose the double precision of the reference device",
                "write its rules in tensor operations or as an IUnaryOp");
        }
    }
}
