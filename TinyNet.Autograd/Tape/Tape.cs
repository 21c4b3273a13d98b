using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Records the operations of a step, and computes gradients by walking them backwards (reverse-mode automatic
/// differentiation). It is also the lifetime of the step: what operations make while it is open ends with it.
/// </summary>
/// <remarks>
/// A tape belongs to the thread that opened it, and each thread has its own. Any number of threads may run one model forward in evaluation
/// mode. What changes a model is for one thread at a time: its layout, mode and values, a forward pass in training (running statistics,
/// random streams), an optimizer's step, and a backward pass, which adds to the gradients. Where <c>Backward</c> or <c>Step</c> meets
/// another thread's on one parameter, it is refused instead of losing a gradient. What works: one lock around forward pass,
/// <c>Backward</c> and <c>Step</c> together, as no step may come between a forward pass and its <c>Backward</c>; a lock around
/// <c>Backward</c> alone where one thread steps after all passes; or a model a thread. Models that share no parameter have nothing to do
/// with each other, and a frozen parameter may be shared by any.
/// </remarks>
/// <example>
/// <code>
/// using var tape = Tape.Record();
/// var loss = (w * x).Sum();
/// tape.Backward(loss);
/// </code>
/// </example>
public sealed class Tape : IDisposable
{
    [ThreadStatic]
    private static Tape? _current;

    [ThreadStatic]
    private static NodeList? _spareNodes;

    private const string RecordKind = "Tape.Record()", NoRecordKind = "Tape.NoRecord()";

    private readonly StepScope _scope;
    private readonly bool _isForRecording, _detectsAnomalies;
    private readonly NodeList _nodes;
    private bool _isDisposed, _isSpent;
    private Action? _afterBackward;

    private Tape(bool isForRecording, bool detectsAnomalies)
    {
        _scope = StepScope.Open(isForRecording ? RecordKind : NoRecordKind);
        IsRecording = _isForRecording = isForRecording;
        _detectsAnomalies = detectsAnomalies;
        _nodes = _spareNodes ?? new NodeList();
        _spareNodes = null;
        _current = this;
    }

    /// <summary>The open tape of this thread, if any.</summary>
    internal static Tape? Current => _current is { } tape && tape._scope == StepScope.Current ? tape : null;

    /// <summary>Whether operations are being recorded on this thread.</summary>
    public static bool IsRecordingNow => Current is { IsRecording: true };

    /// <summary>Whether the open tape of this thread checks every result.</summary>
    internal static bool IsDetectingAnomalies => Current is { _detectsAnomalies: true };

    /// <summary>The node whose rule a walk of this tape runs, if it does.</summary>
    internal Node? Running => _nodes.Running;

    /// <summary>Whether its scope has not been closed.</summary>
    internal bool IsOpen => !_isDisposed;

    private bool IsRecording { get; set; }

    /// <summary>Opens a scope that records operations, for training.</summary>
    /// <param name="detectAnomalies">
    /// Check every result and gradient, and throw at the first operation that makes a nan or infinity. Slow.
    /// </param>
    /// <exception cref="LifetimeException">A scope is open on this thread.</exception>
    public static Tape Record(bool detectAnomalies = false) => new(isForRecording: true, detectAnomalies);

    /// <summary>Opens a scope without recording, for evaluation and inference.</summary>
    /// <exception cref="LifetimeException">A scope is open on this thread.</exception>
    public static Tape NoRecord() => new(isForRecording: false, detectsAnomalies: false);

    /// <summary>Switches recording off until the result is disposed; the scope stays what it is. Outside a scope it does nothing.</summary>
    public static RecordingPause NoGrad() => new(Current);

    /// <summary>
    /// Sets the open scope of this thread, if any, aside until the result is disposed, for a computation that is not part of the step.
    /// </summary>
    public static Suspension Suspend() => new();

    /// <summary>
    /// Computes the gradient of a scalar with respect to every parameter it was computed from, and adds it into
    /// <see cref="Parameter.Gradient"/>. A tape can be walked once.
    /// </summary>
    /// <remarks>
    /// Where it throws, gradients that it was to add to are as before; others of the parameters that it had reached are gone. A hook may
    /// open a tape of its own (<see cref="Suspend"/>) and walk that: hooks of parameters see the sum of each pass apart.
    /// </remarks>
    /// <exception cref="ShapeException">The tensor is not a scalar.</exception>
    /// <exception cref="LifetimeException">
    /// The tape was opened without recording or walked before, nothing was recorded for the tensor, or a tensor that a rule needs was
    /// overwritten.
    /// </exception>
    /// <exception cref="TensorException">Another thread is changing one of the parameters, by a backward pass or a step.</exception>
    public void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        EnsureForRecording();
        if (loss.Length != 1)
        {
            throw new ShapeException("Backward", $"a tensor of shape {loss.Shape}",
                "only a scalar has a gradient: reduce it (Mean, Sum), or pass the gradient of the result as second argument");
        }

        loss.EnsureAlive("Backward");
        var one = Tensor.Result("Backward", loss.Shape, loss.Device);
        loss.Device.Fill(one, 1);
        Backward(loss, one);
    }

    /// <summary>The same for a tensor of any shape, given the gradient of what follows with respect to it.</summary>
    /// <exception cref="ShapeException">Tensor and gradient have different shapes.</exception>
    /// <exception cref="LifetimeException">As for a scalar.</exception>
    /// <exception cref="TensorException">As for a scalar.</exception>
    public void Backward(Tensor result, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(gradient);
        EnsureForRecording();
        EnsureOpen();
        Operation.Check("Backward", result, gradient);
        if (gradient.Shape != result.Shape)
        {
            throw new ShapeException("Backward", $"a gradient of shape {gradient.Shape} for a tensor of shape {result.Shape}",
                "give both the same shape");
        }

        if (_isSpent)
        {
            throw new LifetimeException("Backward", "this tape was walked before",
                "add losses up and call Backward once a scope, or record the forward pass again");
        }

        if (result.TapeSlot is not Node last)
        {
            throw new LifetimeException("Backward",
                $"no operation on a parameter was recorded for the tensor of shape {result.Shape} made by {result.Origin}",
                "compute it from parameters that are not frozen, inside Tape.Record(), without Detach or NoGrad in between");
        }

        _isSpent = true;
        bool wasRecording = IsRecording, isComplete = false;
        IsRecording = false;
        try
        {
            last.PassGradient(gradient);
            for (int i = _nodes.Count - 1; i >= 0; i--)
            {
                Walk(_nodes[i]);
            }

            AddCollected();
            isComplete = true;
        }
        finally
        {
            _nodes.EndWalk(isComplete);
            IsRecording = wasRecording;
        }

        _afterBackward?.Invoke();
    }

    /// <summary>Calls a function when <see cref="Backward(Tensor)"/> has ended and all gradients of parameters are complete.</summary>
    internal void AfterBackward(Action action) => _afterBackward += action;

    /// <summary>The tape to walk where none is named: the open one of this thread.</summary>
    /// <exception cref="LifetimeException">There is none.</exception>
    internal static Tape ForBackward() => Current ?? throw new LifetimeException("Backward", "no tape is open on this thread",
        "compute the loss and call Backward inside 'using var tape = Tape.Record()'");

    /// <summary>Closes the scope: everything its operations made ends.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _nodes.Recycle();
        if (_current == this)
        {
            _current = null;
            _spareNodes = _nodes;
        }

        _scope.Close();
    }

    /// <summary>Whether an operation on this operand is to be recorded.</summary>
    internal static bool Records(Tensor operand) => operand.TapeSlot is not null && IsRecordingNow;

    /// <summary>Whether an operation on these operands is to be recorded.</summary>
    internal static bool Records(Tensor a, Tensor b) => (a.TapeSlot ?? b.TapeSlot) is not null && IsRecordingNow;

    /// <summary>Whether an operation on these operands is to be recorded.</summary>
    internal static bool Records(Tensor a, Tensor b, Tensor? c) => (a.TapeSlot ?? b.TapeSlot ?? c?.TapeSlot) is not null && IsRecordingNow;

    /// <summary>Puts the node of a result on the tape.</summary>
    internal static void Push(Node node, Tensor result, bool isAlias = false)
    {
        node.Attach(result, isAlias);
        _current!._nodes.Add(node);
    }

    /// <summary>
    /// In anomaly mode, throws where an operation has made a nan or infinity. Operations that only move numbers need no check.
    /// </summary>
    internal static void CheckResult(Tensor result)
    {
        if (_current is { _detectsAnomalies: true } tape && tape == Current && !Operation.IsFinite(result))
        {
            throw new AnomalyException(result.Origin, $"its result of shape {result.Shape} holds a nan or infinity",
                "look at its operands: no operation before computed one, though it may have been put there as data or by a fill");
        }
    }

    /// <summary>In anomaly mode, throws where a rule has made a nan or infinity.</summary>
    internal void CheckGradient(Tensor contribution, Node node)
    {
        if (_detectsAnomalies && !Operation.IsFinite(contribution))
        {
            string rule = _nodes.Running?.Operation ?? "the gradient given";
            throw new AnomalyException($"Backward of {rule}",
                $"the gradient it gives to its operand of shape {contribution.Shape} (made by {node.Operation}) holds a nan or infinity",
                "look at the operands of that operation");
        }
    }

    /// <summary>The walk writes into the gradient of a parameter.</summary>
    internal void NoteWritten(Parameter.LeafNode leaf) => _nodes.Written.Add(leaf);

    /// <summary>The walk collects what it is to add to the gradient of a parameter.</summary>
    internal void NoteCollected(in Parameter.Collected collected) => _nodes.Collected.Add(collected);

    /// <summary>The walk has a parameter for itself.</summary>
    internal void NoteClaimed(Parameter parameter) => _nodes.Claimed.Add(parameter);

    private void Walk(Node node)
    {
        if (node.TakeGradient() is { } gradient)
        {
            _nodes.Running = node;
            node.EnsureResultUnchanged();
            gradient = Hooked(node, gradient);
            node.Backward(gradient);
            Node.Drop(gradient);
        }
    }

    /// <summary>All hooks of parameters first, as one may throw; then the sums are added.</summary>
    private void AddCollected()
    {
        var collected = _nodes.Collected;
        for (int i = 0; i < collected.Count; i++)
        {
            var leaf = collected[i].Leaf;
            if (leaf.TakeGradient() is { } sum && !leaf.IsClosed)
            {
                _nodes.Running = leaf;
                collected[i] = collected[i] with { Sum = Hooked(leaf, sum) };
            }
        }

        foreach (var pass in collected)
        {
            if (pass.Sum is { } sum)
            {
                pass.Leaf.Backward(sum);
                Node.Drop(sum);
            }
        }
    }

    /// <summary>The gradient of a node, after its hooks.</summary>
    private static Tensor Hooked(Node node, Tensor gradient)
    {
        if (node.Hooks is not { } hooks)
        {
            return gradient;
        }

        // A hook may keep what it sees until the scope closes: no early return of the memory.
        Node.Hold(gradient);
        foreach (var hook in hooks.Hooks)
        {
            int version = gradient.Storage.Version;
            var seen = gradient;
            gradient = hook(gradient) ?? gradient;
            if (seen.Storage.Version != version)
            {
                throw new LifetimeException("OnGradient",
                    $"a hook overwrote the gradient of shape {seen.Shape} in place, which others may share",
                    "return a new tensor from the hook instead");
            }

            Operation.Check("OnGradient", gradient);
            if (gradient.Device != node.Device)
            {
                throw new TensorException("OnGradient",
                    $"a hook returned a gradient on {gradient.Device} for a tensor on {node.Device}",
                    "return a tensor on the same device");
            }

            if (gradient.Shape != node.Shape)
            {
                throw new ShapeException("OnGradient",
                    $"a hook returned a gradient of shape {gradient.Shape} for a tensor of shape {node.Shape}",
                    "return the tensor's shape, or null to change nothing");
            }
        }

        Node.Hold(gradient);
        return gradient;
    }

    private void EnsureForRecording()
    {
        if (!_isForRecording)
        {
            throw new LifetimeException("Backward", $"the scope is {NoRecordKind}, which records nothing", $"open it with {RecordKind}");
        }
    }

    private void EnsureOpen()
    {
        if (_isDisposed)
        {
            throw new LifetimeException("Backward", "the scope of this tape has been closed", "call Backward before the 'using' ends");
        }

        if (Current != this)
        {
            throw new LifetimeException("Backward", "the tape belongs to another thread, or its scope is suspended",
                "use a tape on the thread that opened it and keep 'await' out of its scope");
        }
    }

    /// <summary>Recording is off until this is disposed.</summary>
    public readonly struct RecordingPause : IDisposable
    {
        private readonly Tape? _tape;
        private readonly bool _wasRecording;

        internal RecordingPause(Tape? tape)
        {
            _tape = tape;
            _wasRecording = tape?.IsRecording ?? false;
            if (tape is not null)
            {
                tape.IsRecording = false;
            }
        }

        /// <summary>Switches recording on again if it was on.</summary>
        public void Dispose()
        {
            if (_tape is not null)
            {
                _tape.IsRecording = _wasRecording;
            }
        }
    }

    /// <summary>The scope of the thread is set aside until this is disposed.</summary>
    public readonly struct Suspension : IDisposable
    {
        private readonly Tape? _tape;
        private readonly StepScope? _scope;

        /// <summary>Sets the open scope of this thread aside.</summary>
        public Suspension()
        {
            _tape = _current;
            _scope = StepScope.Suspend();
            _current = null;
        }

        /// <summary>Takes the scope up again.</summary>
        public void Dispose()
        {
            StepScope.Resume(_scope);
            _current = _tape;
        }
    }
}

/// <summary>The first operation or rule that made a nan or infinity, found in anomaly mode.</summary>
public class AnomalyException(string operation, string problem, string remedy) : TensorException(operation, problem, remedy);
