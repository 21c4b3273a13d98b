namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Convolution<TMap>(Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map, Tensor destination)
    {
        Tensor dense = Dense(weight), result = ImageStandIn(destination);
        factors = factors is null ? null : Dense(factors);
        var sizes = destination.Shape.Sizes;
        var sweeps = Tensor.Result("Convolution", [sizeof(TapPlan) / sizeof(float)], this);
        var sweep = (TapPlan*)Pointer(sweeps);
        var weights = TapWeights.Forward(dense, groups);
        *sweep = TapPlan.Of(TapAxis.Forward(window.Height, sizes[2]), TapAxis.Forward(window.Width, sizes[3]), weights);
        Sweep(x, dense, weights, bias, sweep, 1, factors is null ? null : Pointer(factors), map, result);
        Deliver(result, destination);
        Release(sweeps);
        GC.KeepAlive(dense);
        GC.KeepAlive(factors);
    }

    /// <inheritdoc/>
    protected internal override void ConvolutionInputGradient(Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor xGradient)
    {
        Tensor dense = Dense(weight), result = ImageStandIn(xGradient);
        int height = xGradient.Shape.Sizes[2], width = xGradient.Shape.Sizes[3];
        // Remainders beyond the image have no elements.
        int down = Math.Min(window.Height.Stride, height), across = Math.Min(window.Width.Stride, width), count = checked(down * across);
        var sweeps = Tensor.Result("Convolution", [checked(count * (sizeof(TapPlan) / sizeof(float)))], this);
        var sweep = (TapPlan*)Pointer(sweeps);
        var weights = TapWeights.Backward(dense, groups);
        for (int i = 0; i < count; i++)
        {
            var (row, column) = Math.DivRem(i, across);
            sweep[i] = TapPlan.Of(TapAxis.Backward(window.Height, row, height), TapAxis.Backward(window.Width, column, width), weights);
        }

        Sweep(gradient, null, weights, bias, sweep, count, null, default(IdentityOp), result);
        Deliver(result, xGradient);
        Release(sweeps);
        GC.KeepAlive(dense);
    }

    /// <inheritdoc/>
    protected internal override void ConvolutionWeightGradient(Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient)
    {
        if (x.Length == 0 || gradient.Length == 0)
        {
            Fill(weightGradient, 0);
            return;
        }

        Tensor result = StandIn(weightGradient), images = ChannelsLast(gradient);
        var sizes = gradient.Shape.Sizes;
        var weights = TapWeights.Forward(result, groups);
        var sweep = TapPlan.Of(TapAxis.Forward(window.Height, sizes[2]), TapAxis.Forward(window.Width, sizes[3]), weights);
        int threads = (double)gradient.Length * sweep.Depth < _productThreshold ? 1 : Threads;
        if (WinogradPlan.Pays(sweep, weights, sizes[0]))
        {
            WinogradWeightGradient(ChannelsLast(x), images, weights, sweep, threads, result);
        }
        else
        {
            DirectWeightGradient(x, images, weights, sweep, threads, result);
        }

        Deliver(result, weightGradient);
    }

    private void DirectWeightGradient(Tensor x, Tensor gradient, in TapWeights weights, in TapPlan sweep, int threads, Tensor result)
    {
        var source = ImageBatch.Of(x);
        var plan = WeightGradientPlan.Of(source, sweep, weights, result.Length);
        var partials = plan.Blocks == 1 ? result : Tensor.Result("Convolution", [plan.Blocks, result.Length], this);
        if (weights.IsDepthwise)
        {
            RunLanes(plan.Blocks, new DepthwiseGradientJob(source, ImageBatch.Of(gradient), sweep, plan, Pointer(partials), result.Length), threads);
        }
        else
        {
            RunTiles(plan.Blocks * plan.Cuts, new WeightGradientJob(source, ImageBatch.Of(gradient), weights, sweep, plan, Pointer(partials), result.Length), threads);
        }

        if (plan.Blocks > 1)
        {
            result.Layout.TryReshape([1, result.Length], out var row);
            Reduce(new SumReduction(), partials, result.View(row, result.Origin));
            Release(partials);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(gradient);
        GC.KeepAlive(partials);
    }

    private void WinogradWeightGradient(Tensor x, Tensor gradient, in TapWeights weights, in TapPlan sweep, int threads, Tensor result)
    {
        var plan = WinogradPlan.ForSums(sweep, weights, x.Shape.Sizes[0]);
        int length = WinogradGradientJob.PartialLength(plan), units = (int)Math.Clamp(WinogradPlan.PartialElements / length, 1, Math.Min(plan.Blocks, WinogradPlan.MaximumPartials));
        var partials = Tensor.Result("Convolution", [units, length], this);
        RunTiles(units, new WinogradGradientJob(ImageBatch.Of(x), ImageBatch.Of(gradient), plan, units, Pointer(partials)), threads);
        var finish = new WinogradFilterGradientJob(Pointer(partials), units, length, plan.FilterStride, weights.SourceChannels, weights.ResultChannels, Pointer(result));
        RunLanes(weights.SourceChannels, finish, ThreadsFor(partials.Length));
        Release(partials);
        GC.KeepAlive(x);
        GC.KeepAlive(gradient);
    }

    /// <summary>Packs the weights of all sweeps, of <paramref name="kept"/> for later calls too, and runs them.</summary>
    private void Sweep<TMap>(Tensor source, Tensor? kept, in TapWeights weights, Tensor? bias, TapPlan* sweeps, int count, float* factors, TMap map, Tensor result) where TMap : struct, IUnaryMap
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
            length = ProductScratch.Length(length + sweeps[i].PackedLength(weights, LaneBits / 32));
            work += (long)sweeps[i].Rows.Count * sweeps[i].Columns.Count * sweeps[i].Depth;
        }

        bias = bias is null ? null : Dense(bias);
        float* start = bias is null ? null : Pointer(bias);
        var to = ImageBatch.Of(result);
        int threads = (double)work * to.Channels * to.Images < _productThreshold ? 1 : Threads;
        if (count == 1 && WinogradPlan.Pays(*sweeps, weights, to.Images))
        {
            RunWinograd(ChannelsLast(source), to, kept, weights, *sweeps, length, start, factors, map, threads);
        }
        else
        {
            var packed = Pack(kept, weights, sweeps, count, length);
            var from = ImageBatch.Of(source);
            var plan = ConvolutionPlan.Of(from, new ReadOnlySpan<TapPlan>(sweeps, count), to.Channels, threads);
            if (weights.IsDepthwise)
            {
                RunLanes(plan.Bands * from.Images, new DepthwiseJob<TMap>(from, to, sweeps, plan, Pointer(packed), start, factors, map), threads);
            }
            else
            {
                RunTiles(plan.Bands * from.Images, new ConvolutionJob<TMap>(from, to, weights, sweeps, plan, Pointer(packed), start, factors, map), threads);
            }

            Release(packed);
        }

        GC.KeepAlive(source);
        GC.KeepAlive(bias);
        GC.KeepAlive(result);
    }

    private Tensor Pack(Tensor? kept, in TapWeights weights, TapPlan* sweeps, int count, int length)
    {
        var packed = _prepared.Get(kept, WeightForm.Taps, weights.Groups, length, out bool isReady);
        if (isReady)
        {
            return packed;
        }

        for (int i = 0; i < count; i++)
        {
            if (weights.IsDepthwise)
            {
                sweeps[i].PackDepthwise(weights, Pointer(packed));
            }
            else
            {
                sweeps[i].Pack(weights, LaneBits / 32, Pointer(packed));
            }
        }

        _prepared.Keep(kept, WeightForm.Taps, weights.Groups, packed);
        return packed;
    }

    private Tensor WinogradFilters(Tensor? kept, in TapWeights weights, in TapPlan sweep, int packedLength, int filterStride)
    {
        var filters = _prepared.Get(kept, WeightForm.WinogradFilters, weights.Groups, WinogradTransform.Products * filterStride, out bool isReady);
        if (isReady)
        {
            return filters;
        }

        var packed = Tensor.Result("Convolution", [packedLength], this);
        sweep.Pack(weights, LaneBits / 32, Pointer(packed));
        RunLanes(weights.SourceChannels, new WinogradFilterJob(Pointer(packed), Pointer(filters), weights.SourceChannels, weights.ResultChannels, filterStride), ThreadsFor(filters.Length));
        Release(packed);
        _prepared.Keep(kept, WeightForm.WinogradFilters, weights.Groups, filters);
        return filters;
    }

    private void RunWinograd<TMap>(Tensor source, in ImageBatch result, Tensor? kept, in TapWeights weights, in TapPlan sweep, int packedLength, float* bias, float* factors, TMap map, int threads)
        where TMap : struct, IUnaryMap
    {
        var plan = WinogradPlan.Of(sweep, weights, result.Images, threads);
        var filters = WinogradFilters(kept, weights, sweep, packedLength, plan.FilterStride);
        RunTiles(plan.Blocks, new WinogradJob<TMap>(ImageBatch.Of(source), result, plan, Pointer(filters), bias, factors, map), threads);
        Release(filters);
        GC.KeepAlive(source);
    }

    /// <summary>The destination itself where it is dense and channels last, else a dirty stand-in for <see cref="Deliver"/>.</summary>
    private Tensor ImageStandIn(Tensor destination) =>
        destination.Layout.Permute([0, 2, 3, 1]).IsContiguous ? destination : Tensor.ImageResult(destination.Origin, destination.Shape, this);

    /// <summary>The images themselves where their channels lie last in memory, else a copy of which that is so.</summary>
    private Tensor ChannelsLast(Tensor images)
    {
        if (images.Layout.Permute([0, 2, 3, 1]).IsContiguous)
        {
            return images;
        }

        var copy = Tensor.ImageResult(images.Origin, images.Shape, this);
        Copy(images, copy);
        return copy;
    }
}
