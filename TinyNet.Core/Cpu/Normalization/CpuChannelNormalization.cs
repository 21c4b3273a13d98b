namespace TinyNet.Core;

/// <summary>Batch, group and instance normalization of images, and its gradients.</summary>
internal static unsafe class CpuChannelNormalization
{
    private const string Name = "ChannelNormalization";

    /// <summary>The means and variances of groups of channels.</summary>
    public static void Moments(CpuSettings cpu, Tensor x, Tensor mean, Tensor variance)
    {
        Tensor images = x.ToChannelsLast(cpu), means = mean.DenseStandIn(), variances = variance.DenseStandIn();
        var blocks = ChannelBlocks.Of(x.Shape, mean.Shape);
        int channels = blocks.Channels;
        using var alive = KeepAlive.Of(images);
        using var partials = new Scratch<float>(x.Device, (long)blocks.Units * 2 * channels, Name);
        using var totals = new Scratch<double>(x.Device, 2L * channels, Name);
        Run(cpu, new ChannelMomentsKernel(images.Pointer(), blocks, partials.Pointer), blocks);

        double* sums = totals.Pointer, squares = sums + channels;
        for (int set = 0; set < blocks.Sets; set++)
        {
            float* partial = partials.Pointer + (nint)set * blocks.Blocks * 2 * channels;
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

                nint at = (nint)set * blocks.Groups + group;
                means.Pointer()[at] = (float)center;
                variances.Pointer()[at] = (float)(square / ((double)blocks.Rows * blocks.GroupChannels));
            }
        }

        means.DeliverTo(mean, cpu);
        variances.DeliverTo(variance, cpu);
    }

    /// <summary>The mean, scale and shift of every channel.</summary>
    public static void Factors(
        CpuSettings cpu, Tensor mean, Tensor variance, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        Tensor means = mean.ToDense(cpu), variances = variance.ToDense(cpu), result = factors.DenseStandIn();
        Tensor? weights = weight?.ToDense(cpu), biases = bias?.ToDense(cpu);
        using var alive = KeepAlive.Of(means, variances, weights, biases);
        int channels = factors.Shape.Sizes[2], groupChannels = channels / mean.Shape.Sizes[1], all = factors.Shape.Sizes[1] * channels;
        float* centers = result.Pointer(), scales = centers + all, shifts = scales + all;
        for (int i = 0; i < all; i++)
        {
            int channel = i % channels, moment = i / groupChannels;
            double inverse = InverseDeviation(variances.Pointer()[moment], epsilon);
            centers[i] = means.Pointer()[moment];
            scales[i] = (float)(inverse * (weights is null ? 1 : weights.Pointer()[channel]));
            shifts[i] = biases is null ? 0 : biases.Pointer()[channel];
        }

        result.DeliverTo(factors, cpu);
    }

    /// <summary>f((x − mean) · scale + shift).</summary>
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
        Tensor mean,
        Tensor variance,
        double epsilon,
        Tensor? weight,
        bool throughMoments,
        Tensor? xGradient,
        Tensor? weightGradient,
        Tensor? biasGradient)
    {
        Tensor images = x.ToChannelsLast(cpu), gradients = gradient.ToChannelsLast(cpu);
        Tensor means = mean.ToDense(cpu), variances = variance.ToDense(cpu);
        var weights = weight?.ToDense(cpu);
        using var alive = KeepAlive.Of(images, gradients, means, variances, weights);
        var blocks = ChannelBlocks.Of(x.Shape, mean.Shape);
        int channels = blocks.Channels, all = blocks.Sets * channels;
        using var partials = new Scratch<float>(x.Device, (long)blocks.Units * 2 * channels, Name);
        using var totals = new Scratch<double>(x.Device, 2L * all, Name);
        using var factors = new Scratch<float>(x.Device, 4L * all, Name);
        float* centers = factors.Pointer, direct = centers + all, slopes = direct + all, shifts = slopes + all;
        for (int i = 0; i < all; i++)
        {
            centers[i] = means.Pointer()[i / blocks.GroupChannels];
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
            double inverse = InverseDeviation(variances.Pointer()[first / blocks.GroupChannels], epsilon), sum = 0, product = 0;
            for (int i = first; i < first + blocks.GroupChannels; i++)
            {
                double factor = weights is null ? 1 : weights.Pointer()[i % channels];
                direct[i] = (float)(inverse * factor);
                sum += factor * sums[i];
                product += factor * products[i];
                products[i] *= inverse;
            }

            double count = throughMoments ? (double)blocks.Rows * blocks.GroupChannels : double.PositiveInfinity;
            for (int i = first; i < first + blocks.GroupChannels; i++)
            {
                slopes[i] = (float)(-inverse * inverse * inverse * product / count);
                shifts[i] = (float)(-inverse * sum / count);
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

    private static double InverseDeviation(float variance, double epsilon) => 1 / Math.Sqrt(variance + epsilon);

    private static void Run<TKernel>(CpuSettings cpu, TKernel kernel, in ChannelBlocks blocks) where TKernel : struct, IChannelKernel
    {
        int threads = cpu.ThreadsFor((long)blocks.Sets * blocks.Rows * blocks.Channels);
        cpu.RunLanes(blocks.Units, new ChannelJob<TKernel>(kernel, blocks.Channels), threads);
    }
}
