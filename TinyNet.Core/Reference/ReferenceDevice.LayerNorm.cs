namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void LayerNorm(
        Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination)
    {
        int rows = scales.Length, columns = rows == 0 ? 0 : x.Length / rows;
        var from = new ReferenceElements(x);
        var to = new ReferenceElements(destination);
        for (int row = 0; row < rows; row++)
        {
            // The sum of equal floats is exact, and so is their mean, unlike a sum of parts that were divided before.
            double sum = 0, square = 0;
            for (int k = 0; k < columns && means is not null; k++)
            {
                sum += from[row * columns + k];
            }

            double mean = sum / Math.Max(columns, 1);
            for (int k = 0; k < columns; k++)
            {
                double distance = from[row * columns + k] - mean;
                square += distance * distance / columns;
            }

            double scale = 1 / Math.Sqrt(square + epsilon);
            for (int k = 0; k < columns; k++)
            {
                to[row * columns + k] = (from[row * columns + k] - mean) * scale * At(weight, k, 1) + At(bias, k, 0);
            }

            new ReferenceElements(scales)[row] = scale;
            if (means is not null)
            {
                // A double has no rest to speak of.
                var parts = new ReferenceElements(means);
                (parts[row], parts[rows + row]) = (mean, 0);
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void LayerNormGradient(
        Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        int rows = scales.Length, columns = rows == 0 ? (weightGradient ?? biasGradient)?.Length ?? 0 : x.Length / rows;
        var from = new ReferenceElements(x);
        var g = new ReferenceElements(gradient);
        double[] weightSums = new double[columns], biasSums = new double[columns];
        for (int row = 0; row < rows; row++)
        {
            double mean = TwoFloats.Join(At(means, row, 0), At(means, rows + row, 0));
            double scale = At(scales, row, 0), average = 0, alignment = 0;
            for (int k = 0; k < columns; k++)
            {
                double n = (from[row * columns + k] - mean) * scale, h = g[row * columns + k] * At(weight, k, 1);
                average += means is null ? 0 : h / columns;
                alignment += h * n / columns;
                weightSums[k] += g[row * columns + k] * n;
                biasSums[k] += g[row * columns + k];
            }

            for (int k = 0; k < columns && xGradient is not null; k++)
            {
                double n = (from[row * columns + k] - mean) * scale, h = g[row * columns + k] * At(weight, k, 1);
                new ReferenceElements(xGradient)[row * columns + k] = scale * (h - average - n * alignment);
            }
        }

        for (int k = 0; k < columns; k++)
        {
            if (weightGradient is not null)
            {
                new ReferenceElements(weightGradient)[k] = weightSums[k];
            }

            if (biasGradient is not null)
            {
                new ReferenceElements(biasGradient)[k] = biasSums[k];
            }
        }
    }

    private static double At(Tensor? tensor, int index, double absent) => tensor is null ? absent : new ReferenceElements(tensor)[index];
}
