using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Random masks.</summary>
public static class Dropping
{
    // What SELU tends to where its input is small: −λα.
    private const double SeluFloor = -1.7580993408473766;

    extension(Tensor x)
    {
        /// <summary>Each element 0 with probability p, else scaled by 1 / (1 − p).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
        public Tensor Dropout(float probability, RandomStream random)
        {
            Operation.Check("Dropout", x);
            // With the axes of x in memory: it is read in both passes. Element i is from word i all the same.
            return x * Mask(Tensor.ResultLike("Dropout", x), probability, Scale(probability), random);
        }

        /// <summary>Each channel of each sample of x [N, C, ..] 0 with probability p, else scaled by 1 / (1 − p).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
        /// <exception cref="ShapeException">x has fewer than three axes.</exception>
        public Tensor SpatialDropout(float probability, RandomStream random)
        {
            const string name = "SpatialDropout";
            Operation.Check(name, x);
            if (x.Rank < 3)
            {
                throw new ShapeException(name, $"an input of shape {x.Shape}", "the input has the axes [batch, channels, ..]");
            }

            Span<int> sizes = stackalloc int[x.Rank];
            sizes.Fill(1);
            (sizes[0], sizes[1]) = (x.Shape.Sizes[0], x.Shape.Sizes[1]);
            return x * Mask(Tensor.Result(name, new Shape(sizes), x.Device), probability, Scale(probability), random);
        }

        /// <summary>
        /// a · x′ + b, where x′ is −λα, the floor of SELU, with probability p, else x. With q = 1 − p, a = (q + (λα)² q p)^−½ and b = a
        /// p λα keep the mean 0 and the variance 1 of x; for p = 1 the result is 0.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
        public Tensor AlphaDropout(float probability, RandomStream random)
        {
            const string name = "AlphaDropout";
            Operation.Check(name, x);
            double keep = 1 - (double)probability;
            double scale = keep > 0 ? 1 / Math.Sqrt(keep + SeluFloor * SeluFloor * keep * probability) : 0;
            double shift = -scale * probability * SeluFloor;
            Tensor mask = Mask(Tensor.ResultLike(name, x), probability, scale, random), offset = Tensor.ResultLike(name, x);
            x.Device.Map(new DroppedMap(scale * SeluFloor + shift, shift), mask, offset);
            return x * mask + offset;
        }
    }

    private static double Scale(float probability) => probability < 1 ? 1 / (1 - (double)probability) : 0;

    /// <summary>Fills a mask with 0 with probability p, else a number.</summary>
    private static Tensor Mask(Tensor mask, float probability, double kept, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Require.Probability(probability);
        mask.Device.FillUniform(mask, random.Reserve(mask.Length), 0, 1);
        mask.Device.Map(new DropMap(probability, kept), mask, mask);
        return mask;
    }

    /// <summary>0 for a uniform number below p, else what is kept.</summary>
    internal readonly struct DropMap(double probability, double kept) : IUnaryMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Forward<T>(T a) where T : struct, ILane<T> => T.Select(a < T.Const(probability), T.Zero, T.Const(kept));
    }

    /// <summary>One number where a mask is 0, else another.</summary>
    internal readonly struct DroppedMap(double dropped, double kept) : IUnaryMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Forward<T>(T a) where T : struct, ILane<T> => T.Select(T.Equal(a, T.Zero), T.Const(dropped), T.Const(kept));
    }
}
