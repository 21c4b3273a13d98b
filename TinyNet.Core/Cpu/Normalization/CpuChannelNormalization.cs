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

        double* sums = totals.Pointer, squares = sums + channels;
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

                double center = total / blocks.GroupChannels;
                for (int c = first; c < end; c++)
                {
                    square += squares[c] + blocks.Rows * (sums[c] - center) * (sums[c] - center);
                }

                float* at = centers.Pointer() + (nint)set * blocks.Groups + group;
                (at[0], at[spreads.Length]) = DoubleMoments.Split(center);
                spreads.Pointer()[at - centers.Pointer()] = (float)Math.Sqrt(square / ((double)blocks.Rows * blocks.GroupChannels));
            }
        }

        centers.DeliverTo(means, cpu);
        spreads.DeliverTo(deviations, cpu);
    }

    /// <summary>The center, scale and shift of every channel.</summary>
    public static void Factors(
        CpuSettings cpu, Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        Tensor ofMeans = means.ToDense(cpu), spreads = deviations.ToDense(cpu), result = factors.DenseStandIn();
        Tensor? weights = weight?.ToDense(cpu), biases = bias?.ToDense(cpu);
        using var alive = KeepAlive.Of(ofMeans, spreads, weights, biases);
        int channels = factors.Shape.Sizes[2], all = factors.Shape.Sizes[1] * channels;
        int groupChannels = channels / deviations.Shape.Sizes[1];
        float* centers = result.Pointer(), scales = centers + all, shifts = scales + all;
        for (int i = 0; i < all; i++)
        {
            double inverse = InverseDeviation(spreads, i / groupChannels, epsilon);
            double factor = weights is null ? 1 : weights.Pointer()[i % channels];
            var by = NormalizerOf(ofMeans, spreads, i / groupChannels, inverse);
            centers[i] = by.Center;
            scales[i] = (float)(inverse * factor);
            shifts[i] = (float)((biases is null ? 0 : biases.Pointer()[i % channels]) + by.Shift * factor);
        }

        result.DeliverTo(factors, cpu);
    }

    /// <summary>f((x − center) · scale + shift).</summary>
    public static void Normalize<TMap>(CpuSettings cpu, Tensor x, Tensor factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap
    {
        Tensor images = x.ToChannelsLast(cpu), result = destination.ImageStandIn(), dense = factors.ToDense(cpu);
        using var alive = KeepAlive.Of(images, dense);
        var blocks = ChannelBlocks.Of(x.Shape, [factors.Shape.Sizes[1], factors.Shape.Sizes[2]]);
        Run(cpu, new ChannelNormalizeKernel<TMap>(images.Pointer(), dense.Pointer(), blocks, map, result.Pointer()), blocks);
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
        for (int i = 0; i < all; i++)
        {
            int moment = i / blocks.GroupChannels;
            var by = NormalizerOf(ofMeans, spreads, moment, InverseDeviation(spreads, moment, epsilon));
            (centers[i], scales[i]) = (by.Center, by.Scale);
        }

        Run(cpu, new ChannelGradientSumsKernel(images.Pointer(), gradients.Pointer(), centers, blocks, partials.Pointer), blocks);
        double* sums = totals.Pointer, products = sums + all;
        for (int set = 0; set < blocks.Sets; set++)
        {
            nint at = (nint)set * channels;
            ChannelTotals.AddBlocks(partials.Pointer + at * 2 * blocks.Blocks, blocks, sums + at, products + at);
        }

        for (int first = 0; first < all; first += blocks.GroupChannels)
        {
            int moment = first / blocks.GroupChannels;
            double inverse = InverseDeviation(spreads, moment, epsilon), sum = 0, product = 0;
            double shift = NormalizerOf(ofMeans, spreads, moment, inverse).Shift;
            for (int i = first; i < first + blocks.GroupChannels; i++)
            {
                double factor = weights is null ? 1 : weights.Pointer()[i % channels];
                direct[i] = (float)(inverse * factor);
                products[i] += shift * sums[i];
                sum += factor * sums[i];
                product += factor * products[i];
            }

            double share = -inverse / ((double)blocks.Rows * blocks.GroupChannels);
            for (int i = first; i < first + blocks.GroupChannels; i++)
            {
                slopes[i] = throughMoments ? (float)(share * product) : 0;
                terms[i] = throughMoments ? (float)(share * (sum + product * shift)) : 0;
            }
        }

        if (xGradient is not null)
        {
            var result = xGradient.ImageStandIn();
            Run(cpu, new ChannelGradientKernel(images.Pointer(), gradients.Pointer(), centers, blocks, result.Pointer()), blocks);
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

    private static double InverseDeviation(Tensor deviations, int moment, double epsilon)
    {
        double deviation = deviations.Pointer()[moment];
        return 1 / Math.Sqrt(deviation * deviation + epsilon);
    }

    /// <summary>By what a group of channels is normalized; of means that are one float each there is no rest.</summary>
    private static Normalizer NormalizerOf(Tensor means, Tensor deviations, int moment, double inverse)
    {
        float* mean = means.Pointer() + moment;
        return Normalizer.Of(*mean, means.Shape.Sizes[0] == 1 ? 0 : mean[deviations.Length], inverse);
    }

    private static void Run<TKernel>(CpuSettings cpu, TKernel kernel, in ChannelBlocks blocks) where TKernel : struct, IChannelKernel
    {
        int threads = cpu.ThreadsFor((long)blocks.Sets * blocks.Rows * blocks.Channels);
        cpu.RunLanes(blocks.Units, new ChannelJob<TKernel>(kernel, blocks.Channels), threads);
    }
}
