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
                    memories.Add(memory.Name, (group, memory));
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

        return new OptimizerState(Kind, states,
            [.. Groups.Select(group => new ParameterGroupState(group.LearningRate, group.Momentum, group.InitialLearningRate))]);
    }

    /// <inheritdoc/>
    public sealed override void LoadState(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var memories = MemoriesByName;
        CheckGroups(state);
        CheckNames(state, memories);

        // All that may fail comes first, the memory of the copies included.
        var loaded = new List<(ParameterMemory Memory, ParameterState? Saved, Tensor?[] Tensors)>();
        foreach (var (name, (group, memory)) in memories)
        {
            var saved = state.Parameters.GetValueOrDefault(name);
            loaded.Add((memory, saved, saved is null ? new Tensor?[ParameterMemory.MaxStates] : Copies(name, saved, group, memory)));
        }

        for (int i = 0; i < Groups.Count; i++)
        {
            var (rate, momentum, initial) = state.Groups[i];
            (Groups[i].LearningRate, Groups[i].Momentum) = (rate, momentum);
            Groups[i].InitialLearningRate = initial ?? Groups[i].InitialLearningRate;
        }

        foreach (var (memory, saved, tensors) in loaded)
        {
            (memory.Steps, memory.MomentumProduct) = (saved?.Steps ?? 0, saved?.MomentumProduct ?? 1);
            tensors.CopyTo(memory.Tensors, 0);
        }
    }

    private void CheckGroups(OptimizerState state)
    {
        if (state.Kind != Kind)
        {
            throw Unfit($"the state is of another kind of optimizer: of {state.Kind ?? "null"}, this is {Kind}");
        }

        if (state.Groups is null || state.Parameters is null)
        {
            throw Unfit($"{(state.Groups is null ? nameof(state.Groups) : nameof(state.Parameters))} of the state is null");
        }

        if (state.Groups.Count != Groups.Count)
        {
            throw Unfit($"the state has {state.Groups.Count} parameter groups, the optimizer {Groups.Count}");
        }

        for (int i = 0; i < Groups.Count; i++)
        {
            CheckGroup(state.Groups[i], i);
        }
    }

    private void CheckGroup(ParameterGroupState? saved, int index)
    {
        var group = Groups[index];
        if (saved is null)
        {
            throw Unfit($"the state of group {index} is null");
        }

        bool isRateRight = saved.LearningRate is >= 0 and < float.PositiveInfinity
            && saved.InitialLearningRate is null or (>= 0 and < float.PositiveInfinity);
        bool isMomentumRight = group.Momentum is null ? saved.Momentum is null : saved.Momentum is >= 0 and < 1;
        if (!isRateRight || !isMomentumRight)
        {
            throw Unfit($"the state of group {index} has learning rate {saved.LearningRate}"
                + $"{(saved.InitialLearningRate is { } initial ? $", at first {initial}," : "")} and momentum "
                + $"{(saved.Momentum is { } given ? $"{given}" : "null")}: a rate is 0 or more, a momentum in [0, 1), or null where the "
                + "optimizer has none");
        }

        if (saved.Momentum > 0 && !group.HasMomentum)
        {
            throw Unfit(
                $"the state of group {index} has momentum {saved.Momentum}, the optimizer was made without: make it with one");
        }
    }

    private static void CheckNames(
        OptimizerState state, Dictionary<string, (ParameterGroup<TOptions> Group, ParameterMemory Memory)> memories)
    {
        foreach (var (name, saved) in state.Parameters)
        {
            if (!memories.ContainsKey(name))
            {
                throw Unfit(
                    $"the state names a parameter '{name}' that is not here{Suggestion.For(name, memories.Keys)}; "
                    + $"here are {string.Join(", ", memories.Keys)}");
            }

            if (saved?.Tensors is null)
            {
                throw Unfit($"the state of parameter '{name}' {(saved is null ? "" : "has tensors that are ")}null");
            }
        }
    }

    /// <summary>Copies of what was saved of a parameter, by slot; refuses what does not fit.</summary>
    private Tensor?[] Copies(string name, ParameterState saved, ParameterGroup<TOptions> group, ParameterMemory memory)
    {
        if (saved.Steps < 0 || saved.MomentumProduct is not (>= 0 and <= 1))
        {
            throw Unfit($"the state of parameter '{name}' has {saved.Steps} steps and a product of momenta of "
                + $"{saved.MomentumProduct}: steps are 0 or more, the product is in [0, 1]");
        }

        var names = NamesOfStates();
        var copies = new Tensor?[ParameterMemory.MaxStates];
        for (int slot = 0; slot < names.Length; slot++)
        {
            var use = Use(group, slot);
            bool isThere = saved.Tensors.TryGetValue(names[slot], out var tensor);
            if (isThere ? use == StateUse.None : use == StateUse.Required && saved.Steps > 0)
            {
                throw Unfit($"the state of parameter '{name}' has {(isThere ? "a" : "no")} '{names[slot]}', which "
                    + $"this {Kind}, as it is set, {(isThere ? "does not use" : "needs")}: make it with the settings of the one that "
                    + "was saved");
            }

            if (isThere)
            {
                copies[slot] = Copy(names[slot], tensor, name, memory.Parameter);
            }
        }

        foreach (string tensorName in saved.Tensors.Keys)
        {
            if (!names.Contains(tensorName))
            {
                throw Unfit($"the state of parameter '{name}' has a '{tensorName}', {Kind} only "
                    + string.Join(", ", names.ToArray()));
            }
        }

        return copies;
    }

    private static Tensor Copy(string tensorName, Tensor? tensor, string name, Parameter parameter)
    {
        if (tensor is null)
        {
            throw Unfit($"the state of parameter '{name}' has a '{tensorName}' that is null");
        }

        tensor.EnsureAlive($"LoadState of '{tensorName}' of parameter '{name}'");
        return tensor.Shape == parameter.Shape
            ? tensor.Keep(parameter.Device)
            : throw new ShapeException("LoadState",
                $"'{tensorName}' of shape {tensor.Shape} for parameter '{name}' of shape {parameter.Shape}",
                "load the state of the same model");
    }

    private static ArgumentException Unfit(string problem, string argument = "state") => new(problem, argument);
}
