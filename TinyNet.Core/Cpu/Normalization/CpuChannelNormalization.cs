namespace TinyNet.Core;

/// <summary>Batch, group and instance normalization of images, and its gradients.</summary>
internal static unsafe class CpuChannelNormalization
{
    private const string Name = "ChannelNormalization";

    /// <summary>The means and deviations of groups of channels.</summary>
    public static void Moments(CpuSettings cpu, Tensor x, Tensor means, Tensor deviations)
    {
        Tensor images = x.ToChannelsLast(cpu), centers = means.DenseStandIn(), spreads = deviations.DenseStandIn();
        var blocks = ChannelBlocks.Of(x.Shape, deviations.Shape);
        int channels = blocks.Channels;
        using var alive = KeepAlive.Of(images);
        using var partials = new Scratch<float>(x.Device, (long)blocks.Units * 3 * channels, Name);
        using var totals = new Scratch<double>(x.Device, 2L * channels, Name);
        Run(cpu, new ChannelMomentsKernel(images.Pointer(), blocks, partials.Pointer), blocks);

        int all = blocks.Sets * blocks.Groups;
        float* mean = centers.Pointer(), deviation = spreads.Pointer();
        double* sums = totals.Pointer, squares = sums + channels;
        double channelShare = 1.0 / blocks.GroupChannels, share = channelShare / blocks.Rows;
        for (int set = 0; set < blocks.Sets; set++)
        {
            float* partial = partials.Pointer + (nint)set * blocks.Blocks * 3 * channels;
            ChannelTotals.CombineMoments(partial, blocks, sums, squares);
            for (int group = 0; group < blocks.Groups; group++)
            {
                int first = group * blocks.GroupChannels, end = first + blocks.GroupChannels;
                double total = 0, square = 0;
                for (int c = first; c < end; c++)
                {
                    total += sums[c];
                }

                double center = total * channelShare;
                for (int c = first; c < end; c++)
                {
                    square += squares[c] + blocks.Rows * (sums[c] - center) * (sums[c] - center);
                }

                nint at = (nint)set * blocks.Groups + group;
                (mean[at], mean[all + at]) = TwoFloats.Split(center);
                (float nearest, float rest) = TwoFloats.Split(Math.Sqrt(square * share));
                (deviation[at], deviation[all + at]) = (nearest, float.IsNormal(nearest) ? 0 : rest);
            }
        }

        centers.DeliverTo(means, cpu);
        spreads.DeliverTo(deviations, cpu);
    }

    /// <summary>The center, scale, shift and root of every channel.</summary>
    public static void Factors(
        CpuSettings cpu, Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        Tensor ofMeans = means.ToDense(cpu), spreads = deviations.ToDense(cpu), result = factors.DenseStandIn();
        Tensor? weights = weight?.ToDense(cpu), biases = bias?.ToDense(cpu);
        using var alive = KeepAlive.Of(ofMeans, spreads, weights, biases);
        int channels = factors.Shape.Sizes[2], all = factors.Shape.Sizes[1] * channels;
        int groupChannels = channels / deviations.Shape.Sizes[2];
        float* centers = result.Pointer(), scales = centers + all, shifts = scales + all, roots = shifts + all;
        float* weightOf = weights.PointerOrNull(), biasOf = biases.PointerOrNull();
        var moments = new GroupMoments(ofMeans, spreads, epsilon);
        for (int first = 0, group = 0, channel = 0; first < all; first += groupChannels, group++)
        {
            var by = moments.Normalizer(group, out double inverse);
            channel = channel == channels ? 0 : channel;
            for (int i = first; i < first + groupChannels; i++, channel++)
            {
                double factor = weightOf == null ? 1 : weightOf[channel], scale = inverse * factor, root = Root(inverse, scale);
                centers[i] = by.Center;
                scales[i] = (float)(scale / (root * root));
                shifts[i] = (float)((biasOf == null ? 0 : biasOf[channel]) + by.Shift * factor);
                roots[i] = (float)root;
            }
        }

        result.DeliverTo(factors, cpu);
    }

    /// <summary>Whether a channel has a root that is not 1.</summary>
    public static bool HasRoots(Tensor factors)
    {
        // The roots are the last part.
        int channels = factors.Length / factors.Shape.Sizes[0];
        using var alive = KeepAlive.Of(factors);
        return new ReadOnlySpan<float>(factors.Pointer() + factors.Length - channels, channels).ContainsAnyExcept(1f);
    }

    /// <summary>f((x − center) · root² · scale + shift).</summary>
    public static void Normalize<TMap>(CpuSettings cpu, Tensor x, Tensor factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap
    {
        Tensor images = x.ToChannelsLast(cpu), result = destination.ImageStandIn(), dense = factors.ToDense(cpu);
        using var alive = KeepAlive.Of(images, dense);
        var blocks = ChannelBlocks.Of(x.Shape, factors.Shape);
        var kernel = new ChannelNormalizeKernel<TMap>(
            images.Pointer(), dense.Pointer(), HasRoots(dense), blocks, map, result.Pointer());
        Run(cpu, kernel, blocks);
        result.DeliverTo(destination, cpu);
    }

    /// <summary>The gradients that are asked for.</summary>
    public static void NormalizeGradient(
        CpuSettings cpu,
        Tensor x,
        Tensor gradient,
        Tensor means,
        Tensor deviations,
        double epsilon,
        Tensor? weight,
        bool throughMoments,
        Tensor? xGradient,
        Tensor? weightGradient,
        Tensor? biasGradient)
    {
        Tensor images = x.ToChannelsLast(cpu), gradients = gradient.ToChannelsLast(cpu);
        Tensor ofMeans = means.ToDense(cpu), spreads = deviations.ToDense(cpu);
        var weights = weight?.ToDense(cpu);
        using var alive = KeepAlive.Of(images, gradients, ofMeans, spreads, weights);
        var blocks = ChannelBlocks.Of(x.Shape, deviations.Shape);
        int channels = blocks.Channels, all = blocks.Sets * channels;
        using var partials = new Scratch<float>(x.Device, (long)blocks.Units * 2 * channels, Name);
        using var totals = new Scratch<double>(x.Device, 2L * all, Name);
        using var factors = new Scratch<float>(x.Device, 5L * all, Name);
        float* centers = factors.Pointer, scales = centers + all, direct = scales + all, slopes = direct + all, terms = slopes + all;
        var moments = new GroupMoments(ofMeans, spreads, epsilon);
        int groupChannels = blocks.GroupChannels;
        for (int first = 0, group = 0; first < all; first += groupChannels, group++)
        {
            var by = moments.Normalizer(group, out _);
            for (int i = first; i < first + groupChannels; i++)
            {
                (centers[i], scales[i], terms[i]) = (by.Center, by.Scale, by.Shift);
            }
        }

        Run(cpu, new ChannelGradientSumsKernel(images.Pointer(), gradients.Pointer(), centers, blocks, partials.Pointer), blocks);
        double* sums = totals.Pointer, products = sums + all;
        for (int set = 0; set < blocks.Sets; set++)
        {
            nint at = (nint)set * channels;
            ChannelTotals.AddBlocks(partials.Pointer + at * 2 * blocks.Blocks, blocks, sums + at, products + at);
        }

        // A second look is for channels that floats could not hold in between.
        float* weightOf = weights.PointerOrNull();
        using var marks = new Scratch<bool>(x.Device, all, Name);
        bool areClear = true;
        for (int first = 0, channel = 0, group = 0; first < all; first += groupChannels, group++)
        {
            double inverse = scales[first], shift = terms[first], sum = 0, product = 0, size = 0;
            bool areScalesClear = true;
            channel = channel == channels ? 0 : channel;
            for (int i = first; i < first + groupChannels; i++, channel++)
            {
                double factor = weightOf == null ? 1 : weightOf[channel];
                direct[i] = (float)(inverse * factor);
                products[i] += shift * sums[i];
                sum += factor * sums[i];
                product += factor * products[i];
                size += Math.Abs(sums[i]) + Math.Abs(products[i]);
                areScalesClear &= float.IsNormal(direct[i]) || (direct[i] == 0 && factor == 0);
            }

            double count = (double)blocks.Rows * groupChannels, share = -inverse / count;
            float slope = throughMoments ? (float)(share * product) : 0;
            float term = throughMoments ? (float)(share * (sum + product * shift)) : 0;
            bool areSumsClear = double.IsFinite(sum + product) && float.IsFinite(slope) && float.IsFinite(term) &&
                (size == 0 || size >= FloatChain.LeastMean * count);

            // What is not a number stays that: where a moment is none, all is, and where the gradient has one, its sums are.
            bool isNan = double.IsNaN(inverse) || (throughMoments && double.IsNaN(sum));
            bool isClear = isNan || (areScalesClear && (areSumsClear || double.IsNaN(sum)));
            areClear &= isClear;
            new Span<bool>(marks.Pointer + first, groupChannels).Fill(!isClear);
            for (int i = first; i < first + groupChannels; i++)
            {
                (slopes[i], terms[i]) = (slope, term);
            }
        }

        var again = new DoubleChannels(images.Pointer(), gradients.Pointer(), weightOf, marks.Pointer, moments, blocks);
        if (!areClear)
        {
            var ofSums = new DoubleChannelSums(again, sums, products);
            WorkSplitter.Run(again.Units, ofSums, cpu.ThreadsFor(x.Length));
        }

        if (xGradient is not null)
        {
            var result = xGradient.ImageStandIn();
            Run(cpu, new ChannelGradientKernel(images.Pointer(), gradients.Pointer(), centers, blocks, result.Pointer()), blocks);
            if (!areClear)
            {
                var ofGradient = new DoubleChannelGradient(again, sums, products, throughMoments, result.Pointer());
                WorkSplitter.Run(again.Units, ofGradient, cpu.ThreadsFor(x.Length));
            }

            result.DeliverTo(xGradient, cpu);
        }

        DeliverTotals(cpu, products, blocks, weightGradient);
        DeliverTotals(cpu, sums, blocks, biasGradient);
    }

    /// <summary>The totals of channels over all sets.</summary>
    private static void DeliverTotals(CpuSettings cpu, double* totals, in ChannelBlocks blocks, Tensor? destination)
    {
        if (destination is null)
        {
            return;
        }

        var result = destination.DenseStandIn();
        ChannelTotals.AddSets(totals, blocks, result.Pointer());
        result.DeliverTo(destination, cpu);
    }

    private static void Run<TKernel>(CpuSettings cpu, TKernel kernel, in ChannelBlocks blocks) where TKernel : struct, IChannelKernel
    {
        int threads = cpu.ThreadsFor((long)blocks.Sets * blocks.Rows * blocks.Channels);
        cpu.RunLanes(blocks.Units, new ChannelJob<TKernel>(kernel, blocks.Channels), threads);
    }

    /// <summary>
    /// 1 where a float holds a scale of 1 / deviation times a weight; else a power of two with whose square taken out it is 2¹⁰⁰ or 2⁻¹⁰⁰
    /// or so, so that what is multiplied by the square first is still a float if the result is. A denormal scale of a deviation below 1
    /// loses nothing: neither it nor what it makes is less exact than results are.
    /// </summary>
    private static double Root(double inverse, double scale)
    {
        const double leastNormal = 1.1754943508222875e-38;
        double size = Math.Abs(scale);
        bool isFloat = size <= float.MaxValue && (size >= leastNormal || inverse >= 1 || size == 0);
        return isFloat || !double.IsFinite(scale) ? 1 : Math.ScaleB(1, (Math.ILogB(size) + (size > 1 ? -100 : 100)) >> 1);
    }
}
