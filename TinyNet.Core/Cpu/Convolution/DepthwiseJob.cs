using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The sweeps of a depthwise convolution, or of its gradient to the input: each channel has one window of its own, so lanes run along the
/// channels. Units and packing are those of <see cref="ConvolutionJob{TMap}"/>; weights are [taps in the order of the sweep, channels].
/// </summary>
internal unsafe struct DepthwiseJob<TMap>(
    ImageBatch source, ImageBatch result, TapPlan* sweeps, ConvolutionPlan plan, float* weights, SumFinish<TMap> finish) : ILaneJob
    where TMap : struct, IUnaryMap
{
    public readonly void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        (int image, int band) = Math.DivRem(unit, plan.Bands);
        int firstRow = band * plan.BandRows;
        var scratch = ThreadScratch.Of(plan.ScratchLength);
        nint* segments = scratch.Take<nint>(plan.MaximumSegments);
        float* pixels = plan.Prepare(source, sweeps[0], image, firstRow, scratch, out nint rowStride);
        float* target = result.Pointer + image * result.ImageStride;
        for (int i = 0; i < plan.Sweeps; i++)
        {
            int rows = Math.Min(plan.BandRows, sweeps[i].Rows.Count - firstRow);
            sweeps[i].Locate(rowStride, source.Channels, segments);
            for (int row = 0; row < rows; row++)
            {
                TapAxis vertical = sweeps[i].Rows, horizontal = sweeps[i].Columns;
                float* from = pixels + row * vertical.SourceStep * rowStride;
                int resultRow = vertical.First + (firstRow + row) * vertical.Step;
                float* to = target + resultRow * result.RowStride + horizontal.First * result.Channels;
                if (sweeps[i].Segments > FloatChain.Terms)
                {
                    Row<TLane, ManyTaps>(sweeps[i], from, segments, to);
                }
                else
                {
                    Row<TLane, FewTaps>(sweeps[i], from, segments, to);
                }
            }
        }
    }

    private readonly void Row<TLane, TTaps>(in TapPlan sweep, float* from, nint* segments, float* to)
        where TLane : struct, IVectorLane<TLane>
        where TTaps : struct, IDepthwiseTaps
    {
        for (int column = 0; column < sweep.Columns.Count; column++)
        {
            int channel = Channels<TLane, TTaps>(sweep, from, segments, to, 0);
            Channels<ScalarLane, TTaps>(sweep, from, segments, to, channel);
            from += sweep.Columns.SourceStep * source.Channels;
            to += sweep.Columns.Step * result.Channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly int Channels<TLane, TTaps>(in TapPlan sweep, float* from, nint* segments, float* to, int channel)
        where TLane : struct, IVectorLane<TLane>
        where TTaps : struct, IDepthwiseTaps
    {
        int channels = source.Channels, taps = sweep.Segments;
        float* first = weights + sweep.WeightOffset, bias = finish.Bias, centers = finish.Factors;
        float* scales = centers + channels, shifts = scales + channels;
        var f = finish.Map;
        for (; channel <= channels - TLane.Count; channel += TLane.Count)
        {
            var sum = bias == null ? TLane.Zero : TLane.Load(bias + channel);
            sum = TTaps.Add(from + channel, segments, first + channel, taps, channels, sum);
            if (centers != null)
            {
                var centered = sum - TLane.Load(centers + channel);
                sum = TLane.MultiplyAdd(centered, TLane.Load(scales + channel), TLane.Load(shifts + channel));
            }

            TLane.Store(to + channel, f.Forward(sum));
        }

        return channel;
    }
}

/// <summary>How the taps of a window are added up, channel by channel.</summary>
internal unsafe interface IDepthwiseTaps
{
    /// <summary>Adds the elements of the source under the taps, times their weights, to a sum.</summary>
    static abstract TLane Add<TLane>(float* source, nint* segments, float* weight, int taps, int channels, TLane sum)
        where TLane : struct, IVectorLane<TLane>;
}

/// <summary>One chain of multiply-adds.</summary>
internal readonly unsafe struct FewTaps : IDepthwiseTaps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Add<TLane>(float* source, nint* segments, float* weight, int taps, int channels, TLane sum)
        where TLane : struct, IVectorLane<TLane>
    {
        for (int tap = 0; tap < taps; tap++, weight += channels)
        {
            sum = TLane.MultiplyAdd(TLane.Load(source + segments[tap]), TLane.Load(weight), sum);
        }

        return sum;
    }
}

/// <summary>Chains of blocks of taps, with what is lost in adding those up.</summary>
internal readonly unsafe struct ManyTaps : IDepthwiseTaps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Add<TLane>(float* source, nint* segments, float* weight, int taps, int channels, TLane sum)
        where TLane : struct, IVectorLane<TLane>
    {
        var lost = TLane.Zero;
        for (int tap = 0; tap < taps; tap += FloatChain.Terms, weight += (nint)FloatChain.Terms * channels)
        {
            int count = Math.Min(FloatChain.Terms, taps - tap);
            FloatChain.Add(ref sum, ref lost, FewTaps.Add(source, segments + tap, weight, count, channels, TLane.Zero));
        }

        return sum;
    }
}

/// <summary>
/// The weight gradient of a depthwise convolution: sums over pixels of source under a tap times gradient, channel by channel, for the
/// bands of a block.
/// </summary>
internal unsafe struct DepthwiseGradientJob(
    ImageBatch source, ImageBatch gradient, TapPlan sweep, WeightGradientPlan plan, float* partials, nint length) : ILaneJob
{
    public readonly void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>
    {
        var bands = plan.Bands;
        var scratch = ThreadScratch.Of(bands.ScratchLength);
        nint* segments = scratch.Take<nint>(bands.MaximumSegments);
        var (firstItem, endItem) = plan.Range(unit);
        int chain = 0, columns = sweep.Columns.Count;
        for (int sum = unit * plan.Sums; sum < (unit + 1) * plan.Sums; sum++)
        {
            new Span<float>(partials + sum * length, (int)length).Clear();
        }

        for (int item = firstItem; item < endItem; item++)
        {
            (int image, int band) = Math.DivRem(item, bands.Bands);
            int row = band * bands.BandRows, rows = Math.Min(bands.BandRows, sweep.Rows.Count - row);
            float* pixels = bands.Prepare(source, sweep, image, row, scratch, out nint rowStride);
            sweep.Locate(rowStride, source.Channels, segments);
            float* gradients = gradient.Pointer + image * gradient.ImageStride + row * gradient.RowStride;
            for (int column = 0; column < columns; column += plan.LinePixels, chain++)
            {
                float* from = pixels + column * sweep.Columns.SourceStep * source.Channels, slopes = gradients + column * source.Channels;
                float* sums = partials + plan.At(unit, chain).Sum * length;
                int count = Math.Min(plan.LinePixels, columns - column);
                for (int tap = 0; tap < sweep.Segments; tap++, sums += source.Channels)
                {
                    int channel = AddTap<TLane>(from + segments[tap], rowStride, slopes, rows, count, sums, 0);
                    AddTap<ScalarLane>(from + segments[tap], rowStride, slopes, rows, count, sums, channel);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly int AddTap<TLane>(float* pixels, nint rowStride, float* gradients, int rows, int columns, float* sums, int channel)
        where TLane : struct, IVectorLane<TLane>
    {
        int channels = source.Channels;
        nint lineStep = sweep.Rows.SourceStep * rowStride, step = sweep.Columns.SourceStep * channels;
        for (; channel <= channels - TLane.Count; channel += TLane.Count)
        {
            var sum = TLane.Zero;
            for (int row = 0; row < rows; row++)
            {
                float* x = pixels + row * lineStep + channel, g = gradients + row * gradient.RowStride + channel;
                for (int column = 0; column < columns; column++, x += step, g += channels)
                {
                    sum = TLane.MultiplyAdd(TLane.Load(x), TLane.Load(g), sum);
                }
            }

            TLane.Store(sums + channel, TLane.Load(sums + channel) + sum);
        }

        return channel;
    }
}
