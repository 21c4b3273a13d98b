using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>f((x − mean) · scale + shift). Means, scales and shifts are [3, sets, channels].</summary>
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
        float* means = factors + (nint)set * channels, scales = means + all, shifts = scales + all;
        for (int row = 0; row < rows; row++, at += channels)
        {
            for (int c = channel; c < end; c += TLane.Count)
            {
                var centered = TLane.Load(x + at + c) - TLane.Load(means + c);
                var normalized = TLane.FusedMultiplyAdd(centered, TLane.Load(scales + c), TLane.Load(shifts + c));
                TLane.Store(destination + at + c, f.Forward(normalized));
            }
        }

        return end;
    }
}

/// <summary>a · gradient + b · (x − mean) + c. Means, a, b and c are [4, sets, channels].</summary>
internal readonly unsafe struct ChannelGradientKernel(
    float* x, float* gradient, float* factors, ChannelBlocks blocks, float* destination) : IChannelKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run<TLane>(int unit, int channel) where TLane : struct, IVectorLane<TLane>
    {
        var (set, first, rows) = blocks.Block(unit);
        int channels = blocks.Channels, end = channel + (channels - channel) / TLane.Count * TLane.Count;
        nint all = (nint)blocks.Sets * channels, at = (nint)first * channels;
        float* means = factors + (nint)set * channels, direct = means + all, slopes = direct + all, shifts = slopes + all;
        for (int row = 0; row < rows; row++, at += channels)
        {
            for (int c = channel; c < end; c += TLane.Count)
            {
                var centered = TLane.Load(x + at + c) - TLane.Load(means + c);
                var throughMoments = TLane.FusedMultiplyAdd(centered, TLane.Load(slopes + c), TLane.Load(shifts + c));
                var total = TLane.FusedMultiplyAdd(TLane.Load(gradient + at + c), TLane.Load(direct + c), throughMoments);
                TLane.Store(destination + at + c, total);
            }
        }

        return end;
    }
}
