namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void ChannelMoments(Tensor x, Tensor means, Tensor deviations)
    {
        var from = new ReferenceGrid(x);
        ReferenceElements mean = new(means), deviation = new(deviations);
        double[] counts = new double[deviations.Length / 2], squares = new double[deviations.Length / 2];

        // The rests stay 0: a double has none to speak of.
        Fill(means, 0);
        Fill(deviations, 0);
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
        var of = new ReferenceElements(factors);
        int groups = deviations.Shape[2], channels = factors.Shape[2], all = factors.Shape[1] * channels;
        for (int i = 0; i < all; i++)
        {
            int channel = i % channels, moment = i / channels * groups + channel / (channels / groups);
            of[i] = Moment(means, moment);
            of[all + i] = Factor(weight, channel) / Spread(deviations, moment, epsilon);
            of[2 * all + i] = bias is null ? 0 : new ReferenceElements(bias)[channel];
            of[3 * all + i] = 1;
        }
    }

    /// <inheritdoc/>
    protected internal override void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination)
    {
        ReferenceGrid from = new(x), to = new(destination);
        var of = new ReferenceElements(factors);
        int all = factors.Shape[1] * factors.Shape[2];
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, factors.Shape))
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
        int channels = x.Shape[1], moments = deviations.Shape[1] * deviations.Shape[2];
        double[] weights = new double[channels], biases = new double[channels];
        double[] sums = new double[moments], products = new double[moments];
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, deviations.Shape))
        {
            double deviation = Spread(deviations, set, epsilon), g = gradients[n, c, y, column];
            double normal = (from[n, c, y, column] - Moment(means, set)) / deviation;
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
        double count = (double)x.Length / moments;
        foreach (var (n, c, y, column, set) in Normalized(x.Shape, deviations.Shape))
        {
            double deviation = Spread(deviations, set, epsilon);
            double normal = (from[n, c, y, column] - Moment(means, set)) / deviation;
            double direct = gradients[n, c, y, column] * Factor(weight, c), correction = (sums[set] + normal * products[set]) / count;
            to[n, c, y, column] = (direct - (throughMoments ? correction : 0)) / deviation;
        }
    }

    /// <summary>Every element of images with the index of the mean and deviation that are its own, in a part of such [P, S, G].</summary>
    private static IEnumerable<(int Image, int Channel, int Y, int X, int Set)> Normalized(Shape x, Shape moments)
    {
        int sets = moments[1], groups = moments[2];
        for (int n = 0; n < x[0]; n++)
        {
            for (int c = 0; c < x[1]; c++)
            {
                int set = (sets == 1 ? 0 : n) * groups + c / (x[1] / groups);
                for (int k = 0; k < x[2] * x[3]; k++)
                {
                    yield return (n, c, k / x[3], k % x[3], set);
                }
            }
        }
    }

    /// <summary>A mean or deviation, from its one or two parts.</summary>
    private static double Moment(Tensor moments, int index)
    {
        var parts = new ReferenceElements(moments);
        return TwoFloats.Join(parts[index], moments.Shape[0] == 1 ? 0 : parts[moments.Length / 2 + index]);
    }

    /// <summary>√(deviation² + ε).</summary>
    private static double Spread(Tensor deviations, int index, double epsilon)
    {
        double deviation = Moment(deviations, index);
        return Math.Sqrt(deviation * deviation + epsilon);
    }

    private static double Factor(Tensor? weight, int channel) => weight is null ? 1 : new ReferenceElements(weight)[channel];
}
