namespace TinyNet.Core;

// Normalization of images x [N, C, H, W] by means and deviations [P, S, G]: of all images together (S = 1) or of each (S = N), and of G
// groups of C / G channels. Batch normalization is S = 1 and G = C, instance normalization S = N and G = C, group normalization S = N.
// A deviation is the root of a variance, which may be too large or too small for a float where the deviation is not.
public abstract partial class Device
{
    /// <summary>
    /// The means and deviations (the roots of the variances over n) of images x [N, C, H, W], by sets of images and groups of channels.
    /// </summary>
    /// <param name="x">The images.</param>
    /// <param name="means">
    /// [2, S, G], dense: the means of all images together (S = 1) or of each (S = N), of G groups of C / G channels, as two floats: one
    /// near to the mean, and 2²⁴ times the rest.
    /// </param>
    /// <param name="deviations">
    /// [2, S, G], dense: the deviations, as two such floats. The second has the digits of a denormal deviation that the first
    /// cannot have; it may be 0.
    /// </param>
    /// <remarks>
    /// The default leaves the second deviation 0, and the defaults of <see cref="ChannelFactors"/> and <see
    /// cref="ChannelNormalizeGradient"/> do not read it: what they make of denormal images, without ε, has as few digits as those have.
    /// </remarks>
    protected internal virtual void ChannelMoments(Tensor x, Tensor means, Tensor deviations)
    {
        var from = Grouped(x, deviations.Shape[2]);
        Tensor mean = Part(means, 0), rest = Part(means, 1), distances = Temporary(from.Shape, "ChannelMoments");
        Reduce(new MeanReduction(), from, mean);
        Map(new DifferenceMap(), from, mean, distances);
        Reduce(new MeanReduction(), distances, rest);
        Map(new DifferenceMap(), distances, rest, distances);
        Map(new ScaleMap(1 / TwoFloats.RestUnit), rest, rest);
        Reduce(new DeviationReduction(correction: 0), distances, Part(deviations, 0));
        Fill(Part(deviations, 1), 0);
        Release(distances);
    }

    /// <summary>
    /// Fills factors [4, S, C] with a center, a scale, a shift and a root of each channel, by which <see cref="ChannelNormalize"/> makes
    /// (x − mean) / √(deviation² + ε) · weight + bias: the center is near to the mean, and the shift has what the rest of it makes. Of
    /// small deviations and large weights, or the other way round, weight / √(deviation² + ε) may be no float where the result is one: it
    /// is root² · scale. A device may have roots of 1 wherever that is a float.
    /// </summary>
    /// <param name="means">
    /// [P, S, G], as <see cref="ChannelMoments"/> gives them (P = 2), or the nearest floats alone (P = 1), which may have any strides.
    /// </param>
    /// <param name="deviations">[P, S, G], likewise.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weight">[C]; null for 1.</param>
    /// <param name="bias">[C]; null for 0.</param>
    /// <param name="factors">The factors, dense.</param>
    protected internal virtual void ChannelFactors(
        Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        int sets = factors.Shape[1], groups = deviations.Shape[2], channels = factors.Shape[2] / Math.Max(groups, 1);
        Tensor centers = Factor(0), scales = Factor(1), shifts = Factor(2), roots = Factor(3);
        Copy(Spread(means, 0), centers);
        Map(new ScaleRootMap(epsilon), Spread(deviations, 0), roots);
        FillWith(weight, 1, scales);
        FillWith(bias, 0, shifts);
        if (means.Shape[0] == 2)
        {
            var moved = Temporary(shifts.Shape, "ChannelNormalize");
            Map(new TwiceScaledMap(), Spread(means, 1), roots, moved);
            Map(new ScaleMap(-TwoFloats.RestUnit), moved, moved);
            Map(new MultiplyAddMap(), moved, scales, shifts, shifts);
            Release(moved);
        }

        Tensor Factor(int index) => Reshaped(View(factors, factors.Layout.Select(0, index)), [sets, groups, channels]);

        Tensor Spread(Tensor moments, int part) =>
            View(moments, moments.Layout.Select(0, part).Unsqueeze(2).Expand([sets, groups, channels]));

        void FillWith(Tensor? ofChannels, float absent, Tensor destination)
        {
            if (ofChannels is null)
            {
                Fill(destination, absent);
                return;
            }

            var rows = Reshaped(ofChannels, [groups, channels]);
            Copy(View(rows, rows.Layout.Expand(destination.Shape)), destination);
        }
    }

    /// <summary>
    /// destination = f((x − factors₀) · factors₃² · factors₁ + factors₂), with the factors of <see cref="ChannelFactors"/>.
    /// </summary>
    protected internal virtual void ChannelNormalize<TMap>(Tensor x, Tensor factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap
    {
        Map(new CenteredTwiceScaledMap(), x, OfChannels(0), OfChannels(3), destination);
        Map(new MultiplyAddMap(), destination, OfChannels(1), OfChannels(2), destination);
        Map(map, destination, destination);

        Tensor OfChannels(int index) => View(factors, factors.Layout.Select(0, index).Unsqueeze(2).Unsqueeze(3));
    }

    /// <summary>
    /// Those gradients that are wanted of <see cref="ChannelNormalize"/> without f, to the images and to what the factors were made of.
    /// </summary>
    /// <param name="x">The images.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="means">The means [P, S, G], as <see cref="ChannelFactors"/> takes them.</param>
    /// <param name="deviations">The deviations [P, S, G], likewise.</param>
    /// <param name="epsilon">What was added to their squares.</param>
    /// <param name="weight">The weight, if there was one.</param>
    /// <param name="throughMoments">Whether means and deviations are those of x, so that the gradient flows through them too.</param>
    /// <param name="xGradient">The gradient to x, or null.</param>
    /// <param name="weightGradient">The gradient to the weight, or null.</param>
    /// <param name="biasGradient">The gradient to the bias, or null.</param>
    protected internal virtual void ChannelNormalizeGradient(
        Tensor x, Tensor gradient, Tensor means, Tensor deviations, double epsilon, Tensor? weight, bool throughMoments,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        int groups = deviations.Shape[2], channels = x.Shape[1] / Math.Max(groups, 1);
        Shape ofChannels = [1, groups, channels, 1, 1];
        Tensor given = Grouped(gradient, groups), mean = Part(means, 0);
        Tensor roots = Temporary(mean.Shape, "ChannelNormalize"), normal = Temporary(given.Shape, "ChannelNormalize");
        var products = Temporary(given.Shape, "ChannelNormalize");
        Map(new ScaleRootMap(epsilon), Part(deviations, 0), roots);
        if (means.Shape[0] == 1)
        {
            Map(new DifferenceMap(), Grouped(x, groups), mean, normal);
        }
        else
        {
            Map(new CenteredMap(), Grouped(x, groups), mean, Part(means, 1), normal);
        }

        Map(new TwiceScaledMap(), normal, roots, normal);
        Map(new MultiplyOp(), given, normal, products);
        if (weightGradient is not null)
        {
            Reduce(new SumReduction(), products, Reshaped(weightGradient, ofChannels));
        }

        if (biasGradient is not null)
        {
            Reduce(new SumReduction(), given, Reshaped(biasGradient, ofChannels));
        }

        if (xGradient is not null)
        {
            var h = given;
            if (weight is not null)
            {
                h = Temporary(given.Shape, "ChannelNormalize");
                Map(new MultiplyOp(), given, Reshaped(weight, ofChannels), h);
            }

            var to = Grouped(xGradient, groups);
            if (throughMoments)
            {
                Tensor average = Temporary(mean.Shape, "ChannelNormalize"), alignment = Temporary(mean.Shape, "ChannelNormalize");
                Map(new MultiplyOp(), h, normal, products);
                Reduce(new MeanReduction(), h, average);
                Reduce(new MeanReduction(), products, alignment);
                Map(new MultiplyOp(), normal, alignment, products);
                Map(new DifferenceMap(), h, products, products);
                Map(new CenteredTwiceScaledMap(), products, average, roots, to);
                Release(average, alignment);
            }
            else
            {
                Map(new TwiceScaledMap(), h, roots, to);
            }

            Release(weight is null ? null : h);
        }

        Release(roots, normal, products);
    }

    /// <summary>Images [N, C, H, W] as [N, G, C / G, H, W].</summary>
    private static Tensor Grouped(Tensor images, int groups)
    {
        var sizes = images.Shape;
        images.Layout.TryReshape([sizes[0], groups, sizes[1] / Math.Max(groups, 1), sizes[2], sizes[3]], out var layout);
        return View(images, layout);
    }

    /// <summary>A part of means or deviations [P, S, G] as [S, G, 1, 1, 1].</summary>
    private static Tensor Part(Tensor moments, int part) =>
        View(moments, moments.Layout.Select(0, part).Unsqueeze(2).Unsqueeze(3).Unsqueeze(4));
}
