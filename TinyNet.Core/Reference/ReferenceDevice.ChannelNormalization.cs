namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor means, Tensor deviations)
    {
        var from = new ReferenceGrid(x);
        ReferenceElements mean = new(means), deviation = new(deviations);
        double[] counts = new double[deviations.Length], squares = new double[deviations.Length];

        // The rest of a mean stays 0: a double has none to speak of.
        Fill(means, 0);
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, deviations.Shape))
        {
            mean[set] += from[n, c, y, column];
            counts[set]++;
        }

        for (int set = 0; set < counts.Length; set++)
        {
            mean[set] /= counts[set];
        }

        foreach (var (n, c, y, column, set) in Normalized(x.Shape, deviations.Shape))
        {
            double distance = from[n, c, y, column] - mean[set];
            squares[set] += distance * distance / counts[set];
        }

        for (int set = 0; set < counts.Length; set++)
        {
            deviation[set] = Math.Sqrt(squares[set]);
        }
    }

    /// <inheritdoc/>
    protected internal override void ChannelFactors(
        Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        ReferenceElements spreads = new(deviations), of = new(factors);
        int sets = deviations.Shape[0], groups = deviations.Shape[1], channels = factors.Shape[2], all = sets * channels;
        for (int i = 0; i < all; i++)
        {
            int channel = i % channels, moment = i / channels * groups + channel / (channels / groups);
            of[i] = Mean(means, moment);
            of[all + i] = Factor(weight, channel) / Math.Sqrt(spreads[moment] * spreads[moment] + epsilon);
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
        Tensor x, Tensor gradient, Tensor means, Tensor deviations, double epsilon, Tensor? weight, bool throughMoments,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        ReferenceGrid from = new(x), gradients = new(gradient);
        var spreads = new ReferenceElements(deviations);
        int channels = x.Shape[1];
        double[] weights = new double[channels], biases = new double[channels];
        double[] sums = new double[deviations.Length], products = new double[deviations.Length];
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, deviations.Shape))
        {
            double deviation = Math.Sqrt(spreads[set] * spreads[set] + epsilon), g = gradients[n, c, y, column];
            double normal = (from[n, c, y, column] - Mean(means, set)) / deviation;
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
        double count = (double)x.Length / deviations.Length;
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, deviations.Shape))
        {
            double deviation = Math.Sqrt(spreads[set] * spreads[set] + epsilon);
            double normal = (from[n, c, y, column] - Mean(means, set)) / deviation;
            double direct = gradients[n, c, y, column] * Factor(weight, c), correction = (sums[set] + normal * products[set]) / count;
            to[n, c, y, column] = (direct - (throughMoments ? correction : 0)) / deviation;
        }
    }

    /// <summary>Every element of images with the index of the mean and deviation that are its own.</summary>
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

    /// <summary>A mean, from its one or two parts.</summary>
    private static double Mean(Tensor means, int moment)
    {
        var parts = new ReferenceElements(means);
        return parts[moment] + (means.Shape[0] == 1 ? 0 : parts[means.Length / 2 + moment]);
    }

    private static double Factor(Tensor? weight, int channel) => weight is null ? 1 : new ReferenceElements(weight)[channel];
}
