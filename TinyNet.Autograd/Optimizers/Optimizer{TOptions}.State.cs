using TinyNet.Core;

namespace TinyNet.Autograd;

public abstract partial class Optimizer<TOptions>
{
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
                        throw new InvalidOperationException($"two parameters are named '{memory.Parameter.Name}': state is kept by name; "
                            + "name parameters that no module names when you make them");
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
        var names = NamesOfStates();
        foreach (var (name, (_, memory)) in MemoriesByName)
        {
            if (memory.Steps == 0)
            {
                continue;
            }

            var tensors = new Dictionary<string, Tensor>();
            for (int slot = 0; slot < names.Length; slot++)
            {
                if (memory.Tensors[slot] is { } tensor)
                {
                    tensors[names[slot]] = tensor.Keep();
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
        var names = NamesOfStates();
        Check(state, memories);
        for (int i = 0; i < Groups.Count; i++)
        {
            (Groups[i].LearningRate, Groups[i].Momentum) = (state.Groups[i].LearningRate, state.Groups[i].Momentum);
        }

        foreach (var (name, (_, memory)) in memories)
        {
            var saved = state.Parameters.GetValueOrDefault(name);
            (memory.Steps, memory.MomentumProduct) = (saved?.Steps ?? 0, saved?.MomentumProduct ?? 1);
            for (int slot = 0; slot < names.Length; slot++)
            {
                memory.Tensors[slot] = saved?.Tensors.GetValueOrDefault(names[slot])?.Keep(memory.Parameter.Device);
            }
        }
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
            throw new ArgumentException(
                $"the state has {state.Groups.Count} parameter groups, the optimizer {Groups.Count}", nameof(state));
        }

        for (int i = 0; i < Groups.Count; i++)
        {
            CheckGroup(state, i);
        }

        foreach (var (name, saved) in state.Parameters)
        {
            if (!memories.TryGetValue(name, out var own))
            {
                throw new ArgumentException(
                    $"the state names a parameter '{name}' that is not here; here are {string.Join(", ", memories.Keys)}", nameof(state));
            }

            if (saved.Steps < 0 || saved.MomentumProduct is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"the state of parameter '{name}' has {saved.Steps} steps and a product of momenta of "
                    + $"{saved.MomentumProduct}: steps are 0 or more, the product is in [0, 1]", nameof(state));
            }

            CheckParameter(state, name, own.Group, own.Memory.Parameter);
        }
    }

    private void CheckGroup(OptimizerState state, int index)
    {
        var (saved, group) = (state.Groups[index], Groups[index]);
        bool isRateRight = saved.LearningRate is >= 0 and < float.PositiveInfinity;
        bool isMomentumRight = group.Momentum is null ? saved.Momentum is null : saved.Momentum is >= 0 and < 1;
        if (!isRateRight || !isMomentumRight)
        {
            throw new ArgumentException($"the state of group {index} has learning rate {saved.LearningRate} and momentum "
                + $"{(saved.Momentum is { } given ? $"{given}" : "null")}: a rate is 0 or more, a momentum in [0, 1), or null where the "
                + "optimizer has none", nameof(state));
        }

        if (saved.Momentum > 0 && !group.HasMomentum)
        {
            throw new ArgumentException(
                $"the state of group {index} has momentum {saved.Momentum}, the optimizer was made without: make it with one",
                nameof(state));
        }
    }

    private void CheckParameter(OptimizerState state, string name, ParameterGroup<TOptions> group, Parameter parameter)
    {
        var saved = state.Parameters[name];
        var names = NamesOfStates();
        for (int slot = 0; slot < names.Length; slot++)
        {
            var use = Use(group, slot);
            bool isThere = saved.Tensors.ContainsKey(names[slot]);
            if (isThere ? use == StateUse.None : use == StateUse.Required && saved.Steps > 0)
            {
                throw new ArgumentException($"the state of parameter '{name}' has {(isThere ? "a" : "no")} '{names[slot]}', which "
                    + $"this {Kind}, as it is set, {(isThere ? "does not use" : "needs")}: make it with the settings of the one that "
                    + "was saved", nameof(state));
            }
        }

        foreach (var (tensorName, tensor) in saved.Tensors)
        {
            if (!names.Contains(tensorName))
            {
                throw new ArgumentException($"the state of parameter '{name}' has a '{tensorName}', {Kind} only "
                    + string.Join(", ", names.ToArray()), nameof(state));
            }

            if (tensor.Shape != parameter.Shape)
            {
                throw new ShapeException("LoadState",
                    $"'{tensorName}' of shape {tensor.Shape} for parameter '{name}' of shape {parameter.Shape}",
                    "load the state of the same model");
            }
        }
    }
}
