using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>A tensor that is learned: <see cref="Tape.Backward(Tensor)"/> adds into its <see cref="Gradient"/>.</summary>
public sealed partial class Parameter : Tensor
{
    private readonly LeafNode _leaf;
    private Tensor? _gradient;
    private GradientState _state;
    private int _claimant;

    /// <summary>Makes a parameter with a copy of a value.</summary>
    public Parameter(Tensor value, string name = "parameter") : base(Copy(value), new Layout(value.Shape), "Parameter")
    {
        Name = name;
        TapeSlot = _leaf = new LeafNode(this);
    }

    /// <summary>
    /// The name; of what a module has registered its path from the model that it was first put into: <c>features.0.weight</c>.
    /// </summary>
    public string Name { get; internal set; }

    /// <summary>
    /// Whether the name is one of several, as a module around the parameter was put into more than one other: which one is meant depends
    /// on the model from which one looks.
    /// </summary>
    internal bool HasSeveralNames { get; set; }

    /// <summary>The gradient; null before the first backward pass and after <see cref="ClearGradient"/>.</summary>
    /// <remarks>
    /// What uses of the parameter and passes contribute is added up in single precision, as is the gradient of any other tensor: n
    /// contributions that are alike make a sum that is wrong by up to n · 2⁻²⁵ of itself (10,000 times 0.1: by 1e-4), others by far less.
    /// To use a parameter thousands of times in a step, expand it: the gradient of <c>Expand</c> is one sum, added up in blocks.
    /// </remarks>
    public Tensor? Gradient => _state == GradientState.None ? null : _gradient;

    /// <summary>Whether an optimizer has used the gradient already: the next backward pass overwrites it.</summary>
    public bool IsGradientSpent => _state == GradientState.Spent;

    /// <summary>
    /// A frozen parameter gets no gradient and is not updated: neither one that is frozen after the forward pass has read it, nor one that
    /// is frozen after the backward pass.
    /// </summary>
    public bool IsFrozen
    {
        get => TapeSlot is null;
        set
        {
            if (value == IsFrozen)
            {
                return;
            }

            TapeSlot = value ? null : _leaf;
            _leaf.IsClosed = value;
            if (value)
            {
                // After the thaw, a backward pass replaces the gradient from before instead of adding to it. A gradient that
                // SetGradient puts there meanwhile counts.
                Spend();
            }
        }
    }

    /// <summary>Forgets the gradient.</summary>
    public void ClearGradient() => _state = GradientState.None;

    /// <summary>Replaces the gradient, as a custom training loop may.</summary>
    /// <exception cref="ShapeException">It has another shape than the parameter.</exception>
    public void SetGradient(Tensor gradient)
    {
        Operation.Check("SetGradient", gradient);
        if (gradient.Device != Device)
        {
            throw new TensorException("SetGradient", $"a gradient on {gradient.Device} for parameter '{Name}' on {Device}",
                "bring both to one device");
        }

        if (gradient.Shape != Shape)
        {
            throw new ShapeException("SetGradient", $"a gradient of shape {gradient.Shape} for parameter '{Name}' of shape {Shape}",
                "give the parameter's shape");
        }

        var buffer = Buffer();
        Device.Copy(gradient, buffer);
        buffer.Storage.MarkWritten();
        _state = GradientState.Fresh;
    }

    /// <summary>Called with what a backward pass adds to the gradient, before it is added; may return a replacement.</summary>
    public HookHandle OnGradient(Func<Tensor, Tensor?> hook) => _leaf.AddHook(hook);

    /// <summary>Whether this thread alone changes the parameter and its gradient.</summary>
    internal bool IsClaimed => Volatile.Read(ref _claimant) == Environment.CurrentManagedThreadId;

    /// <summary>
    /// Makes sure that this thread alone changes the parameter and its gradient, until <see cref="Unclaim"/>. False where the thread has
    /// claimed it already.
    /// </summary>
    /// <exception cref="TensorException">Another thread has claimed it.</exception>
    internal bool Claim(string operation)
    {
        if (IsClaimed)
        {
            return false;
        }

        return Interlocked.CompareExchange(ref _claimant, Environment.CurrentManagedThreadId, 0) == 0
            ? true
            : throw new TensorException(operation,
                $"another thread is changing parameter '{Name}' of shape {Shape} or its gradient, by Backward or an optimizer's Step",
                "put one lock around forward pass, Backward and Step together, step once after the passes of all threads, or give each "
                + "thread a model of its own");
    }

    /// <summary>Lets other threads change the parameter.</summary>
    internal void Unclaim() => Volatile.Write(ref _claimant, 0);

    /// <summary>Marks the gradient as used.</summary>
    internal void Spend() => _state = _state == GradientState.None ? GradientState.None : GradientState.Spent;

    /// <summary>The number of the outermost module that was last seen to list this, so that it is not looked for again.</summary>
    internal long ListedBy { get; set; }

    /// <summary>Whether it stands for an operand of a gradient check, which is no parameter.</summary>
    internal bool IsStandIn { get; init; }

    /// <summary>Moves value and gradient to a device.</summary>
    internal void MoveTo(Device device)
    {
        if (device == Device)
        {
            return;
        }

        var (gradient, state) = (_gradient, _state);
        Exchange(device);
        (_gradient, _state) = (gradient?.Keep(device), state);
    }

    /// <summary>Puts a copy of the value on a device, without gradient, and returns what was there before.</summary>
    internal Contents Exchange(Device device)
    {
        var contents = new Contents(Storage, _gradient, _state);
        Settle(new Contents(Keep(device).Storage, null, GradientState.None));
        return contents;
    }

    /// <summary>Takes up what <see cref="Exchange"/> returned.</summary>
    internal void Restore(Contents contents) => Settle(contents);

    private void Settle(Contents contents)
    {
        Rebind(contents.Storage);
        _leaf.Describe("Parameter", Shape, Device);
        (_gradient, _state) = (contents.Gradient, contents.State);
    }

    private static Storage Copy(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Keep().Storage;
    }

    private Tensor Buffer() => _gradient ??= Persistent(Shape, Device, "Gradient");

    internal enum GradientState
    {
        None,
        Fresh,
        Spent,
    }

    /// <summary>What a parameter holds: where its numbers are, and its gradient.</summary>
    internal readonly record struct Contents(Storage Storage, Tensor? Gradient, GradientState State);
}
