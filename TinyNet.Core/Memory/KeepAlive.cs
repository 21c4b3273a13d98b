using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// Keeps operands alive to the end of a scope. Outside of a step nothing but its tensors refers to a storage, and a pointer to its
/// elements, or a view of a GPU's memory, does not: so whoever computes with those declares this first. What stands in for a destination
/// lives until it is delivered.
/// </summary>
internal readonly ref struct KeepAlive
{
    private readonly object? _a, _b, _c, _d, _e;

    private KeepAlive(object? a, object? b, object? c, object? d, object? e) => (_a, _b, _c, _d, _e) = (a, b, c, d, e);

    /// <summary>Keeps up to five operands alive until it is disposed of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KeepAlive Of(object? a, object? b = null, object? c = null, object? d = null, object? e = null) => new(a, b, c, d, e);

    /// <summary>The end of the scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        GC.KeepAlive(_a);
        GC.KeepAlive(_b);
        GC.KeepAlive(_c);
        GC.KeepAlive(_d);
        GC.KeepAlive(_e);
    }
}
