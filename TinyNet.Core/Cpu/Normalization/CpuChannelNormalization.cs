using System.Runtime.CompilerServices;

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

        float* mean = centers.Pointer(), rest = mean + spreads.Length, deviation = spreads.Pointer();
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
                (mean[at], rest[at]) = DoubleMoments.Split(center);
                deviation[at] = (float)Math.Sqrt(square * share);
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
        float* weightOf = weights.PointerOrNull(), biasOf = biases.PointerOrNull();
        var moments = new GroupMoments(ofMeans, spreads, epsilon);
        for (int first = 0, group = 0, channel = 0; first < all; first += groupChannels, group++)
        {
            var by = moments.Normalizer(group, out double inverse);
            channel = channel == channels ? 0 : channel;
            for (int i = first; i < first + groupChannels; i++, channel++)
            {
                double factor = weightOf == null ? 1 : weightOf[channel];
                centers[i] = by.Center;
                scales[i] = (float)(inverse * factor);
                shifts[i] = (float)((biasOf == null ? 0 : biasOf[channel]) + by.Shift * factor);
            }
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

        float* weightOf = weights.PointerOrNull();
        for (int first = 0, channel = 0; first < all; first += groupChannels)
        {
            double inverse = scales[first], shift = terms[first], sum = 0, product = 0;
            channel = channel == channels ? 0 : channel;
            for (int i = first; i < first + groupChannels; i++, channel++)
            {
                double factor = weightOf == null ? 1 : weightOf[channel];
                direct[i] = (float)(inverse * factor);
                products[i] += shift * sums[i];
                sum += factor * sums[i];
                product += factor * products[i];
            }

            double share = -inverse / ((double)blocks.Rows * groupChannels);
            for (int i = first; i < first + groupChannels; i++)
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

    private static void Run<TKernel>(CpuSettings cpu, TKernel kernel, in ChannelBlocks blocks) where TKernel : struct, IChannelKernel
    {
        int threads = cpu.ThreadsFor((long)blocks.Sets * blocks.Rows * blocks.Channels);
        cpu.RunLanes(blocks.Units, new ChannelJob<TKernel>(kernel, blocks.Channels), threads);
    }

    /// <summary>By what groups of channels are normalized.</summary>
    private readonly struct GroupMoments(Tensor means, Tensor deviations, double epsilon)
    {
        private readonly float* _means = means.Pointer(), _deviations = deviations.Pointer();

        // Of means that are one float each there is no rest.
        private readonly float* _rests = means.Shape.Sizes[0] == 1 ? null : means.Pointer() + deviations.Length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Normalizer Normalizer(int group, out double inverse)
        {
            double deviation = _deviations[group];
            inverse = 1 / Math.Sqrt(deviation * deviation + epsilon);
            return TinyNet.Core.Normalizer.Of(_means[group], _rests == null ? 0 : _rests[group], inverse);
        }
    }
}
