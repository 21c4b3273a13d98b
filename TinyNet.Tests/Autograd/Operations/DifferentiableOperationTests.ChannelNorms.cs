using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Normalization of channels, over the batch and over each sample.</summary>
public partial class DifferentiableOperationTests
{
    private static IEnumerable<Case> ChannelNorms()
    {
        Shape[] shapes = [[4, 3], [3, 17, 5], [2, 3, 4, 5], [2, 1, 3, 3], [1, 35, 2, 3], [3, 17, 1, 1], [2, 4, 2, 3, 2], [0, 3, 4, 4]];
        foreach (var shape in shapes)
        {
            Shape channels = [shape[1]];
            yield return new("batch norm", x => x[0].BatchNorm(x[1], x[2]), [shape, channels, channels]);
            yield return new(
                "batch norm by given statistics",
                x => x[0].BatchNorm(
                    x[1],
                    x[2],
                    Tensor.Full([x[0].Shape[1]], 0.5f, x[0].Device),
                    Tensor.Full([x[0].Shape[1]], 2, x[0].Device),
                    training: false),
                [shape, channels, channels]);
        }

        yield return new("batch norm without weight and bias", x => x[0].BatchNorm(null, null), [[3, 5, 2, 4]]);
        yield return new("batch norm without bias", x => x[0].BatchNorm(x[1], null), [[3, 5, 2, 4], [5]]);
        yield return new("batch norm of many rows", x => x[0].BatchNorm(x[1], x[2]), [[3, 34, 12, 15], [34], [34]]);
        yield return new("batch norm of channels last", x => Last(x).BatchNorm(x[2], x[3]), [[2, 3, 4, 5], [1, 1, 3, 18], [18], [18]]);
        foreach (var (groups, shape) in new (int, Shape)[]
        {
            (1, [2, 3, 4, 5]),
            (2, [3, 4, 5]),
            (3, [2, 51, 2, 3]),
            (2, [3, 6]),
            (4, [2, 4, 2, 3, 2]),
            (5, [2, 5, 1, 1]),
            (2, [0, 4, 3]),
        })
        {
            yield return new($"group norm {groups}", x => x[0].GroupNorm(groups, x[1], x[2]), [shape, [shape[1]], [shape[1]]]);
        }

        yield return new("batch norm, weight and bias the same", x => x[0].BatchNorm(x[1], x[1]), [[3, 4, 2, 3], [4]]);
        yield return new("group norm, weight and bias the same", x => x[0].GroupNorm(2, x[1], x[1]), [[2, 4, 3], [4]]);
        yield return new("instance norm, weight and bias the same", x => x[0].InstanceNorm(x[1], x[1]), [[2, 3, 4], [3]]);
        yield return new("group norm without weight and bias", x => x[0].GroupNorm(2), [[2, 6, 3]]);
        yield return new("instance norm", x => x[0].InstanceNorm(x[1], x[2]), [[2, 19, 3, 2], [19], [19]]);
        yield return new("instance norm without weight and bias", x => x[0].InstanceNorm(), [[3, 2, 5]]);
    }
}
