using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>f((x − center) · scale + shift). Centers, scales and shifts are [3, sets, channels].</summary>
internal readonly unsafe struct ChannelNormalizeKernel<TMap>(
    float* x, float* factors, ChannelBlocks blocks, TMap map, float* destination) : IChannelKernel
    where TMap : struct, IUnaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var f = map;
        var (set, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels, end = channel + (channels - channel) / TLane.Count * TLane.Count;
        nint all = (nint)blocks.Sets * channels, at = (nint)first * channels;
        float* centers = factors + (nint)set * channels, scales = centers + all, shifts = scales + all;
        for (int row = 0; row < rows; row++, at += channels)
        {
            for (int c = channel; c < end; c += TLane.Count)
            {
                var centered = TLane.Load(x + at + c) - TLane.Load(centers + c);
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
