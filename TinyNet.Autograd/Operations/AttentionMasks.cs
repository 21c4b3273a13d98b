using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>What an attention takes as a mask: 1 where a query sees a key, 0 where it does not, and nothing else.</summary>
internal static class AttentionMasks
{
    /// <summary>
    /// Refuses a mask with other entries, since numbers that are meant to be added to the scores would mean the opposite. What was found
    /// right is not looked through again while it stays as it is.
    /// </summary>
    public static void EnsureZerosAndOnes(string what, Tensor mask)
    {
        if (mask.Length == 0 || mask.Storage.KnownMask.Holds(mask))
        {
            return;
        }

        if (ElementFault.In("Attention", mask, default(NotMaskMap)) is { } found)
        {
            throw new TensorException("Attention", $"a {what} of shape {mask.Shape} with the entry {found}",
                "in a mask 1 means that a query sees a key, and 0 that it does not; numbers to be added to the scores are a bias");
        }

        MarkZerosAndOnes(mask);
    }

    /// <summary>Notes that a tensor is made of 0 and 1.</summary>
    public static void MarkZerosAndOnes(Tensor mask) => mask.Storage.KnownMask = KnownMask.Of(mask);
}

/// <summary>1 where an element is neither 0 nor 1, else 0.</summary>
internal readonly struct NotMaskMap : IPredicateMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => T.Select(T.Equal(x, T.Zero) | T.Equal(x, T.One), T.Zero, T.One);
}
