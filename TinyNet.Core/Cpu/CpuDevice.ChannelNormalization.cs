namespace TinyNet.Core;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor mean, Tensor variance)
    {
        Tensor images = ChannelsLast(x), means = StandIn(mean), variances = StandIn(variance);
        var blocks = ChannelBlocks.Of(x.Shape, mean.Shape);
        int channels = blocks.Channels;
        Tensor partials = Scratch((long)blocks.Units * 2 * channels), totals = Scratch(4L * channels);
        RunChannels(new ChannelMomentsKernel(Pointer(images), blocks, Pointer(partials)), blocks);

        double* sums = (double*)Pointer(totals), squares = sums + channels;
        for (int set = 0; set < blocks.Sets; set++)
        {
            float* partial = Pointer(partials) + (nint)set * blocks.Blocks * 2 * channels;
            CombineMoments(partial, blocks, sums, squares);
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
                Pointer(means)[at] = (float)center;
                Pointer(variances)[at] = (float)(square / ((double)blocks.Rows * blocks.GroupChannels));
            }
        }

        Deliver(means, mean);
        Deliver(variances, variance);
        Release(partials);
        Release(totals);
        GC.KeepAlive(images);
    }

    /// <inheritdoc/>
    protected internal override void ChannelFactors(Tensor mean, Tensor variance, float epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        Tensor means = Dense(mean), variances = Dense(variance), result = StandIn(factors);
        Tensor? weights = weight is null ? null : Dense(weight), biases = bias is null ? null : Dense(bias);
        int channels = factors.Shape.Sizes[2], groupChannels = channels / mean.Shape.Sizes[1], all = factors.Shape.Sizes[1] * channels;
        float* centers = Pointer(result), scales = centers + all, shifts = scales + all;
        for (int i = 0; i < all; i++)
        {
            int channel = i % channels, moment = i / groupChannels;
            centers[i] = Pointer(means)[moment];
            scales[i] = (float)(InverseDeviation(variances, moment, epsilon) * (weights is null ? 1 : Pointer(weights)[channel]));
            shifts[i] = biases is null ? 0 : Pointer(biases)[channel];
        }

        Deliver(result, factors);
        GC.KeepAlive(means);
        GC.KeepAlive(variances);
        GC.KeepAlive(weights);
        GC.KeepAlive(biases);
    }

    /// <inheritdoc/>
    protected internal override void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination)
    {
        Tensor images = ChannelsLast(x), result = ImageStandIn(destination), dense = Dense(factors);
        var blocks = ChannelBlocks.Of(x.Shape, [factors.Shape.Sizes[1], factors.Shape.Sizes[2]]);
        RunChannels(new ChannelNormalizeKernel<TMap>(Pointer(images), Pointer(dense), blocks, map, Pointer(result)), blocks);
        Deliver(result, destination);
        GC.KeepAlive(images);
        GC.KeepAlive(dense);
    }

    /// <inheritdoc/>
    protected internal override void ChannelNormalizeGradient(Tensor x, Tensor gradient, Tensor mean, Tensor variance, float epsilon, Tensor? weight, bool throughMoments,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        Tensor images = ChannelsLast(x), gradients = ChannelsLast(gradient), means = Dense(mean), variances = Dense(variance);
        var weights = weight is null ? null : Dense(weight);
        var blocks = ChannelBlocks.Of(x.Shape, mean.Shape);
        int channels = blocks.Channels, all = blocks.Sets * channels;
        Tensor partials = Scratch((long)blocks.Units * 2 * channels), totals = Scratch(4L * all), factors = Scratch(4L * all);
        float* centers = Pointer(factors), direct = centers + all, slopes = direct + all, shifts = slopes + all;
        for (int i = 0; i < all; i++)
        {
            centers[i] = Pointer(means)[i / blocks.GroupChannels];
        }

        RunChannels(new ChannelGradientSumsKernel(Pointer(images), Pointer(gradients), centers, blocks, Pointer(partials)), blocks);
        double* sums = (double*)Pointer(totals), products = sums + all;
        for (int set = 0; set < blocks.Sets; set++)
        {
            AddSums(Pointer(partials) + (nint)set * blocks.Blocks * 2 * channels, blocks, sums + (nint)set * channels, products + (nint)set * channels);
        }

        for (int first = 0; first < all; first += blocks.GroupChannels)
        {
            int moment = first / blocks.GroupChannels;
            double inverse = InverseDeviation(variances, moment, epsilon), sum = 0, product = 0;
            for (int i = first; i < first + blocks.GroupChannels; i++)
            {
                double factor = weights is null ? 1 : Pointer(weights)[i % channels];
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
            var result = ImageStandIn(xGradient);
            RunChannels(new ChannelGradientKernel(Pointer(images), Pointer(gradients), centers, blocks, Pointer(result)), blocks);
            Deliver(result, xGradient);
        }

        DeliverTotals(products, blocks, weightGradient);
        DeliverTotals(sums, blocks, biasGradient);
        Release(partials);
        Release(totals);
        Release(factors);
        GC.KeepAlive(images);
        GC.KeepAlive(gradients);
        GC.KeepAlive(means);
        GC.KeepAlive(variances);
        GC.KeepAlive(weights);
    }

    /// <summary>The means of all rows of a set, and the sums of squares about those, from the same of its blocks.</summary>
    private static void CombineMoments(float* partial, in ChannelBlocks blocks, double* means, double* squares)
    {
        int channels = blocks.Channels;
        new Span<double>(means, 2 * channels).Clear();
        for (int block = 0; block < blocks.Blocks; block++)
        {
            float* of = partial + (nint)block * 2 * channels;
            double share = (double)blocks.BlockSize(block) / blocks.Rows;
            for (int c = 0; c < channels; c++)
            {
                means[c] += share * of[c];
            }
        }

        for (int block = 0; block < blocks.Blocks; block++)
        {
            float* of = partial + (nint)block * 2 * channels;
            double rows = blocks.BlockSize(block);
            for (int c = 0; c < channels; c++)
            {
                double deviation = of[c] - means[c];
                squares[c] += of[channels + c] + rows * deviation * deviation;
            }
        }
    }

    /// <summary>Adds up the two sums of the blocks of a set.</summary>
    private static void AddSums(float* partial, in ChannelBlocks blocks, double* sums, double* products)
    {
        int channels = blocks.Channels;
        new Span<double>(sums, channels).Clear();
        new Span<double>(products, channels).Clear();
        for (int block = 0; block < blocks.Blocks; block++, partial += 2 * (nint)channels)
        {
            for (int c = 0; c < channels; c++)
            {
                sums[c] += partial[c];
                products[c] += partial[channels + c];
            }
        }
    }

    /// <summary>The totals of channels over all sets.</summary>
    private void DeliverTotals(double* totals, in ChannelBlocks blocks, Tensor? destination)
    {
        if (destination is null)
        {
            return;
        }

        var result = StandIn(destination);
        for (int c = 0; c < blocks.Channels; c++)
        {
            double total = 0;
            for (int set = 0; set < blocks.Sets; set++)
            {
                total += totals[(nint)set * blocks.Channels + c];
            }

            Pointer(result)[c] = (float)total;
        }

        Deliver(result, destination);
    }

    private static double InverseDeviation(Tensor variances, int index, float epsilon) => 1 / Math.Sqrt((double)Pointer(variances)[index] + epsilon);

    private Tensor Scratch(long length) => Tensor.Result("ChannelNormalization", [ProductScratch.Length(length)], this);

    private void RunChannels<TKernel>(TKernel kernel, in ChannelBlocks blocks) where TKernel : struct, IChannelKernel
    {
        RunLanes(blocks.Units, new ChannelJob<TKernel>(kernel, blocks.Channels), ThreadsFor((long)blocks.Sets * blocks.Rows * blocks.Channels));
    }
}
