using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// For each block the means of its channels, by how much rounding moved those, and the sums of squares about them, in a second pass over
/// the block: nothing cancels. The mean is the first two together (<see cref="TwoFloats"/>). Partials are [units, 3, channels].
/// </summary>
/// <remarks>
/// A channel is measured again, in double precision, where its squares say that float was not enough: they overflowed or may have vanished
/// (each below 2⁻¹⁴⁹; a block has 2¹³ rows at most), or the mean was moved so far that little is left of them without that. Then the third
/// is no float, perhaps, but the fourth root of the mean square is, with all its digits: it is kept with a minus.
/// </remarks>
internal readonly unsafe struct ChannelMomentsKernel(float* x, ChannelBlocks blocks, float* partials) : IChannelKernel
{
    // 2⁻¹⁰⁰ and 2¹²⁰.
    private const double LeastSquares = 7.888609052210118e-31, MostSquares = 1.329227995784916e36;

    // The squares may be so many times what is left of them without the movement, for a sum in float is that much less exact.
    private const float MostCanceled = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (_, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels, start = channel;
        float* source = x + (nint)first * channels, means = partials + (nint)unit * 3 * channels;
        float* movements = means + channels, squaresLeft = movements + channels;

        // One row has no squares that could have vanished.
        TLane share = TLane.Const(1.0 / rows), least = TLane.Const(rows == 1 ? -1 : LeastSquares), most = TLane.Const(MostSquares);
        TLane canceled = TLane.Const(MostCanceled), restUnits = TLane.Const(1 / TwoFloats.RestUnit);
        TLane unclear = TLane.Const(double.NaN), total = TLane.Zero;
        for (; channel <= channels - TLane.Count; channel += TLane.Count)
        {
            TLane a = TLane.Zero, b = a, c = a, d = a;
            float* at = source + channel;
            int row = 0;
            for (; row <= rows - 4; row += 4, at += 4 * (nint)channels)
            {
                a += TLane.Load(at);
                b += TLane.Load(at + channels);
                c += TLane.Load(at + 2 * (nint)channels);
                d += TLane.Load(at + 3 * (nint)channels);
            }

            for (; row < rows; row++, at += channels)
            {
                a += TLane.Load(at);
            }

            var mean = (a + b + (c + d)) * share;
            TLane squares = TLane.Zero, moreSquares = squares;
            a = b = squares;
            at = source + channel;
            for (row = 0; row <= rows - 2; row += 2, at += 2 * (nint)channels)
            {
                TLane deviation = TLane.Load(at) - mean, next = TLane.Load(at + channels) - mean;
                (a, b) = (a + deviation, b + next);
                squares = TLane.MultiplyAdd(deviation, deviation, squares);
                moreSquares = TLane.MultiplyAdd(next, next, moreSquares);
            }

            if (row < rows)
            {
                var deviation = TLane.Load(at) - mean;
                a += deviation;
                squares = TLane.MultiplyAdd(deviation, deviation, squares);
            }

            TLane moved = (a + b) * share, all = squares + moreSquares, left = TLane.Max(all - moved * (a + b), TLane.Zero);
            var isClear = (left > least) & (left < most) & (all <= canceled * left);
            left = TLane.Select(isClear, left, unclear);
            total += left;
            TLane.Store(means + channel, mean);
            TLane.Store(movements + channel, moved * restUnits);
            TLane.Store(squaresLeft + channel, left);
        }

        if (float.IsNaN(AcrossLane.Sum(total)))
        {
            MeasureAgain(source, rows, start, channel, means);
        }

        return channel;
    }

    /// <summary>Measures those of some channels again that are not clear.</summary>
    private void MeasureAgain(float* source, int rows, int channel, int end, float* means)
    {
        int channels = blocks.Channels;
        for (; channel < end; channel++)
        {
            float* at = source + channel, of = means + channel;
            if (!float.IsNaN(of[2 * (nint)channels]))
            {
                continue;
            }

            // Many are constant, most often 0. That is told sooner than anything is measured.
            int same = 1;
            while (same < rows && at[same * (nint)channels] == *at)
            {
                same++;
            }

            double mean = *at, variance = 0;
            if (same < rows)
            {
                mean = DoubleMoments.Mean(at, rows, channels);
                variance = DoubleMoments.Variance(at, rows, channels, mean);
            }

            (of[0], of[channels]) = TwoFloats.Split(mean);
            of[2 * (nint)channels] = -(float)Math.Sqrt(Math.Sqrt(variance));
        }
    }
}

/// <summary>
/// For each block the sums of the gradient, and of its products with (x − center) · scale, by channel. Centers and scales are
/// [2, sets, channels].
/// </summary>
internal readonly unsafe struct ChannelGradientSumsKernel(
    float* x, float* gradient, float* factors, ChannelBlocks blocks, float* partials) : IChannelKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (set, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels;
        nint start = (nint)first * channels, all = (nint)blocks.Sets * channels;
        float* sums = partials + (nint)unit * 2 * channels, centers = factors + (nint)set * channels;
        for (; channel <= channels - TLane.Count; channel += TLane.Count)
        {
            TLane a = TLane.Zero, b = a, products = a, moreProducts = a;
            TLane center = TLane.Load(centers + channel), scale = TLane.Load(centers + all + channel);
            nint at = start + channel;
            int row = 0;
            for (; row <= rows - 2; row += 2, at += 2 * (nint)channels)
            {
                TLane g = TLane.Load(gradient + at), h = TLane.Load(gradient + at + channels);
                a += g;
                b += h;
                products = TLane.MultiplyAdd(g, (TLane.Load(x + at) - center) * scale, products);
                moreProducts = TLane.MultiplyAdd(h, (TLane.Load(x + at + channels) - center) * scale, moreProducts);
            }

            if (row < rows)
            {
                var g = TLane.Load(gradient + at);
                a += g;
                products = TLane.MultiplyAdd(g, (TLane.Load(x + at) - center) * scale, products);
            }

            TLane.Store(sums + channel, a + b);
            TLane.Store(sums + channels + channel, products + moreProducts);
        }

        return channel;
    }
}
