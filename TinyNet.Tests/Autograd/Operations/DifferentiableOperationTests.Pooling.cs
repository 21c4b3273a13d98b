using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Pooling of images: windows of all kinds, and parts that cover an image evenly.</summary>
public partial class DifferentiableOperationTests
{
    private static IEnumerable<Case> Pools()
    {
        (string Name, Window Window, Shape X)[] windows =
        [
            ("2x2", Square(2, stride: 2), [2, 3, 4, 6]),
            ("2x2 with a rest", Square(2, stride: 2), [3, 17, 5, 7]),
            ("2x2 of many channels", Square(2, stride: 2), [2, 35, 4, 4]),
            ("2x2 of one channel", Square(2, stride: 2), [2, 1, 6, 4]),
            ("1x1", Square(1), [1, 3, 2, 3]),
            ("one pixel", Square(2, padding: 1), [1, 2, 1, 1]),
            ("no images", Square(2, stride: 2), [0, 3, 4, 4]),
            ("as large as the image", Square(3), [2, 16, 3, 3]),
            ("overlapping", Square(3, stride: 2, padding: 1), [2, 19, 7, 8]),
            ("overlapping everywhere", Square(3, padding: 1), [1, 3, 5, 4]),
            ("padding up to half the window", Square(4, stride: 3, padding: 2), [1, 2, 5, 6]),
            ("stride beyond the window", Square(2, stride: 3), [1, 3, 8, 9]),
            ("uneven", new Window(new WindowAxis(2, 1, 1, 0, 1), new WindowAxis(5, 2, 1, 2, 1)), [2, 3, 4, 11]),
        ];
        foreach (var (name, window, x) in windows)
        {
            foreach (bool ceiling in new[] { false, true })
            {
                string how = ceiling ? $"{name}, ceiling" : name;
                yield return new($"max pool {how}", operands => operands[0].MaxPool(window, ceiling), [x]);
                yield return new($"average pool {how}", operands => operands[0].AveragePool(window, ceiling), [x]);
                yield return new(
                    $"average pool {how}, without padding", operands => operands[0].AveragePool(window, ceiling, countPadding: false), [x]);
            }
        }

        yield return new("max pool with dilation", x => x[0].MaxPool(Square(3, stride: 2, dilation: 2, padding: 1)), [[2, 17, 8, 9]]);
        yield return new("max pool with dilation beyond the stride", x => x[0].MaxPool(Square(2, dilation: 3, padding: 1)), [[1, 3, 7, 5]]);
        yield return new("max pool of channels last", x => Last(x).MaxPool(Square(2, stride: 2)), [[2, 3, 4, 5], [1, 1, 3, 18]]);
        yield return new("average pool of channels last", x => Last(x).AveragePool(Square(3, padding: 1)), [[2, 3, 4, 5], [1, 1, 3, 18]]);
        foreach (var (height, width) in new[] { (1, 1), (2, 3), (5, 4), (7, 9) })
        {
            yield return new($"adaptive max pool {height}x{width}", x => x[0].AdaptiveMaxPool(height, width), [[2, 18, 5, 7]]);
            yield return new($"adaptive average pool {height}x{width}", x => x[0].AdaptiveAveragePool(height, width), [[2, 18, 5, 7]]);
        }

        foreach (var (height, width) in new[] { (1, 1), (3, 4), (6, 8), (7, 5), (2, 9) })
        {
            foreach (bool alignCorners in new[] { false, true })
            {
                yield return new(
                    $"bilinear to {height}x{width}{(alignCorners ? ", aligned" : "")}",
                    x => x[0].Resize(height, width, Interpolation.Linear, alignCorners),
                    [[2, 18, 3, 4]]);
            }

            yield return new($"nearest to {height}x{width}", x => x[0].Resize(height, width), [[2, 18, 3, 4]]);
        }

        yield return new("bilinear by 1.7", x => x[0].Resize(1.7, Interpolation.Linear), [[1, 3, 5, 4]]);
        yield return new("nearest of no images", x => x[0].Resize(2), [[0, 3, 2, 2]]);
        yield return new("bilinear of channels last", x => Last(x).Resize(2, Interpolation.Linear), [[2, 3, 4, 5], [1, 1, 3, 17]]);
        yield return new("spatial dropout", x => x[0].SpatialDropout(0.4f, At(4)), [[3, 5, 2, 3]]);
        yield return new("alpha dropout", x => x[0].AlphaDropout(0.4f, At(5)), [[4, 9]]);
        yield return new("dropout of channels last", x => Last(x).Dropout(0.4f, At(6)), [[2, 3, 4, 5], [1, 1, 3, 6]]);
    }
}
