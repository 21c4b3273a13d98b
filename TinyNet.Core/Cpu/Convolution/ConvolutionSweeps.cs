namespace TinyNet.Core;

/// <summary>Runs the sweeps of a convolution, or of its gradient to the input, with packed or transformed weights.</summary>
internal static unsafe class ConvolutionSweeps
{
    /// <summary>Packs the weights of all sweeps, of <paramref name="kept"/> for later calls too, and runs them.</summary>
    /// <param name="cpu">Where it runs.</param>
    /// <param name="prepared">Where packed weights are kept.</param>
    /// <param name="source">The images that windows slide over.</param>
    /// <param name="kept">The tensor of the weights, if their packed form is to be kept.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="count">Their number.</param>
    /// <param name="finish">What becomes of the sums.</param>
    /// <param name="result">The result, channels last.</param>
    public static void Run<TMap>(
        CpuSettings cpu,
        PreparedWeights prepared,
        Tensor source,
        Tensor? kept,
        in TapWeights weights,
        TapPlan* sweeps,
        int count,
        in SumFinish<TMap> finish,
        Tensor result)
        where TMap : struct, IUnaryMap
    {
        if (result.Length == 0)
        {
            return;
        }

        int length = 0;
        long work = 0;
        for (int i = 0; i < count; i++)
        {
            sweeps[i].WeightOffset = length;
            length = ThreadScratch.Length(length + sweeps[i].PackedLength(weights, cpu.LaneLength));
            work += (long)sweeps[i].Rows.Count * sweeps[i].Columns.Count * sweeps[i].Depth;
        }

        using var alive = KeepAlive.Of(source, result);
        var to = ImageBatch.Of(result);
        int threads = cpu.ThreadsForProducts((double)work * to.Channels * to.Images);
        if (count == 1 && WinogradPlan.Pays(*sweeps, weights, to.Images))
        {
            RunWinograd(cpu, prepared, source.ToChannelsLast(cpu), kept, weights, *sweeps, length, finish, to, threads);
            return;
        }

        var packed = Pack(cpu, prepared, kept, weights, sweeps, count, length);
        var from = ImageBatch.Of(source);
        var plan = ConvolutionPlan.Of(from, new ReadOnlySpan<TapPlan>(sweeps, count), to.Channels, threads);
        int units = plan.Bands * from.Images;
        if (weights.IsDepthwise)
        {
            cpu.RunLanes(units, new DepthwiseJob<TMap>(from, to, sweeps, plan, packed.Pointer(), finish), threads);
        }
        else
        {
            cpu.RunVectors(units, new ConvolutionJob<TMap>(from, to, weights, sweeps, plan, packed.Pointer(), finish), threads);
        }

        packed.Release();
    }

    private static Tensor Pack(
        CpuSettings cpu, PreparedWeights prepared, Tensor? kept, in TapWeights weights, TapPlan* sweeps, int count, int length)
    {
        var packed = prepared.Get(kept, WeightForm.Taps, weights.Groups, length, out bool isReady);
        if (isReady)
        {
            return packed;
        }

        for (int i = 0; i < count; i++)
        {
            if (weights.IsDepthwise)
            {
                sweeps[i].PackDepthwise(weights, packed.Pointer());
            }
            else
            {
                sweeps[i].Pack(weights, cpu.LaneLength, packed.Pointer());
            }
        }

        prepared.Keep(kept, WeightForm.Taps, weights.Groups, packed);
        return packed;
    }

    private static void RunWinograd<TMap>(
        CpuSettings cpu,
        PreparedWeights prepared,
        Tensor source,
        Tensor? kept,
        in TapWeights weights,
        in TapPlan sweep,
        int packedLength,
        in SumFinish<TMap> finish,
        in ImageBatch result,
        int threads)
        where TMap : struct, IUnaryMap
    {
        using var alive = KeepAlive.Of(source);
        var plan = WinogradPlan.Of(sweep, weights, result.Images, threads);
        var filters = WinogradFilters(cpu, prepared, kept, weights, sweep, packedLength, plan.FilterStride);
        cpu.RunVectors(plan.Blocks, new WinogradJob<TMap>(ImageBatch.Of(source), result, plan, filters.Pointer(), finish), threads);
        filters.Release();
    }

    private static Tensor WinogradFilters(
        CpuSettings cpu,
        PreparedWeights prepared,
        Tensor? kept,
        in TapWeights weights,
        in TapPlan sweep,
        int packedLength,
        int filterStride)
    {
        int length = WinogradTransform.Products * filterStride;
        var filters = prepared.Get(kept, WeightForm.WinogradFilters, weights.Groups, length, out bool isReady);
        if (isReady)
        {
            return filters;
        }

        using var packed = new Scratch<float>(filters.Device, packedLength, "Convolution");
        sweep.Pack(weights, cpu.LaneLength, packed.Pointer);
        var job = new WinogradFilterJob(
            packed.Pointer, filters.Pointer(), weights.SourceChannels, weights.ResultChannels, filterStride);
        cpu.RunLanes(weights.SourceChannels, job, cpu.ThreadsFor(filters.Length));
        prepared.Keep(kept, WeightForm.WinogradFilters, weights.Groups, filters);
        return filters;
    }
}
