using System.Buffers;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Sequences of different lengths, padded to a common number of steps.</summary>
public static class Sequences
{
    extension(IndexTensor lengths)
    {
        /// <summary>A mask [B, steps] that is 1 at the first lengths[b] steps of sequence b, else 0: what is no padding.</summary>
        /// <exception cref="ShapeException">The lengths are no vector.</exception>
        /// <exception cref="TensorException">A length is negative or more than there are steps.</exception>
        public Tensor LengthMask(int steps, Device? device = null) =>
            Mask("LengthMask", lengths, steps, device ?? Device.Default, inside: 1, outside: 0);
    }

    extension(Tensor x)
    {
        /// <summary>
        /// The mean of x [B, T, ..] over the first lengths[b] steps of sequence b: [B, ..]. What is in the padding does not matter; of
        /// no steps the mean is 0.
        /// </summary>
        /// <exception cref="ShapeException">The lengths are not one for each sequence.</exception>
        /// <exception cref="TensorException">A length is negative or more than there are steps.</exception>
        public Tensor MaskedMean(IndexTensor lengths)
        {
            Operation.Check("MaskedMean", x);
            ArgumentNullException.ThrowIfNull(lengths);
            if (x.Rank < 2 || lengths.Length != x.Shape[0])
            {
                throw new ShapeException("MaskedMean", $"lengths of shape {lengths.Shape} for sequences of shape {x.Shape}",
                    "give sequences [B, T, ..] and lengths [B]");
            }

            var padding = Mask("MaskedMean", lengths, x.Shape[1], x.Device, inside: 0, outside: 1);
            return x.MaskedFill(Stretch(padding, x.Rank), 0).Sum(1) / Stretch(Divisors(lengths, x.Device), x.Rank - 1);
        }
    }

    /// <summary>Refuses lengths that are negative or more than there are steps.</summary>
    internal static void EnsureLengths(string name, IndexTensor lengths, int steps)
    {
        foreach (int length in lengths.Read(name))
        {
            if (length < 0 || length > steps)
            {
                throw new TensorException(name, $"a length of {length} with {steps} steps (lengths of shape {lengths.Shape})",
                    $"lengths are 0 to {steps}");
            }
        }
    }

    private static Tensor Mask(string name, IndexTensor lengths, int steps, Device device, float inside, float outside)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Rank != 1)
        {
            throw new ShapeException(name, $"lengths of shape {lengths.Shape}", "give a vector, one length for each sequence");
        }

        EnsureLengths(name, lengths, steps);
        var mask = Tensor.Result(name, [lengths.Length, steps], device);
        float[] values = Allocation.RentOnHost<float>(mask.Length, name);
        for (int b = 0; b < lengths.Length; b++)
        {
            int length = lengths.Values[b];
            values.AsSpan(b * steps, length).Fill(inside);
            values.AsSpan(b * steps + length, steps - length).Fill(outside);
        }

        device.Upload(values.AsSpan(0, mask.Length), mask);
        ArrayPool<float>.Shared.Return(values);
        AttentionMasks.MarkZerosAndOnes(mask);
        return mask;
    }

    /// <summary>The lengths [B], 1 for 0.</summary>
    private static Tensor Divisors(IndexTensor lengths, Device device)
    {
        var divisors = Tensor.Result("MaskedMean", lengths.Shape, device);
        float[] values = Allocation.RentOnHost<float>(lengths.Length, "MaskedMean");
        for (int b = 0; b < lengths.Length; b++)
        {
            values[b] = Math.Max(1, lengths.Values[b]);
        }

        device.Upload(values.AsSpan(0, lengths.Length), divisors);
        ArrayPool<float>.Shared.Return(values);
        return divisors;
    }

    /// <summary>The same with axes of size 1 behind, up to a rank.</summary>
    private static Tensor Stretch(Tensor x, int rank)
    {
        while (x.Rank < rank)
        {
            x = x.Unsqueeze(-1);
        }

        return x;
    }
}
