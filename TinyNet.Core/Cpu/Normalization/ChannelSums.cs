using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// For each block the means of its channels, and the sums of squares about those, in a second pass over the block: nothing cancels. That
/// pass also finds by how much rounding moved the mean.
/// </summary>
internal readonly unsafe struct ChannelMomentsKernel(float* x, ChannelBlocks blocks, float* partials) : IChannelKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (_, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels;
        float* source = x + (nint)first * channels, means = partials + (nint)unit * 2 * channels;
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

            var mean = (a + b + (c + d)) / TLane.Const(rows);
            TLane squares = TLane.Zero, moreSquares = squares;
            a = b = squares;
            at = source + channel;
            for (row = 0; row <= rows - 2; row += 2, at += 2 * (nint)channels)
            {
                TLane deviation = TLane.Load(at) - mean, next = TLane.Load(at + channels) - mean;
                (a, b) = (a + deviation, b + next);
                squares = TLane.FusedMultiplyAdd(deviation, deviation, squares);
                moreSquares = TLane.FusedMultiplyAdd(next, next, moreSquares);
            }

            if (row < rows)
            {
                var deviation = TLane.Load(at) - mean;
                a += deviation;
                squares = TLane.FusedMultiplyAdd(deviation, deviation, squares);
            }

            var moved = (a + b) / TLane.Const(rows);
            TLane.Store(means + channel, mean + moved);
            TLane.Store(means + channels + channel, TLane.Max(squares + moreSquares - moved * (a + b), TLane.Zero));
        }

        return channel;
    }
}

/// <summary>For each block the sums of the gradient, and of its products with x − mean, by channel.</summary>
internal readonly unsafe struct ChannelGradientSumsKernel(
    float* x, float* gradient, float* means, ChannelBlocks blocks, float* partials) : IChannelKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (set, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels;
        nint start = (nint)first * channels;
        float* sums = partials + (nint)unit * 2 * channels;
        for (; channel <= channels - TLane.Count; channel += TLane.Count)
        {
            TLane a = TLane.Zero, b = a, products = a, moreProducts = a, mean = TLane.Load(means + (nint)set * channels + channel);
            nint at = start + channel;
            int row = 0;
            for (; row <= rows - 2; row += 2, at += 2 * (nint)channels)
            {
                TLane g = TLane.Load(gradient + at), h = TLane.Load(gradient + at + channels);
                a += g;
                b += h;
                products = TLane.FusedMultiplyAdd(g, TLane.Load(x + at) - mean, products);
                moreProducts = TLane.FusedMultiplyAdd(h, TLane.Load(x + at + channels) - mean, moreProducts);
            }

            if (row < rows)
            {
                var g = TLane.Load(gradient + at);
                a += g;
                products = TLane.FusedMultiplyAdd(g, TLane.Load(x + at) - mean, products);
            }

            TLane.Store(sums + channel, a + b);
            TLane.Store(sums + channels + channel, products + moreProducts);
        }

        return channel;
    }
}
