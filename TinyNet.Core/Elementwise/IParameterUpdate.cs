namespace TinyNet.Core;

/// <summary>
/// One optimizer step for one number: reads the gradient, changes the parameter and up to three state values. A device
/// runs it over a whole parameter in one pass.
/// </summary>
public interface IParameterUpdate
{
    /// <summary>Updates the parameter and its state in place. Unused states hold 0 and are not stored.</summary>
    void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>;
}
