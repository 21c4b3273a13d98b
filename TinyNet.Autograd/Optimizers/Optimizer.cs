using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Changes parameters by their gradients. Parameters without a fresh gradient, and frozen ones, stay as they are, and so does what is
/// remembered of them. An optimizer of one's own derives from <see cref="Optimizer{TOptions}"/>.
/// </summary>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly List<Parameter> _claimed = [];
    private readonly ParameterGroup[] _groups;
    private readonly HookList<Action<Parameter>> _beforeUpdate = new(), _afterUpdate = new();
    private int _isStepping;

    private protected Optimizer(ParameterGroup[] groups)
    {
        _groups = groups;
        _parameters = [.. groups.SelectMany(group => group.Parameters)];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException(
                "there are no parameters to optimize: is the model built, and does it register its layers?", nameof(groups));
        }

        if (_parameters.GroupBy(parameter => parameter).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException(
                $"parameter '{repeated.Key.Name}' is given twice: it would be updated twice a step", nameof(groups));
        }
    }

    /// <summary>The parameters of all groups, in order.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The groups; an optimizer that was made of parameters has one.</summary>
    public IReadOnlyList<ParameterGroup> Groups => _groups;

    /// <summary>The step size of the first group; setting it sets that of all groups. May be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate
    {
        get => _groups[0].LearningRate;
        set
        {
            foreach (var group in _groups)
            {
                group.LearningRate = value;
            }
        }
    }

    /// <summary>Whether somebody wants to see each parameter before or after its update.</summary>
    private protected bool HasHooks => _beforeUpdate.Any || _afterUpdate.Any;

    /// <summary>Calls a function with each parameter before it is updated.</summary>
    public HookHandle BeforeUpdate(Action<Parameter> hook) => _beforeUpdate.Add(hook);

    /// <summary>Calls a function with each parameter after it was updated.</summary>
    public HookHandle AfterUpdate(Action<Parameter> hook) => _afterUpdate.Add(hook);

    /// <summary>
    /// Updates every parameter that has a fresh gradient. The gradients stay readable; the next backward pass overwrites them.
    /// </summary>
    /// <remarks>
    /// A hook before the update may replace the gradient; where it clears that, the parameter is left out. Where a hook throws, the
    /// gradients of the parameters that were not updated count as used too.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The optimizer names more states than an update has.</exception>
    /// <exception cref="TensorException">
    /// A step of this optimizer is under way, one whose hook calls this or one of another thread; or another thread is changing one of the
    /// parameters that are not frozen, by a backward pass or a step.
    /// </exception>
    public void Step()
    {
        if (Interlocked.Exchange(ref _isStepping, 1) != 0)
        {
            throw new TensorException("Step", "a step of this optimizer is under way: one whose hook calls Step, or one of another thread",
                "step when that has ended; one lock around forward pass, Backward and Step together keeps threads apart");
        }

        try
        {
            foreach (var parameter in _parameters)
            {
                if (!parameter.IsFrozen)
                {
                    Claim(parameter);
                }
            }

            StepAlone();
        }
        finally
        {
            foreach (var parameter in _claimed)
            {
                parameter.Unclaim();
            }

            _claimed.Clear();
            Volatile.Write(ref _isStepping, 0);
        }
    }

    /// <summary>Forgets all gradients.</summary>
    public void ClearGradients()
    {
        foreach (var parameter in _parameters)
        {
            parameter.ClearGradient();
        }
    }

    /// <summary>A copy of what is remembered, to go on later.</summary>
    /// <remarks>
    /// It is kept by the names that the parameters had when the optimizer was made, whatever modules they are put into later: a list that
    /// <c>model.Parameters()</c> returned has those of <c>model.NamedParameters()</c>, one of single parameters those of
    /// <see cref="Parameter.Name"/>. Two parameters of one name are refused, as in two models of the same layers: put each model into a
    /// group, and set its <see cref="ParameterGroup.Name"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// Two parameters have the same name; or one was given without a name and has several, as a module around it lies in several others; or
    /// the optimizer names more states than an update has.
    /// </exception>
    public abstract OptimizerState SaveState();

    /// <summary>
    /// Puts back what <see cref="SaveState"/> gave, from an optimizer of the same kind and groups over parameters of the same names.
    /// </summary>
    /// <remarks>
    /// A parameter that a model holds in several places is found by any of its names, where the optimizer was made of the list that
    /// <c>Parameters()</c> returns. Learning rates, those at first included, and momenta become those of the state, as schedules may have
    /// set them; all other settings stay. A scheduler goes to its first step when it is made: make it before, or set its
    /// <see cref="LearningRateScheduler.StepIndex"/> afterwards. A state that is refused changes nothing.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// It is from another kind of optimizer, from other groups or the same in another order, or names parameters that are not here, or one
    /// twice; it lacks what the optimizer needs, or has what the optimizer, as it is set, does not use, momentum for one that was made
    /// without; or a number is out of range, or something null.
    /// </exception>
    /// <exception cref="ShapeException">A state has another shape than its parameter.</exception>
    /// <exception cref="LifetimeException">A tensor of the state was used after its scope ended.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="SaveState"/>.</exception>
    public abstract void LoadState(OptimizerState state);

    /// <summary>How many states of a parameter the optimizer names.</summary>
    internal abstract int CountStates();

    private void StepAlone()
    {
        try
        {
            UpdateAll();
        }
        finally
        {
            foreach (var parameter in _parameters)
            {
                if (parameter.IsClaimed)
                {
                    parameter.Spend();
                }
            }
        }
    }

    private protected abstract void UpdateAll();

    /// <summary>Makes sure that this thread alone changes a parameter until the step ends.</summary>
    private protected void Claim(Parameter parameter)
    {
        if (parameter.Claim("Step"))
        {
            _claimed.Add(parameter);
        }
    }

    private protected void NotifyBefore(Parameter parameter)
    {
        foreach (var hook in _beforeUpdate.Hooks)
        {
            hook(parameter);
        }
    }

    private protected void NotifyAfter(Parameter parameter)
    {
        foreach (var hook in _afterUpdate.Hooks)
        {
            hook(parameter);
        }
    }
}
