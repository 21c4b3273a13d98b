using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Batch, group and instance norm: sums in double precision, then a pass over the images.</summary>
internal static class GpuChannels
{
    // Doubles of which the structs in scratch memory consist.
    private const int FactorLength = 5, PairLength = 2;

    public static void Moments(IlgpuDevice device, Tensor x, Tensor means, Tensor deviations)
    {
        int sets = deviations.Shape[1], groups = deviations.Shape[2], results = sets * groups;
        if (results == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, means, deviations);

        // [S, G] first, then what is reduced.
        var of = ReducedElements.Of(x, Grouped(x.Layout, sets, groups), keptAxes: 2);
        int elements = x.Length / results;
        using var room = device.Scratch<Pair>(PairSums.Room(device, results, elements));
        device.Launch(new MomentsJob
        {
            Results = results,
            Elements = elements,
            X = of,
            Sums = PairSums.Run(device, new MomentTerms { X = of }, results, elements, of.IsInner, room.View),
            Means = means.Elements(),
            Deviations = deviations.Elements(),
        }, results);
    }

    public static void Factors(
        IlgpuDevice device, Tensor means, Tensor deviations, double epsilon, Tensor? weight, Tensor? bias, Tensor factors)
    {
        using var alive = KeepAlive.Of(means, deviations, weight, bias, factors);
        if (factors.Length > 0)
        {
            using var moments = new DenseMoments(device, means, deviations, weight, bias);
            device.Launch(
                new ChannelFactorsJob { Moments = moments.View(epsilon, factors.Shape[2]), Factors = factors.Elements() },
                factors.Length / 4);
        }
    }

    public static void Normalize<TMap>(IlgpuDevice device, Tensor x, Tensor factors, TMap map, Tensor destination)
        where TMap : struct, IUnaryMap
    {
        using var alive = KeepAlive.Of(x, factors, destination);
        var ofPixels = factors.Layout.Select(0, 0).Unsqueeze(2).Unsqueeze(3).Expand(x.Shape);
        Span<Steps> steps = stackalloc Steps[3];
        var axes = Walk.Over([destination.Layout, x.Layout, ofPixels], steps);
        device.Launch(new ChannelNormalizeJob<TMap>
        {
            Map = map,
            Count = x.Length,
            FactorStep = factors.Layout.Strides[0],
            Axes = axes,
            X = x.Memory(),
            Factors = factors.Memory(),
            Destination = destination.Memory(),
            AtDestination = steps[0],
            AtX = steps[1],
            AtFactors = steps[2],
        }, x.Length);
    }

    public static void Gradient(
        IlgpuDevice device, Tensor x, Tensor gradient, Tensor means, Tensor deviations, double epsilon, Tensor? weight, bool throughMoments,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        int sets = deviations.Shape[1], groups = deviations.Shape[2], channels = x.Shape[1], results = sets * channels;
        if (results == 0)
        {
            device.Clear(weightGradient);
            device.Clear(biasGradient);
            return;
        }

        using var alive = KeepAlive.Of(x, gradient, means, deviations, weight);
        using var aliveToo = KeepAlive.Of(xGradient, weightGradient, biasGradient);

        // The factors of channels stand before what the sums need, which starts at a whole pair.
        int elements = x.Length / results;
        long room = PairSums.Room(device, results, elements), factorDoubles = (long)FactorLength * results;
        long sumsAt = BlockCount.Of(factorDoubles, PairLength) * PairLength;
        using var scratch = device.Scratch<double>(sumsAt + PairLength * room);
        var factors = scratch.View.SubView(0, factorDoubles).Cast<ChannelGradientFactors>();
        using (var moments = new DenseMoments(device, means, deviations, weight, null))
        {
            device.Launch(new ChannelGradientFactorsJob { Moments = moments.View(epsilon, channels), Factors = factors }, results);
        }

        var ofX = ByChannel(x.Layout, sets);
        var terms = new ChannelGradientTerms
        {
            X = ReducedElements.Of(x, ofX, keptAxes: 2),
            Gradient = ReducedElements.Of(gradient, ByChannel(gradient.Layout, sets), keptAxes: 2, ofX),
            Factors = factors,
        };
        var sums = PairSums.Run(
            device, terms, results, elements, terms.X.IsInner, scratch.View.SubView(sumsAt, PairLength * room).Cast<Pair>());
        WeightGradient(device, sums, sets, channels, weightGradient, biasGradient);
        if (xGradient is not null && x.Length > 0)
        {
            if (throughMoments)
            {
                device.Launch(new ChannelGradientMomentsJob
                {
                    Sets = sets,
                    Groups = groups,
                    Channels = channels,
                    Elements = (double)x.Length / (sets * groups),
                    Sums = sums,
                    Factors = factors,
                }, sets * groups);
            }

            ElementGradient(device, x, gradient, factors, sets, xGradient);
        }
    }

    private static void WeightGradient(
        IlgpuDevice device, ArrayView<Pair> sums, int sets, int channels, Tensor? weightGradient, Tensor? biasGradient)
    {
        if ((weightGradient ?? biasGradient) is { } any)
        {
            device.Launch(new ChannelWeightGradientJob
            {
                Sets = sets,
                Channels = channels,
                Sums = sums,
                WeightGradient = weightGradient.MemoryOr(any),
                BiasGradient = biasGradient.MemoryOr(any),
                WeightOffset = (weightGradient ?? any).Layout.Offset,
                WeightStep = (weightGradient ?? any).Layout.Strides[0],
                BiasOffset = (biasGradient ?? any).Layout.Offset,
                BiasStep = (biasGradient ?? any).Layout.Strides[0],
                HasWeight = weightGradient is not null,
                HasBias = biasGradient is not null,
            }, channels);
        }
    }

    private static void ElementGradient(
        IlgpuDevice device, Tensor x, Tensor gradient, ArrayView<ChannelGradientFactors> factors, int sets, Tensor xGradient)
    {
        var ofPixels = new Layout([sets, x.Shape[1], 1, 1]).Expand(x.Shape);
        Span<Steps> steps = stackalloc Steps[4];
        var axes = Walk.Over([xGradient.Layout, x.Layout, gradient.Layout, ofPixels], steps);
        device.Launch(new ChannelGradientJob
        {
            Count = x.Length,
            Axes = axes,
            X = x.Memory(),
            Gradient = gradient.Memory(),
            XGradient = xGradient.Memory(),
            Factors = factors,
            AtXGradient = steps[0],
            AtX = steps[1],
            AtGradient = steps[2],
            AtFactors = steps[3],
        }, x.Length);
    }

    /// <summary>Images [N, C, H, W] as [S, G, N / S, C / G, H, W].</summary>
    private static Layout Grouped(Layout images, int sets, int groups)
    {
        var sizes = images.Shape;
        images.TryReshape([sets, sizes[0] / sets, groups, sizes[1] / groups, sizes[2], sizes[3]], out var layout);
        return layout.Transpose(1, 2);
    }

    /// <summary>Images [N, C, H, W] as [S, C, N / S, H, W].</summary>
    private static Layout ByChannel(Layout images, int sets)
    {
        var sizes = images.Shape;
        images.TryReshape([sets, sizes[0] / sets, sizes[1], sizes[2], sizes[3]], out var layout);
        return layout.Transpose(1, 2);
    }
}
