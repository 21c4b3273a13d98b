using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Changes parameters by their gradients. Parameters without a fresh gradient, and frozen ones, stay as they are, and so does what is remembered of them.</summary>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly ParameterGroup[] _groups;
    private readonly HookList<Action<Parameter>> _beforeUpdate = new(), _afterUpdate = new();

    private protected Optimizer(ParameterGroup[] groups)
    {
        _groups = groups;
        _parameters = [.. groups.SelectMany(group => group.Parameters)];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("there are no parameters to optimize: is the model built, and does it register its layers?", nameof(groups));
        }

        if (_parameters.GroupBy(parameter => parameter).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"parameter '{repeated.Key.Name}' is given twice: it would be updated twice a step", nameof(groups));
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

    /// <summary>Calls a function with each parameter before it is updated.</summary>
    public HookHandle BeforeUpdate(Action<Parameter> hook) => _beforeUpdate.Add(hook);

    /// <summary>Calls a function with each parameter after it was updated.</summary>
    public HookHandle AfterUpdate(Action<Parameter> hook) => _afterUpdate.Add(hook);

    /// <summary>Updates every parameter that has a fresh gradient. The gradients stay readable; the next backward pass overwrites them.</summary>
    /// <remarks>Where a hook throws, the gradients of the parameters that were not updated count as used too.</remarks>
    public void Step()
    {
        try
        {
            UpdateAll();
        }
        finally
        {
            foreach (var parameter in _parameters)
            {
                parameter.Spend();
            }
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
    /// <exception cref="InvalidOperationException">Two parameters have the same name.</exception>
    public abstract OptimizerState SaveState();

    /// <summary>Puts back what <see cref="SaveState"/> gave, from an optimizer of the same kind and groups over parameters of the same names.</summary>
    /// <remarks>
    /// Learning rates and momenta become those of the state, as schedules may have set them; all other settings stay. Make the schedulers
    /// first: what is the rate when they are made is their base rate. A state that is refused changes nothing.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// It is from another kind of optimizer, from other groups, or names parameters that are not here; it lacks what the optimizer needs,
    /// or has what the optimizer, as it is set, does not use, momentum for one that was made without; or a number is out of range.
    /// </exception>
    /// <exception cref="ShapeException">A state has another shape than its parameter.</exception>
    /// <exception cref="InvalidOperationException">Two parameters have the same name.</exception>
    public abstract void LoadState(OptimizerState state);

    private protected abstract void UpdateAll();

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

/// <summary>An optimizer with settings of its own kind.</summary>
/// <typeparam name="TOptions">The settings of a group.</typeparam>
public abstract class Optimizer<TOptions> : Optimizer where TOptions : OptimizerOptions
{
    private readonly (ParameterGroup<TOptions> Group, ParameterMemory[] Memories)[] _work;

    private protected Optimizer(IEnumerable<Parameter> parameters, TOptions options) : this([new ParameterGroup<TOptions>(parameters, options)])
    {
    }

    private protected Optimizer(ParameterGroup<TOptions>[] groups) : base(Checked(groups)) =>
        _work = Array.ConvertAll(groups, group => (group, group.Parameters.Select(parameter => new ParameterMemory(parameter)).ToArray()));

    /// <summary>The name of the kind, for states and messages.</summary>
    private protected abstract string Kind { get; }

    /// <summary>The names of the states, by slot.</summary>
    private protected abstract ReadOnlySpan<string> StateNames { get; }

    private Dictionary<string, (ParameterGroup<TOptions> Group, ParameterMemory Memory)> MemoriesByName
    {
        get
        {
            var memories = new Dictionary<string, (ParameterGroup<TOptions> Group, ParameterMemory Memory)>();
            foreach (var (group, ofGroup) in _work)
            {
                foreach (var memory in ofGroup)
                {
                    if (!memories.TryAdd(memory.Parameter.Name, (group, memory)))
                    {
                        throw new InvalidOperationException($"two parameters are named '{memory.Parameter.Name}': state is kept by name; name parameters that no module names when you make them");
                    }
                }
            }

            return memories;
        }
    }

    /// <inheritdoc/>
    public sealed override OptimizerState SaveState()
    {
        var states = new Dictionary<string, ParameterState>();
        foreach (var (name, (_, memory)) in MemoriesByName)
        {
            if (memory.Steps == 0)
            {
                continue;
            }

            var tensors = new Dictionary<string, Tensor>();
            for (int slot = 0; slot < StateNames.Length; slot++)
            {
                if (memory.Tensors[slot] is { } tensor)
                {
                    tensors[StateNames[slot]] = tensor.Keep();
                }
            }

            states[name] = new ParameterState(memory.Steps, tensors, memory.MomentumProduct);
        }

        return new OptimizerState(Kind, states, [.. Groups.Select(group => new ParameterGroupState(group.LearningRate, group.Momentum))]);
    }

    /// <inheritdoc/>
    public sealed override void LoadState(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var memories = MemoriesByName;
        Check(state, memories);
        for (int i = 0; i < Groups.Count; i++)
        {
            (Groups[i].LearningRate, Groups[i].Momentum) = (state.Groups[i].LearningRate, state.Groups[i].Momentum);
        }

        foreach (var (name, (_, memory)) in memories)
        {
            var saved = state.Parameters.GetValueOrDefault(name);
            (memory.Steps, memory.MomentumProduct) = (saved?.Steps ?? 0, saved?.MomentumProduct ?? 1);
            for (int slot = 0; slot < StateNames.Length; slot++)
            {
                memory.Tensors[slot] = saved?.Tensors.GetValueOrDefault(StateNames[slot])?.Keep(memory.Parameter.Device);
            }
        }
    }

    private protected sealed override void UpdateAll()
    {
        foreach (var (group, memories) in _work)
        {
            foreach (var memory in memories)
            {
                var parameter = memory.Parameter;
                if (parameter.IsFrozen || parameter.IsGradientSpent || parameter.Gradient is not { } gradient)
                {
                    continue;
                }

                NotifyBefore(parameter);
                memory.Steps++;
                Update(group, memory, gradient);
                parameter.Storage.MarkWritten();
                parameter.Spend();
                NotifyAfter(parameter);
            }
        }
    }

    /// <summary>Whether a group, as it is set, has the state of a slot.</summary>
    private protected virtual StateUse Use(ParameterGroup<TOptions> group, int slot) => StateUse.Required;

    /// <summary>Updates one parameter and its states in place.</summary>
    private protected abstract void Update(ParameterGroup<TOptions> group, ParameterMemory memory, Tensor gradient);

    private static ParameterGroup[] Checked(ParameterGroup<TOptions>[] groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups)
        {
            ArgumentNullException.ThrowIfNull(group, nameof(groups));
        }

        return [.. groups];
    }

    /// <summary>Refuses what does not fit before anything is changed.</summary>
    private void Check(OptimizerState state, Dictionary<string, (ParameterGroup<TOptions> Group, ParameterMemory Memory)> memories)
    {
        if (state.Kind != Kind)
        {
            throw new ArgumentException($"the state is of another kind of optimizer: of {state.Kind}, this is {Kind}", nameof(state));
        }

        if (state.Groups.Count != Groups.Count)
        {
            throw new ArgumentException($"the state has {state.Groups.Count} parameter groups, the optimizer {Groups.Count}", nameof(state));
        }

        for (int i = 0; i < Groups.Count; i++)
        {
            CheckGroup(state, i);
        }

        foreach (var (name, saved) in state.Parameters)
        {
            if (!memories.TryGetValue(name, out var own))
            {
                throw new ArgumentException($"the state names a parameter '{name}' that is not here; here are {string.Join(", ", memories.Keys)}", nameof(state));
            }

            if (saved.Steps < 0 || saved.MomentumProduct is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"the state of parameter '{name}' has {saved.Steps} steps and a product of momenta of {saved.MomentumProduct}: steps are 0 or more, the product is in [0, 1]", nameof(state));
            }

            CheckParameter(state, name, own.Group, own.Memory.Parameter);
        }
    }

    private void CheckGroup(OptimizerState state, int index)
    {
        var (saved, group) = (state.Groups[index], Groups[index]);
        if (!ParameterGroup.IsRate(saved.LearningRate) || saved.Momentum is null != group.Momentum is null || (saved.Momentum is { } momentum && !ParameterGroup.IsMomentum(momentum)))
        {
            throw new ArgumentException($"the state of group {index} has learning rate {saved.LearningRate} and momentum {(saved.Momentum is { } given ? $"{given}" : "null")}: a rate is 0 or more, a momentum in [0, 1), or null where the optimizer has none", nameof(state));
        }

        if (saved.Momentum > 0 && !group.HasMomentum)
        {
            throw new ArgumentException($"the state of group {index} has momentum {saved.Momentum}, the optimizer was made without: make it with one", nameof(state));
        }
    }

    private void CheckParameter(OptimizerState state, string name, ParameterGroup<TOptions> group, Parameter parameter)
    {
        var saved = state.Parameters[name];
        for (int slot = 0; slot < StateNames.Length; slot++)
        {
            var use = Use(group, slot);
            bool isThere = saved.Tensors.ContainsKey(StateNames[slot]);
            if (isThere ? use == StateUse.None : use == StateUse.Required && saved.Steps > 0)
            {
                throw new ArgumentException($"the state of parameter '{name}' has {(isThere ? "a" : "no")} '{StateNames[slot]}', which this {Kind}, as it is set, {(isThere ? "does not use" : "needs")}: make it with the settings of the one that was saved", nameof(state));
            }
        }

        foreach (var (tensorName, tensor) in saved.Tensors)
        {
            if (!StateNames.Contains(tensorName))
            {
                throw new ArgumentException($"the state of parameter '{name}' has a '{tensorName}', {Kind} only {string.Join(", ", StateNames.ToArray())}", nameof(state));
            }

            if (tensor.Shape != parameter.Shape)
            {
                throw new ShapeException("LoadState", $"'{tensorName}' of shape {tensor.Shape} for parameter '{name}' of shape {parameter.Shape}", "load the state of the same model");
            }
        }
    }
}

/// <summary>State that decays for ever ends in denormal floats, which processors compute with twenty times slower.</summary>
internal static class Denormals
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    public static T Flush<T>(T x) where T : struct, ILane<T> =>
        typeof(T) == typeof(DoubleLane) ? x : T.Select(T.Abs(x) < T.Const(SmallestNormal), T.Zero, x);
}
