namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>
    /// Runs one optimizer step over a list of parameters, each with an update of its own: by default one after the other. A device on
    /// which starting work is dear runs many small ones at once.
    /// </summary>
    /// <param name="steps">What is to be done, in order. A parameter may come up more than once.</param>
    protected internal virtual void Update<TUpdate>(ReadOnlySpan<ParameterStep<TUpdate>> steps) where TUpdate : struct, IParameterUpdate
    {
        foreach (ref readonly var step in steps)
        {
            Update(step.Update, step.Parameter, step.Gradient, step.State0, step.State1, step.State2);
        }
    }
}

/// <summary>One parameter's part of an optimizer step: the update, and what it is run over.</summary>
/// <param name="update">The update, with the numbers of this step in its fields.</param>
/// <param name="parameter">The parameter, dense.</param>
/// <param name="gradient">Its gradient, of the same shape.</param>
/// <param name="state0">The first state, of the same shape; null where there is none.</param>
/// <param name="state1">The second state.</param>
/// <param name="state2">The third state.</param>
/// <typeparam name="TUpdate">The kind of update.</typeparam>
public readonly struct ParameterStep<TUpdate>(
    TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
    where TUpdate : struct, IParameterUpdate
{
    /// <summary>The update, with the numbers of this step in its fields.</summary>
    public TUpdate Update { get; } = update;

    /// <summary>The parameter.</summary>
    public Tensor Parameter { get; } = parameter;

    /// <summary>Its gradient.</summary>
    public Tensor Gradient { get; } = gradient;

    /// <summary>The first state, if there is one.</summary>
    public Tensor? State0 { get; } = state0;

    /// <summary>The second state, if there is one.</summary>
    public Tensor? State1 { get; } = state1;

    /// <summary>The third state, if there is one.</summary>
    public Tensor? State2 { get; } = state2;
}
