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
    /// <exception cref="TensorException">There is not so much memory.</exception>
    public static Storage OfResult(BufferPool pool, in Shape shape, string operation) => Obtain(pool, StepScope.Current, shape, operation);

    /// <summary>Memory that lives as long as something refers to it.</summary>
    /// <exception cref="ShapeException">No storage holds so many elements.</exception>
    /// <exception cref="TensorException">There is not so much memory.</exception>
    public static Storage Collected(BufferPool pool, in Shape shape, string operation) => Obtain(pool, null, shape, operation);

    /// <summary>An array for the elements of a shape on the host; its contents are those of new memory: 0.</summary>
    /// <exception cref="ShapeException">No storage holds so many elements.</exception>
    /// <exception cref="TensorException">There is not so much memory.</exception>
    public static T[] OnHost<T>(in Shape shape, string operation) where T : unmanaged
    {
        EnsureFits(shape, operation);
        try
        {
            return new T[shape.Length];
        }
        catch (OutOfMemoryException)
        {
            throw Failed(operation, $"shape {shape}", (long)shape.Length * sizeof(T));
        }
    }

    /// <summary>A dirty array of the shared pool of arrays, to which the caller gives it back.</summary>
    /// <exception cref="TensorException">There is not so much memory.</exception>
    public static T[] RentOnHost<T>(int length, string operation) where T : unmanaged
    {
        try
        {
            return ArrayPool<T>.Shared.Rent(length);
        }
        catch (OutOfMemoryException)
        {
            throw Failed(operation, $"{length} elements on the host", (long)length * sizeof(T));
        }
    }

    /// <summary>What is thrown where memory has run out.</summary>
    public static TensorException Failed(string operation, string what, long bytes) =>
        new(operation, $"no memory is left for {what}, {bytes} bytes",
            "make the data or the batch smaller, or let go of tensors that are not needed any more");

    private static Storage Obtain(BufferPool pool, StepScope? scope, in Shape shape, string operation)
    {
        EnsureFits(shape, operation);
        try
        {
            return scope is null ? pool.Create(shape.Length) : scope.Rent(pool, shape.Length);
        }
        catch (OutOfMemoryException)
        {
            throw Failed(operation, $"shape {shape}", (long)shape.Length * sizeof(float));
        }
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
