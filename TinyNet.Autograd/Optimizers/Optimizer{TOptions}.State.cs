using TinyNet.Core;

namespace TinyNet.Autograd;

public abstract partial class Optimizer<TOptions>
{
    /// <summary>What is remembered, by names that tell all parameters apart.</summary>
    private Dictionary<string, ParameterMemory> MemoriesByName()
    {
        var memories = new Dictionary<string, ParameterMemory>();
        foreach (var (group, ofGroup) in _work)
        {
            if (group.Named.Unsure is { } parameter)
            {
                throw new InvalidOperationException(
                    $"{Kind} was given parameter '{parameter.Name}' of shape {parameter.Shape} without a name, and it has several, as a "
                    + "module around it lies in several others; make the optimizer of the list that Parameters() returns as it is, or of "
                    + "ParameterGroup.Of(model.NamedParameters().Where(..), options)");
            }

            foreach (var memory in ofGroup)
            {
                string name = NameOf(group, memory.Name);
                if (!memories.TryAdd(name, memory))
                {
                    throw new InvalidOperationException(
                        $"two parameters of {Kind} are named '{name}', of shapes {memories[name].Parameter.Shape} and "
                        + $"{memory.Parameter.Shape}: no state could tell them apart; put each model into a group of its own "
                        + "(ParameterGroup.Of), and set the Name of each group");
                }
            }
        }

        return memories;
    }

    /// <inheritdoc/>
    public sealed override OptimizerState SaveState()
    {
        var states = new Dictionary<string, ParameterState>();
        var names = NamesOfStates();
        foreach (var (name, memory) in MemoriesByName())
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

        return new OptimizerState(Kind, states, Array.ConvertAll(_work, work => StateOf(work.Group, work.Memories)));
    }

    /// <inheritdoc/>
    public sealed override void LoadState(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var memories = MemoriesByName();
        CheckGroups(state);
        CheckMembers(state, memories);
        var savedStates = Match(state, memories);

        // All that may fail comes first, the memory of the copies included.
        var loaded = new List<(ParameterMemory Memory, ParameterState? Saved, Tensor?[] Tensors)>();
        foreach (var (group, ofGroup) in _work)
        {
            foreach (var memory in ofGroup)
            {
                var (name, saved) = savedStates.GetValueOrDefault(memory);
                loaded.Add((memory, saved, saved is null ? new Tensor?[ParameterMemory.MaxStates] : Copies(name, saved, group, memory)));
            }
        }

        for (int i = 0; i < Groups.Count; i++)
        {
            var (group, saved) = (Groups[i], state.Groups[i]);
            (group.LearningRate, group.Momentum) = (saved.LearningRate, saved.Momentum);
            group.InitialLearningRate = saved.InitialLearningRate ?? group.InitialLearningRate;
        }

        foreach (var (memory, saved, tensors) in loaded)
        {
            (memory.Steps, memory.MomentumProduct) = (saved?.Steps ?? 0, saved?.MomentumProduct ?? 1);
            tensors.CopyTo(memory.Tensors, 0);
        }
    }

    private static ParameterGroupState StateOf(ParameterGroup group, ParameterMemory[] memories) => new(
        group.LearningRate, group.Momentum, group.InitialLearningRate,
        Array.ConvertAll(memories, memory => NameOf(group, memory.Name)));

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

    /// <summary>Refuses groups in another order: each would take the rates of another one.</summary>
    private void CheckMembers(OptimizerState state, Dictionary<string, ParameterMemory> memories)
    {
        for (int i = 0; i < _work.Length; i++)
        {
            foreach (string name in state.Groups[i].Parameters ?? [])
            {
                if (Find(name, memories) is { } memory && !_work[i].Memories.Contains(memory))
                {
                    throw Unfit($"the state has parameter '{name}' in group {i}, the optimizer in another one: give it the groups of the "
                        + "one that was saved, in the same order");
                }
            }
        }
    }

    /// <summary>What was saved of each parameter, with the name by which it was.</summary>
    private Dictionary<ParameterMemory, (string Name, ParameterState Saved)> Match(
        OptimizerState state, Dictionary<string, ParameterMemory> memories)
    {
        var matches = new Dictionary<ParameterMemory, (string Name, ParameterState Saved)>();
        foreach (var (name, saved) in state.Parameters)
        {
            if (saved?.Tensors is null)
            {
                throw Unfit($"the state of parameter '{name}' {(saved is null ? "" : "has tensors that are ")}null");
            }

            var memory = Find(name, memories) ?? throw Unfit(
                $"the state names a parameter '{name}' that is not here{Suggestion.For(name, memories.Keys)}; "
                + $"here are {string.Join(", ", memories.Keys)}");
            if (!matches.TryAdd(memory, (name, saved)))
            {
                throw Unfit($"the state has one parameter twice, as '{matches[memory].Name}' and as '{name}'");
            }
        }

        return matches;
    }

    /// <summary>What a name stands for: that of a parameter, or another one that it has in the model that was given.</summary>
    private ParameterMemory? Find(string name, Dictionary<string, ParameterMemory> memories)
    {
        if (memories.TryGetValue(name, out var known))
        {
            return known;
        }

        ParameterMemory? found = null;
        foreach (var (group, ofGroup) in _work)
        {
            string prefix = NameOf(group, "");
            if (name.StartsWith(prefix, StringComparison.Ordinal) && group.Named.Find(name[prefix.Length..]) is { } parameter
                && Array.Find(ofGroup, memory => memory.Parameter == parameter) is { } memory)
            {
                if (found is not null)
                {
                    return null;
                }

                found = memory;
            }
        }

        return found;
    }

    private static string NameOf(ParameterGroup group, string name) => group.Name.Length == 0 ? name : $"{group.Name}.{name}";

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
