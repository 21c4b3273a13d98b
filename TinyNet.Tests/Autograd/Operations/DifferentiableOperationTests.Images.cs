using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Operations on images: windows of all kinds, and what follows on results that are channels last in memory.</summary>
public partial class DifferentiableOperationTests
{
    private static IEnumerable<Case> Images()
    {
        var same = Square(3, padding: 1);
        yield return Convolution("3x3", same, [2, 3, 5, 7], [3, 3, 3, 4]);
        yield return Convolution("3x3 of many channels", same, [1, 17, 4, 6], [3, 3, 17, 35]);
        yield return Convolution("3x3 to one channel", same, [2, 5, 6, 4], [3, 3, 5, 1]);
        yield return Convolution("3x3 of one channel", same, [3, 1, 6, 9], [3, 3, 1, 16]);
        yield return Convolution("3x3 by Winograd's filtering", same, [2, 16, 9, 11], [3, 3, 16, 32], bound: 0.5f);
        yield return Convolution("3x3 by Winograd's filtering, without padding", Square(3), [1, 32, 18, 16], [3, 3, 32, 48], bound: 0.5f);
        yield return Convolution(
            "3x3 by Winograd's filtering, wide padding", Square(3, padding: 2), [2, 16, 12, 10], [3, 3, 16, 16], bound: 0.5f);
        yield return Convolution("1x1", Square(1), [2, 9, 3, 5], [1, 1, 9, 33]);
        yield return Convolution("one pixel", same, [1, 2, 1, 1], [3, 3, 2, 3]);
        yield return Convolution("no images", same, [0, 2, 4, 4], [3, 3, 2, 3]);
        yield return Convolution("as large as the image", Square(4), [2, 2, 4, 4], [4, 4, 2, 3]);
        yield return Convolution("stride 2", Square(3, stride: 2, padding: 1), [2, 3, 7, 8], [3, 3, 3, 5]);
        yield return Convolution("stride beyond the kernel", Square(2, stride: 3), [2, 2, 9, 8], [2, 2, 2, 3]);
        yield return Convolution("dilation 2", Square(3, dilation: 2, padding: 2), [1, 3, 6, 9], [3, 3, 3, 2]);
        yield return Convolution("stride 2, dilation 3", Square(3, stride: 2, dilation: 3, padding: 3), [1, 2, 9, 10], [3, 3, 2, 3]);
        yield return Convolution("stride 4, dilation 2", Square(3, stride: 4, dilation: 2, padding: 1), [1, 2, 11, 9], [3, 3, 2, 3]);
        yield return Convolution("padding up to the window", Square(3, padding: 3), [1, 2, 2, 3], [3, 3, 2, 3]);
        yield return Convolution(
            "uneven", new Window(new WindowAxis(2, 1, 1, 0, 1), new WindowAxis(5, 2, 1, 3, 1)), [2, 3, 4, 11], [2, 5, 3, 4]);
        yield return Convolution("2 groups", same, [2, 4, 5, 3], [3, 3, 2, 6], groups: 2);
        yield return Convolution("3 groups, stride 2", Square(3, stride: 2), [1, 9, 7, 7], [3, 3, 3, 51], groups: 3);
        yield return Convolution("depthwise", same, [2, 19, 5, 4], [3, 3, 1, 19], groups: 19);
        yield return Convolution(
            "depthwise, two outputs a channel", Square(3, stride: 2, padding: 1), [1, 5, 6, 5], [3, 3, 1, 10], groups: 5);
        yield return new("convolution of a weight with itself", x => x[0].Convolve(x[0], null, same), [[3, 3, 3, 3]]);
        yield return new(
            "transposed convolution of a weight with itself", x => x[0].ConvolveTransposed(x[0], null, same), [[3, 3, 3, 3]]);
        yield return Transposed("transposed 2x2, stride 2", Square(2, stride: 2), [2, 3, 3, 4], [2, 2, 5, 3]);
        yield return Transposed(
            "transposed 3x3, stride 2, output padding", Square(3, stride: 2, padding: 1), [1, 2, 3, 4], [3, 3, 4, 2], (1, 0));
        yield return Transposed("transposed, dilation 2", Square(3, dilation: 2), [1, 2, 4, 3], [3, 3, 3, 2]);
        yield return Transposed("transposed, 2 groups", Square(3, stride: 3), [1, 4, 2, 3], [3, 3, 3, 4], groups: 2);
        yield return Transposed("transposed, stride beyond the kernel", Square(2, stride: 3), [2, 2, 3, 2], [2, 2, 3, 2]);
        yield return new("tanh of channels last", x => x[0].Convolve(x[1], null, same).Tanh(), [[2, 3, 4, 5], [3, 3, 3, 6]], -0.5f, 0.5f);
        yield return new(
            "sums of channels last", x => Last(x).Sum(new Axes(2, 3)) + Last(x).Mean(new Axes(0, 3)).Sum(), [[2, 3, 4, 5], [1, 1, 3, 6]]);
        yield return new("channels last times broadcast", x => Last(x) * x[2] + x[2], [[2, 3, 4, 5], [1, 1, 3, 6], [6, 1, 1]]);
        yield return new("channels last plus row-major", x => Last(x) + x[2], [[2, 3, 4, 5], [1, 1, 3, 6], [2, 6, 4, 5]]);
        yield return new("channels last, flattened", x => Last(x).Reshape(2, 120).MatMul(x[2]), [[2, 3, 4, 5], [1, 1, 3, 6], [120, 3]]);
        yield return new("channels last as pixels", x => Last(x).Permute(0, 2, 3, 1).MatMul(x[2]), [[2, 3, 4, 5], [1, 1, 3, 6], [6, 3]]);
        yield return new("channels last, sliced", x => Last(x).Slice(1, 1, 5, 2).Square(), [[2, 3, 4, 5], [1, 1, 3, 6]]);
        yield return new("channels last, softmax", x => Last(x).Softmax(1), [[2, 3, 4, 5], [1, 1, 3, 6]]);
    }

    private static Tensor Last(Tensor[] x) => x[0].Convolve(x[1], null, Square(1));

    private static Window Square(int size, int stride = 1, int dilation = 1, int padding = 0)
    {
        var axis = new WindowAxis(size, stride, dilation, padding, padding);
        return new Window(axis, axis);
    }

    private static Case Convolution(string name, Window window, Shape x, Shape weight, int groups = 1, float bound = 1) =>
        new(
            $"convolution {name}",
            operands => operands[0].Convolve(operands[1], operands[2], window, groups),
            [x, weight, [weight[3]]],
            -bound,
            bound);

    private static Case Transposed(
        string name, Window window, Shape x, Shape weight, (int Height, int Width) outputPadding = default, int groups = 1) =>
        new(
            name,
            operands => operands[0].ConvolveTransposed(operands[1], operands[2], window, outputPadding, groups),
            [x, weight, [weight[2] * groups]],
            -1,
            1);
}
