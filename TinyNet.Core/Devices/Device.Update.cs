namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>Runs one optimizer step over a dense parameter, its gradient of the same shape, and its states.</summary>
    protected internal abstract void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
        where TUpdate : struct, IParameterUpdate;

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
