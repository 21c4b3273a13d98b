namespace TinyNet.Core;

/// <summary>A lane of floats that a loop over memory reads and writes.</summary>
/// <typeparam name="T">The lane itself.</typeparam>
public interface IVectorLane<T> : ILane<T> where T : struct, IVectorLane<T>
{
    /// <summary>The number of floats in the lane.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> floats; <paramref name="source"/> needs no alignment.</summary>
    static abstract unsafe T Load(float* source);

    /// <summary>Writes <see cref="Count"/> floats; <paramref name="destination"/> needs no alignment.</summary>
    static abstract unsafe void Store(float* destination, T value);
}
