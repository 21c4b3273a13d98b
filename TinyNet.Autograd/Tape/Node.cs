using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// What the tape knows about a tensor whose gradient is wanted: its gradient, and the rule that passes it on to the
/// operands of the operation that made it. Nodes are recycled from step to step.
/// </summary>
internal abstract class Node : IViewHistory
{
    private bool _isShared, _isAlias;
    private Tensor? _result;
    private int _resultVersion;
    private (Storage Storage, int Generation)[] _held = [];
    private int _heldCount;

    /// <summary>The operation, for messages.</summary>
    public string Operation { get; private set; } = "";

    /// <summary>The shape of the tensor and of its gradient.</summary>
    public Shape Shape { get; private set; }

    public Device Device { get; private set; } = Device.Default;

    /// <summary>The gradient as far as it has come in; null while nothing has.</summary>
    public Tensor? Gradient { get; private set; }

    /// <summary>Whether the gradient is not wanted any more: of a parameter that was frozen after it was read.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Called with the complete gradient before the rule; may replace it.</summary>
    public HookList<Func<Tensor, Tensor?>>? Hooks { get; private set; }

    Tensor IViewHistory.Slice(Tensor x, int axis, int start, int stop)
    {
        Autograd.Operation.Check("Slice", x);
        return RecordedView.Of("Slice", x, ViewStep.Slice(axis, start, stop - start, 1));
    }

    Tensor IViewHistory.Select(Tensor x, int axis, int index)
    {
        Autograd.Operation.Check("Select", x);
        return RecordedView.Of("Select", x, ViewStep.Select(axis, index));
    }

    /// <summary>Adds the gradients of the operands, given that of the result.</summary>
    public abstract void Backward(Tensor gradient);

    /// <summary>Forgets everything and makes the node ready for another use.</summary>
    public abstract void Recycle();

    public HookHandle AddHook(Func<Tensor, Tensor?> hook) => (Hooks ??= new()).Add(hook);

    /// <summary>A tensor to write a contribution to the gradient into, every element of it; then call <see cref="EndGradient"/>.</summary>
    public virtual Tensor BeginGradient() =>
        _result is null ? Tensor.Result(Operation, Shape, Device) : Tensor.ResultLike(Operation, _result);

    /// <summary>Adds the contribution that <see cref="BeginGradient"/> made room for.</summary>
    public virtual void EndGradient(Tensor contribution)
    {
        Check(contribution);
        if (Gradient is null)
        {
            Gradient = contribution;
            return;
        }

        if (_isShared)
        {
            // Somebody else reads the gradient so far: the sum goes into the contribution, which is ours.
            Device.Map(new SumMap(), Gradient, contribution, contribution);
            Drop(Gradient);
            (Gradient, _isShared) = (contribution, false);
        }
        else
        {
            Device.Map(new SumMap(), Gradient, contribution, Gradient);
            Drop(contribution);
        }
    }

    /// <summary>Adds a contribution that belongs to somebody else and must not change. The first one is shared, not copied.</summary>
    public virtual void PassGradient(Tensor contribution)
    {
        if (Gradient is null)
        {
            Check(contribution);
            Hold(contribution);
            (Gradient, _isShared) = (contribution, true);
        }
        else
        {
            var copy = BeginGradient();
            Device.Copy(contribution, copy);
            EndGradient(copy);
        }
    }

    /// <summary>The gradient so far, zeros at first, for adding to parts of it in place.</summary>
    public virtual Tensor OwnGradient()
    {
        if (Gradient is null || _isShared)
        {
            var own = BeginGradient();
            Device.Fill(own, 0);
            EndGradient(own);
        }

        return Gradient!;
    }

    /// <summary>Takes the gradient away from the node.</summary>
    public Tensor? TakeGradient()
    {
        var gradient = Gradient;
        (Gradient, _isShared) = (null, false);
        return gradient;
    }

    /// <summary>Puts back what <see cref="TakeGradient"/> took.</summary>
    private protected void PutBack(Tensor? gradient) => (Gradient, _isShared) = (gradient, false);

    /// <summary>Keeps the memory of a tensor from being given back before <see cref="Drop"/>, or the end of the scope.</summary>
    public static void Hold(Tensor tensor) => tensor.Storage.Holds++;

    /// <summary>Gives the memory of a gradient back, unless somebody else still refers to it.</summary>
    public static void Drop(Tensor gradient)
    {
        if (gradient.Storage.Holds > 0)
        {
            gradient.Storage.Holds--;
        }
        else
        {
            gradient.Release();
        }
    }

    /// <summary>
    /// A new tensor for a contribution to an operand, if one is wanted. A rule that writes several contributions at once uses it instead of
    /// <see cref="Edge.Begin"/>: that may give the gradient of a parameter itself, and one parameter may be two operands.
    /// </summary>
    public Tensor? NewContribution(in Edge edge) => edge.IsNeeded ? Tensor.Result(Operation, edge.Shape, Device) : null;

    /// <summary>A tensor that lies in memory as the result does, with dirty elements.</summary>
    public Tensor NewResult() => Tensor.Result(Operation, _result!.Layout, Device);

    /// <summary>Keeps a tensor, if there is one and the rule reads it, until the node is recycled.</summary>
    public Saved Save(Tensor? tensor, bool when = true)
    {
        if (tensor is null || !when)
        {
            return default;
        }

        if (_heldCount == _held.Length)
        {
            Array.Resize(ref _held, Math.Max(2, 2 * _heldCount));
        }

        Hold(tensor);
        _held[_heldCount++] = (tensor.Storage, tensor.Storage.Generation);
        return new Saved(tensor);
    }

    internal void Describe(string operation, in Shape shape, Device device)
    {
        Operation = operation;
        Shape = shape;
        Device = device;
    }

    /// <summary>
    /// Becomes the history of a result until the node is recycled. A result that outlives that, a view of a parameter, has none then.
    /// An alias is another tensor in the place of its operand: it may be overwritten wherever that one may, which has a node of its own or
    /// is a parameter.
    /// </summary>
    internal void Attach(Tensor result, bool isAlias)
    {
        _isAlias = isAlias;
        Describe(result.Origin, result.Shape, result.Device);
        (_result, _resultVersion) = (result, result.Storage.Version);
        result.TapeSlot = this;
    }

    /// <summary>
    /// Throws where the result was overwritten in place: its gradient would be that of numbers which are not there any more.
    /// </summary>
    internal void EnsureResultUnchanged()
    {
        if (!_isAlias && _result is { IsAlive: true } result && result.Storage.Version != _resultVersion)
        {
            throw new LifetimeException($"Backward of {Operation}", $"its result of shape {Shape} was overwritten in place",
                "write into a copy, or select with Where or MaskedFill");
        }
    }

    private protected void Forget()
    {
        if (_result is { } result)
        {
            result.TapeSlot = null;
            _result = null;
        }

        Gradient = null;
        _isShared = false;
        Hooks = null;
        foreach (var (storage, generation) in _held.AsSpan(0, _heldCount))
        {
            if (storage.Holds > 0 && storage.Generation == generation)
            {
                storage.Holds--;
            }
        }

        Array.Clear(_held, 0, _heldCount);
        _heldCount = 0;
    }

    private protected void Check(Tensor contribution) => Tape.Current?.CheckGradient(contribution, this);
}

/// <summary>A kind of node that is used again and again: those that no step needs wait in a list of their thread.</summary>
internal abstract class PooledNode<TSelf> : Node where TSelf : PooledNode<TSelf>, new()
{
    [ThreadStatic]
    private static TSelf? _free;

    private TSelf? _next;

    /// <summary>A node of this kind.</summary>
    public static TSelf Rent()
    {
        var node = _free;
        if (node is null)
        {
            return new TSelf();
        }

        _free = node._next;
        node._next = null;
        return node;
    }

    public sealed override void Recycle()
    {
        Forget();
        Clear();
        _next = _free;
        _free = (TSelf)this;
    }

    /// <summary>Forgets where gradients go, and what the rule reads.</summary>
    protected abstract void Clear();
}

/// <summary>How the gradient of an operation's result goes back to its operands: edges, saved tensors and settings in a struct.</summary>
internal interface IGradientRule
{
    /// <summary>Adds the gradients of the operands, given that of the result.</summary>
    void Backward(Node node, Tensor gradient);
}

/// <summary>The node of an operation.</summary>
internal sealed class Node<TRule> : PooledNode<Node<TRule>> where TRule : struct, IGradientRule
{
    /// <summary>The rule, to be filled in when the operation is recorded.</summary>
    public TRule Rule;

    public override void Backward(Tensor gradient) => Rule.Backward(this, gradient);

    protected override void Clear() => Rule = default;
}

/// <summary>
/// The rule of an operation that ran together with an element-wise f on its result: the derivative of f first, then the rule of the
/// operation. The input of f is not kept, so its derivative must not read it.
/// </summary>
internal struct ActivatedRule<TRule, TOp> : IGradientRule where TRule : struct, IGradientRule where TOp : struct, IUnaryOp
{
    /// <summary>The rule of the operation alone.</summary>
    public TRule Operation;

    private TOp _op;
    private Saved _output;

    private static bool IsIdentity => typeof(TOp) == typeof(IdentityOp);

    private static bool ReadsOutput => !IsIdentity && (TOp.DerivativeReads & Operands.Output) != 0;

    public void Set(Node node, TOp op, Tensor y)
    {
        _op = op;
        _output = node.Save(y, when: ReadsOutput);
    }

    public readonly void Backward(Node node, Tensor gradient)
    {
        if (IsIdentity)
        {
            Operation.Backward(node, gradient);
            return;
        }

        var before = node.NewResult();
        node.Device.Map(new GradientFromOneMap<TOp>(_op), ReadsOutput ? _output.Get(node) : gradient, gradient, before);
        Operation.Backward(node, before);
        Node.Drop(before);
    }
}
