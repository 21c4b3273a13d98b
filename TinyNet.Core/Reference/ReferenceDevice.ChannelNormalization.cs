namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor mean, Tensor variance)
    {
        var from = new ReferenceGrid(x);
        ReferenceElements means = new(mean), variances = new(variance);
        var counts = new double[mean.Length];
        Fill(mean, 0);
        Fill(variance, 0);
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, mean.Shape))
        {
            means[set] += from[n, c, y, column];
            counts[set]++;
        }

        for (int set = 0; set < counts.Length; set++)
        {
            means[set] /= counts[set];
        }

        foreach (var (n, c, y, column, set) in Normalized(x.Shape, mean.Shape))
        {
            double deviation = from[n, c, y, column] - means[set];
            variances[set] += deviation * deviation / counts[set];
        }
    }

    /// <inheritdoc/>
    protected internal override void ChannelFactors(
        Tensor mean, Tensor variance, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        ReferenceElements means = new(mean), variances = new(variance), of = new(factors);
        int sets = mean.Shape[0], groups = mean.Shape[1], channels = factors.Shape[2], all = sets * channels;
        for (int i = 0; i < all; i++)
        {
            int channel = i % channels, moment = i / channels * groups + channel / (channels / groups);
            of[i] = means[moment];
            of[all + i] = Factor(weight, channel) / Math.Sqrt(variances[moment] + epsilon);
            of[2 * all + i] = bias is null ? 0 : new ReferenceElements(bias)[channel];
        }
    }

    /// <inheritdoc/>
    protected internal override void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination)
    {
        ReferenceGrid from = new(x), to = new(destination);
        var of = new ReferenceElements(factors);
        int sets = factors.Shape[1], all = sets * factors.Shape[2];
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, [sets, factors.Shape[2]]))
        {
            to[n, c, y, column] = map.Forward(new DoubleLane((from[n, c, y, column] - of[set]) * of[all + set] + of[2 * all + set])).Value;
        }
    }

    /// <inheritdoc/>
    protected internal override void ChannelNormalizeGradient(
        Tensor x, Tensor gradient, Tensor mean, Tensor variance, double epsilon, Tensor? weight, bool throughMoments,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        ReferenceGrid from = new(x), gradients = new(gradient);
        ReferenceElements means = new(mean), variances = new(variance);
        int channels = x.Shape[1];
        double[] weights = new double[channels], biases = new double[channels];
        double[] sums = new double[mean.Length], products = new double[mean.Length];
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, mean.Shape))
        {
            double normal = (from[n, c, y, column] - means[set]) / Math.Sqrt(variances[set] + epsilon), g = gradients[n, c, y, column];
            weights[c] += g * normal;
            biases[c] += g;
            sums[set] += g * Factor(weight, c);
            products[set] += g * Factor(weight, c) * normal;
        }

        Write(weights, weightGradient);
        Write(biases, biasGradient);
        if (xGradient is null)
        {
            return;
        }

        var to = new ReferenceGrid(xGradient);
        double count = (double)x.Length / mean.Length;
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, mean.Shape))
        {
            double deviation = Math.Sqrt(variances[set] + epsilon), normal = (from[n, c, y, column] - means[set]) / deviation;
            double direct = gradients[n, c, y, column] * Factor(weight, c), correction = (sums[set] + normal * products[set]) / count;
            to[n, c, y, column] = (direct - (throughMoments ? correction : 0)) / deviation;
        }
    }

    /// <summary>Every element of images with the index of the mean and variance that are its own.</summary>
    private static IEnumerable<(int Image, int Channel, int Y, int X, int Set)> Normalized(Shape x, Shape moments)
    {
        for (int n = 0; n < x[0]; n++)
        {
            for (int c = 0; c < x[1]; c++)
            {
                int set = (moments[0] == 1 ? 0 : n) * moments[1] + c / (x[1] / moments[1]);
                for (int k = 0; k < x[2] * x[3]; k++)
                {
                    yield return (n, c, k / x[3], k % x[3], set);
                }
            }
        }
    }

    private static double Factor(Tensor? weight, int channel) => weight is null ? 1 : new ReferenceElements(weight)[channel];
}
