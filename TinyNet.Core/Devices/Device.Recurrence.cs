namespace TinyNet.Core;

// Without a default: a step is a struct that each device instantiates for its own lanes, as it does for element-wise operations.
public abstract partial class Device
{
    /// <summary>Runs all steps of a recurrent layer: fills the states, and the memories, after the initial one.</summary>
    protected internal abstract void Recurrence<TStep>(in RecurrenceTask task) where TStep : struct, IRecurrentStep;

    /// <summary>Walks the steps back: replaces <see cref="RecurrenceTask.Gates"/>, and what is kept of <see cref="RecurrenceTask.Hidden"/>, by their gradients.</summary>
    /// <param name="task">As <see cref="Recurrence"/> left it.</param>
    /// <param name="gradient">The gradient of <see cref="RecurrenceTask.States"/>, except for what passes from step to step.</param>
    /// <param name="stateGradient">[B, H]: becomes the gradient of the initial state.</param>
    /// <param name="memoryGradient">[B, H], where the step has a memory: holds the gradient of the last memory and becomes that of the initial one.</param>
    protected internal abstract void RecurrenceGradient<TStep>(in RecurrenceTask task, Tensor gradient, Tensor stateGradient, Tensor? memoryGradient)
        where TStep : struct, IRecurrentStep;
}
