using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>f((x − center) · root² · scale + shift). Centers, scales, shifts and roots are [4, sets, channels].</summary>
/// <param name="x">The images.</param>
/// <param name="factors">The factors.</param>
/// <param name="hasRoots">Whether any root is not 1; else they are not looked at.</param>
/// <param name="blocks">How the work is cut.</param>
/// <param name="map">f.</param>
/// <param name="destination">Where the result goes, which may be where the images are.</param>
internal readonly unsafe struct ChannelNormalizeKernel<TMap>(
    float* x, float* factors, bool hasRoots, ChannelBlocks blocks, TMap map, float* destination) : IChannelKernel
    where TMap : struct, IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var f = map;
        var (set, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels, end = channel + (channels - channel) / TLane.Count * TLane.Count;
        nint all = (nint)blocks.Sets * channels, at = (nint)first * channels;
        float* centers = factors + (nint)set * channels, scales = centers + all, shifts = scales + all, roots = shifts + all;
        for (int row = 0; row < rows; row++, at += channels)
        {
            for (int c = channel; c < end; c += TLane.Count)
            {
                var centered = TLane.Load(x + at + c) - TLane.Load(centers + c);
                if (hasRoots)
                {
                    // Powers of two: those of 1 change nothing, and the others no digits.
                    centered = centered * TLane.Load(roots + c) * TLane.Load(roots + c);
                }

                var normalized = TLane.MultiplyAdd(centered, TLane.Load(scales + c), TLane.Load(shifts + c));
                TLane.Store(destination + at + c, f.Forward(normalized));
            }
        }

        return end;
    }
}

/// <summary>a · gradient + b · (x − center) · scale + c. Centers, scales, a, b and c are [5, sets, channels].</summary>
/// <remarks>The scale is no part of b, because that would be a square of it.</remarks>
internal readonly unsafe struct ChannelGradientKernel(
    float* x, float* gradient, float* factors, ChannelBlocks blocks, float* destination) : IChannelKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (set, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels, end = channel + (channels - channel) / TLane.Count * TLane.Count;
        nint all = (nint)blocks.Sets * channels, at = (nint)first * channels;
        float* centers = factors + (nint)set * channels, scales = centers + all;
        float* direct = scales + all, slopes = direct + all, terms = slopes + all;
        for (int row = 0; row < rows; row++, at += channels)
        {
            for (int c = channel; c < end; c += TLane.Count)
            {
                var scaled = (TLane.Load(x + at + c) - TLane.Load(centers + c)) * TLane.Load(scales + c);
                var throughMoments = TLane.MultiplyAdd(scaled, TLane.Load(slopes + c), TLane.Load(terms + c));
                var total = TLane.MultiplyAdd(TLane.Load(gradient + at + c), TLane.Load(direct + c), throughMoments);
                TLane.Store(destination + at + c, total);
            }
        }

        return end;
    }
}
