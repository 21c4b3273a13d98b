using System.Buffers;

namespace TinyNet.Core;

/// <summary>
/// The one place where memory for elements is asked for, in scopes and outside: what no array holds is refused before, and where
/// memory runs out, the exception says for what.
/// </summary>
internal static unsafe class Allocation
{
    /// <summary>The most elements that a storage holds: as many as an array, less those that align the first one.</summary>
    public static readonly int MostElements = Array.MaxLength - 64;

    /// <summary>Memory for the result of an operation: until the open scope closes, or collected where none is open.</summary>
    /// <exception cref="ShapeException">No storage holds so many elements.</exception>
    /// <exception cref="MemoryExhaustedException">There is not so much memory.</exception>
    public static Storage OfResult(BufferPool pool, in Shape shape, string operation) => Obtain(pool, StepScope.Current, shape, operation);

    /// <summary>Memory that lives as long as something refers to it.</summary>
    /// <exception cref="ShapeException">No storage holds so many elements.</exception>
    /// <exception cref="MemoryExhaustedException">There is not so much memory.</exception>
    public static Storage Collected(BufferPool pool, in Shape shape, string operation) => Obtain(pool, null, shape, operation);

    /// <summary>An array for the elements of a shape on the host; its contents are those of new memory: 0.</summary>
    /// <exception cref="ShapeException">No storage holds so many elements.</exception>
    /// <exception cref="MemoryExhaustedException">There is not so much memory.</exception>
    public static T[] OnHost<T>(in Shape shape, string operation) where T : unmanaged
    {
        EnsureFits(shape, operation);
        int length = shape.Length;
        return Try(length, static length => new T[length])
            ?? throw new MemoryExhaustedException(operation, $"shape {shape}", (long)length * sizeof(T));
    }

    /// <summary>A dirty array of the shared pool of arrays, to which the caller gives it back.</summary>
    /// <exception cref="MemoryExhaustedException">There is not so much memory.</exception>
    public static T[] RentOnHost<T>(int length, string operation) where T : unmanaged =>
        Try(length, static length => ArrayPool<T>.Shared.Rent(length))
        ?? throw new MemoryExhaustedException(operation, $"{length} elements on the host", (long)length * sizeof(T));

    /// <summary>A dirty pinned array of floats, for who keeps it for piece after piece of work.</summary>
    /// <exception cref="MemoryExhaustedException">There is not so much memory.</exception>
    public static float[] Pinned(int length) =>
        Try(length, static length => GC.AllocateUninitializedArray<float>(length, pinned: true))
        ?? throw new MemoryExhaustedException("allocate", $"{length} floats of scratch memory", (long)length * sizeof(float));

    /// <summary>
    /// What a function makes of what it is given; where there is no memory for it, a second time, when all that pools keep free has gone.
    /// Null where there is none then either.
    /// </summary>
    public static TResult? Try<TState, TResult>(TState state, Func<TState, TResult> make) where TResult : class
    {
        try
        {
            return make(state);
        }
        catch (OutOfMemoryException)
        {
            BufferPool.MakeRoom();
        }

        try
        {
            return make(state);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private static Storage Obtain(BufferPool pool, StepScope? scope, in Shape shape, string operation)
    {
        EnsureFits(shape, operation);
        int length = shape.Length;
        var storage = scope is null
            ? Try((pool, length), static wanted => wanted.pool.Create(wanted.length))
            : Try((pool, scope, length), static wanted => wanted.scope.Rent(wanted.pool, wanted.length));
        return storage
            ?? throw new MemoryExhaustedException(operation, $"shape {shape}", (long)length * sizeof(float), pool.Device?.MemoryInUse);
    }

    private static void EnsureFits(in Shape shape, string operation)
    {
        if (shape.Length > MostElements)
        {
            throw new ShapeException(operation, $"shape {shape} has {shape.Length} elements",
                $"a tensor has at most {MostElements}; split the data");
        }
    }
}
