using TinyNet.Autograd;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>
/// Watches a model while it is trained. A step is a forward pass of the model in training mode with the backward pass after it; what runs
/// in evaluation mode or without a tape does not count. Nothing that is computed changes: a run that is watched ends in the same bits.
/// </summary>
/// <remarks>
/// Hooks are on the layers only in steps that are looked at, so that layers run as one operation otherwise. Several forward passes before
/// one backward pass are one step; where gradients of several backward passes are added up before the optimizer steps, each of them is one,
/// and sees the sum so far. It is the model's own <c>Forward</c> that begins a step. A monitor belongs to the thread that trains. As a
/// callback of the trainer it numbers what it sees by the steps of the optimizer, as loss curves and event files do, also in a run that
/// goes on; in a loop of one's own it counts them itself, from 1.
/// </remarks>
public abstract class ModelMonitor : Callback, IDisposable
{
    private readonly HookHandle _begin;
    private readonly Action _afterBackward;
    private readonly List<HookHandle> _hooks = [];

    // Of the step that is under way, or that has ended last: a pass on the same tape after its backward pass is no step.
    private Tape? _tape;
    private bool _isSampled;
    private TrainingRun? _run;

    private protected ModelMonitor(Module model, MonitorOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        if (model.OutputType is null)
        {
            throw new ArgumentException(
                $"{model.Describe()} has no forward pass, so no step would begin: attach to the modules in it", nameof(model));
        }

        (Model, Options) = (model, options);
        _afterBackward = AfterBackward;
        _begin = model.OwnHooks().Begin.Add(BeforeForward);
    }

    /// <summary>The model.</summary>
    public Module Model { get; }

    /// <summary>What is looked at.</summary>
    public MonitorOptions Options { get; }

    /// <summary>How many steps there were.</summary>
    public long Steps { get; private set; }

    /// <summary>How many of them were looked at.</summary>
    public long SampledSteps { get; private set; }

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run.Model == Model ? run : null;
    }

    /// <inheritdoc/>
    public override void OnFitEnded(TrainingRun run) => _run = null;

    /// <summary>Takes all hooks off the model; what was seen stays.</summary>
    public void Dispose()
    {
        EndStep(isComplete: false);
        _begin.Dispose();
        _tape = null;
        OnDetached();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether what runs now is a part of the step that is looked at.</summary>
    private protected bool IsInStep => Tape.IsRecordingNow && Tape.Current == _tape && Model.IsTraining;

    /// <summary>The number of the step that is under way, from 1.</summary>
    private protected long Step => (_run?.Step ?? Steps) + 1;

    /// <summary>A step that is looked at begins: puts hooks on the model, which end with the step.</summary>
    private protected abstract void OnStepStarted(List<HookHandle> hooks);

    /// <summary>
    /// It ends. Where it is not complete, there was no backward pass: the loss was no number, or nobody wanted gradients.
    /// </summary>
    private protected abstract void OnStepEnded(bool isComplete);

    /// <summary>A step of training begins, whether it is looked at or not.</summary>
    private protected virtual void OnTraining()
    {
    }

    private protected virtual void OnDetached()
    {
    }

    private void BeforeForward()
    {
        if (ProbeScope.IsOpen || Tape.Current is { } open && open == _tape)
        {
            return;
        }

        // A step that was left between its passes is over with its tape: its hooks are not for what runs afterwards.
        if (_tape is { IsOpen: false })
        {
            EndStep(isComplete: false);
        }

        if (!Tape.IsRecordingNow || !Model.IsTraining)
        {
            return;
        }

        EndStep(isComplete: false);
        _tape = Tape.Current!;
        _tape.AfterBackward(_afterBackward);
        OnTraining();
        _isSampled = Steps % Options.Every == 0;
        if (_isSampled)
        {
            OnStepStarted(_hooks);
        }
    }

    private void AfterBackward()
    {
        // Nobody is told that a monitor was taken off between the passes of a step.
        if (_tape is not null)
        {
            EndStep(isComplete: true);
            Steps++;
        }
    }

    private void EndStep(bool isComplete)
    {
        if (!_isSampled)
        {
            return;
        }

        _hooks.ForEach(hook => hook.Dispose());
        _hooks.Clear();
        _isSampled = false;
        OnStepEnded(isComplete);
        SampledSteps += isComplete ? 1 : 0;
    }
}
