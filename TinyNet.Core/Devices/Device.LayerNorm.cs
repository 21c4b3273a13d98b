namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>
    /// y = (x − μ) / √(σ² + ε) · weight + bias for every row of x. The rows are the elements of x in row-major order, cut into as many
    /// equal pieces as there are scales. Without means μ is 0, which makes σ² the mean square (RMS norm).
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="weight">As many elements as a row has; null for 1.</param>
    /// <param name="bias">As many elements as a row has; null for 0.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="means">
    /// [2, rows]: receives μ of every row as two floats, one near to it and 2²⁴ times the rest, dense; null for no centering.
    /// </param>
    /// <param name="scales">
    /// [rows]: receives 1 / √(σ² + ε) of every row, dense. It is a float where σ² need not be one, at values of 1e20 or 1e-25; not
    /// where ε is 0 and a row is denormal: it is infinite then, and a device may find it again from x.
    /// </param>
    /// <param name="destination">The shape of x.</param>
    protected internal virtual void LayerNorm(
        Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination)
    {
        int rows = scales.Length;
        if (rows == 0)
        {
            return;
        }

        int columns = x.Length / rows;
        Tensor from = Reshaped(x, [rows, columns]), to = ReshapedForWriting(destination, [rows, columns]);
        Tensor scale = Reshaped(scales, [rows, 1]), centered = from;
        if (means is not null)
        {
            Tensor mean = Mean(means, 0, rows), rest = Mean(means, 1, rows);
            Reduce(new MeanReduction(), from, mean);
            Map(new DifferenceMap(), from, mean, to);
            Reduce(new MeanReduction(), to, rest);
            Map(new DifferenceMap(), to, rest, to);
            Map(new ScaleMap(1 / TwoFloats.RestUnit), rest, rest);
            centered = to;
        }

        Reduce(new DeviationReduction(correction: 0), centered, scale);
        Map(new ScaleRootMap(epsilon), scale, scale);
        Map(new TwiceScaledMap(), centered, scale, to);
        Map(new MultiplyOp(), scale, scale, scale);
        if (weight is not null)
        {
            Map(new MultiplyOp(), to, Reshaped(weight, [1, columns]), to);
        }

        if (bias is not null)
        {
            Map(new SumMap(), to, Reshaped(bias, [1, columns]), to);
        }

        Deliver(to, destination);
    }

    /// <summary>
    /// Those gradients of <see cref="LayerNorm"/> that are asked for. With n = (x − μ) · scale and h = g · weight: to x
    /// scale · (h − mean h − n · mean(h n)), without the first mean where there is no centering; to the weight Σ g n and to the
    /// bias Σ g over the rows.
    /// </summary>
    protected internal virtual void LayerNormGradient(
        Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        int rows = scales.Length;
        if (rows == 0)
        {
            FillIfWanted(weightGradient);
            FillIfWanted(biasGradient);
            return;
        }

        int columns = x.Length / rows;
        Shape shape = [rows, columns], row = [1, columns], column = [rows, 1];
        Tensor given = Reshaped(gradient, shape), scale = Reshaped(scales, column);
        Tensor normal = Temporary(shape, "LayerNorm"), products = Temporary(shape, "LayerNorm");
        if (means is null)
        {
            Map(new MultiplyOp(), Reshaped(x, shape), scale, normal);
        }
        else
        {
            Map(new CenteredMap(), Reshaped(x, shape), Mean(means, 0, rows), Mean(means, 1, rows), normal);
            Map(new MultiplyOp(), normal, scale, normal);
        }

        Map(new MultiplyOp(), given, normal, products);
        SumOverRows(products, weightGradient, row);
        SumOverRows(given, biasGradient, row);
        if (xGradient is not null)
        {
            Tensor alignment = Temporary(column, "LayerNorm"), average = Temporary(column, "LayerNorm");
            var h = given;
            if (weight is not null)
            {
                h = Temporary(shape, "LayerNorm");
                Map(new MultiplyOp(), given, Reshaped(weight, row), h);
                Map(new MultiplyOp(), h, normal, products);
            }

            Reduce(new MeanReduction(), products, alignment);
            Map(new MultiplyOp(), normal, alignment, products);
            Map(new DifferenceMap(), h, products, products);
            if (means is not null)
            {
                Reduce(new MeanReduction(), h, average);
                Map(new DifferenceMap(), products, average, products);
            }

            var to = ReshapedForWriting(xGradient, shape);
            Map(new MultiplyOp(), products, scale, to);
            Deliver(to, xGradient);
            Release(alignment, average, weight is null ? null : h);
        }

        Release(normal, products);
    }

    /// <summary>A part of the means of rows [2, rows], as a column.</summary>
    private Tensor Mean(Tensor means, int part, int rows) => Reshaped(View(means, means.Layout.Select(0, part)), [rows, 1]);

    private void FillIfWanted(Tensor? gradient)
    {
        if (gradient is not null)
        {
            Fill(gradient, 0);
        }
    }

    private void SumOverRows(Tensor rows, Tensor? destination, in Shape row)
    {
        if (destination is not null)
        {
            var sum = ReshapedForWriting(destination, row);
            Reduce(new SumReduction(), rows, sum);
            Deliver(sum, destination);
        }
    }
}
