using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>What an optimizer remembers from step to step: with it, and the parameters, a run goes on bit for bit.</summary>
/// <param name="Kind">The kind of optimizer, <c>Adam</c> say: no other takes the state.</param>
/// <param name="Parameters">
/// What is remembered of each parameter, by the name that the optimizer was given it with, after the name of its group; those that were
/// never updated are missing.
/// </param>
/// <param name="Groups">What schedules have set, by group.</param>
public sealed record OptimizerState(string Kind, IReadOnlyDictionary<string, ParameterState> Parameters,
    IReadOnlyList<ParameterGroupState> Groups);

/// <summary>What an optimizer remembers of a parameter.</summary>
/// <param name="Steps">How often it was updated.</param>
/// <param name="Tensors">Its states by name, each of the parameter's shape: <c>mean</c>, <c>root mean square</c>, ….</param>
/// <param name="MomentumProduct">The product of all momenta so far, of an optimizer that schedules its own (NAdam); else 1.</param>
public sealed record ParameterState(int Steps, IReadOnlyDictionary<string, Tensor> Tensors, double MomentumProduct = 1);

/// <summary>What schedules have set in a parameter group.</summary>
/// <param name="LearningRate">The step size.</param>
/// <param name="Momentum">The momentum, if there is one.</param>
/// <param name="InitialLearningRate">What the schedules multiply; null if there was no scheduler.</param>
/// <param name="Parameters">The names of its parameters, so that no other group takes its rates; null where that is not known.</param>
public sealed record ParameterGroupState(
    float LearningRate, float? Momentum, float? InitialLearningRate = null, IReadOnlyList<string>? Parameters = null);

/// <summary>Whether an optimizer, as a group is set, has one of its states.</summary>
public enum StateUse
{
    /// <summary>It never has it.</summary>
    None,

    /// <summary>It may have it: momentum begins with the first update in which there is some.</summary>
    Optional,

    /// <summary>Every parameter that was updated has it.</summary>
    Required,
}
