using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// Every differentiable operation, on odd shapes, broadcast, empty and strided operands: its gradient by the gradient check on
/// the reference device, and results and gradients of the CPU device against those of the reference.
/// </summary>
public partial class DifferentiableOperationTests
{
    private static readonly IndexTensor Picks = IndexTensor.From(2, 0, 2, 1), Labels = IndexTensor.From(2, 0, 1, 1);
    private static readonly IndexTensor Grid = IndexTensor.From([1, 0, 2, 2, 2, 0], [3, 2]);
    private static readonly RandomStream Masks = new(5);

    private static readonly Case[] Cases =
    [
        .. Elementwise(), .. Reductions(), .. Products(), .. Shapes(), .. Picking(), .. Images(), .. Normalizing(), .. Embedding(),
        .. Attending(), .. Pools(), .. ChannelNorms(),
    ];

    public static TheoryData<int, string> All
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < Cases.Length; i++)
            {
                data.Add(i, $"{Cases[i].Name} {string.Join(" ", Cases[i].Shapes)}");
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void The_gradient_is_right(int index, string name)
    {
        var @case = Cases[index];
        Assert.NotEmpty(name);
        GradCheck.Verify(@case.Function, Operands(@case, Device.Reference));
    }

    [Theory, MemberData(nameof(All))]
    public void The_gradient_is_right_for_strided_operands(int index, string name)
    {
        var @case = Cases[index];
        Assert.NotEmpty(name);
        GradCheck.Verify(
            operands => @case.Function(Array.ConvertAll(operands, Unscattered)),
            Array.ConvertAll(Operands(@case, Device.Reference), Scattered));
    }

    [Theory, MemberData(nameof(All))]
    public void Results_and_gradients_agree_on_cpu_and_reference(int index, string name)
    {
        var @case = Cases[index];
        foreach (bool strided in new[] { false, true })
        {
            float[][] expected = Run(@case, Device.Reference, strided);
            foreach (var device in Devices)
            {
                float[][] actual = Run(@case, device, strided);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i].Length, actual[i].Length);
                    for (int k = 0; k < expected[i].Length; k++)
                    {
                        Assert.True(Math.Abs(expected[i][k] - actual[i][k]) <= 2e-5 * (1 + Math.Abs(expected[i][k])),
                            $"{name} with {device.LaneBits} bits, {(i == 0 ? "result" : $"gradient {i - 1}")}, "
                            + $"element {k}: {actual[i][k]:R}, should be {expected[i][k]:R}");
                    }
                }
            }
        }
    }

    private static readonly CpuDevice[] Devices =
        [.. TestDevices.OfEachWidth()];

    private static float[][] Run(Case @case, Device device, bool strided)
    {
        var parameters = Array.ConvertAll(Operands(@case, device), operand => new Parameter(strided ? Scattered(operand) : operand));
        using var tape = Tape.Record();
        var y = @case.Function(Array.ConvertAll(parameters, parameter => strided ? Unscattered(parameter) : parameter));
        tape.Backward(y, Tensor.Uniform(y.Shape, new RandomStream(3), -1, 1, device));
        return [y.ToArray(), .. parameters.Select(parameter => parameter.Gradient?.ToArray() ?? [])];
    }

    private static Tensor[] Operands(Case @case, Device device)
    {
        var random = new RandomStream(17);
        return Array.ConvertAll(@case.Shapes, shape => Tensor.Uniform(shape, random, @case.Low, @case.High, device));
    }

    /// <summary>A tensor with the axes reversed and every axis longer, in which <see cref="Unscattered"/> finds the given one.</summary>
    private static Tensor Scattered(Tensor x)
    {
        Shape shape = x.Shape;
        var sizes = new int[shape.Rank];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[^(axis + 1)] = 2 * shape[axis] + 1;
        }

        var scattered = Tensor.Full(new Shape(sizes), 0.5f, x.Device);
        x.Device.Copy(x, Unscattered(scattered));
        return scattered;
    }

    private static Tensor Unscattered(Tensor x)
    {
        int rank = x.Rank;
        var y = x.Permute([.. Enumerable.Range(0, rank).Reverse()]);
        for (int axis = 0; axis < rank; axis++)
        {
            y = y.Slice(axis, 1, null, 2);
        }

        return y;
    }

    private static IEnumerable<Case> Elementwise()
    {
        yield return new("+", x => x[0] + x[1], [[2, 1, 5], [3, 1]]);
        yield return new("-", x => x[0] - x[1], [[4], [3, 1]]);
        yield return new("*", x => x[0] * x[1], [[2, 3], [2, 3]]);
        yield return new("*", x => x[0] * x[1], [[], [7]]);
        yield return new("*", x => x[0] * x[1], [[0, 3], [3]]);
        yield return new("/", x => x[0] / x[1], [[3, 5], [5]], 0.5f, 2);
        yield return new("pow", x => x[0].Pow(x[1]), [[3, 1], [4]], 0.5f, 2);
        yield return new("maximum", x => x[0].Maximum(x[1]), [[3, 1], [4]]);
        yield return new("minimum", x => x[0].Minimum(x[1]), [[17], []]);
        yield return new("constants", x => 2 - (3 * x[0] - 1.5f) / 4 + 1 / (x[0] + 5) + (0.5f + x[0]) * 0.25f, [[17]]);
        yield return new("-", x => -x[0], [[3, 1]]);
        foreach (Shape shape in new Shape[] { [], [19], [0], [3, 1, 2] })
        {
            yield return new("exp", x => x[0].Exp(), [shape]);
            yield return new("tanh", x => x[0].Tanh(), [shape]);
            yield return new("reciprocal", x => x[0].Reciprocal(), [shape], 0.5f, 2);
        }

        yield return new("expm1", x => x[0].Expm1(), [[5]]);
        yield return new("log", x => x[0].Log(), [[5]], 0.5f, 2);
        yield return new("log1p", x => x[0].Log1p(), [[5]], -0.5f, 2);
        yield return new("sqrt", x => x[0].Sqrt(), [[5]], 0.5f, 2);
        yield return new("reciprocal sqrt", x => x[0].ReciprocalSqrt(), [[5]], 0.5f, 2);
        yield return new("square", x => x[0].Square(), [[5]]);
        yield return new("abs", x => x[0].Abs(), [[5]]);
        yield return new("sign", x => x[0].Sign() + x[0], [[5]]);
        yield return new("sin", x => x[0].Sin(), [[5]], -7, 7);
        yield return new("cos", x => x[0].Cos(), [[5]], -7, 7);
        yield return new("sigmoid", x => x[0].Sigmoid(), [[5]], -7, 7);
        yield return new("erf", x => x[0].Erf(), [[5]]);
        yield return new("rounding", x => x[0] * (x[0].Floor() + x[0].Ceiling() + x[0].Round()), [[9]], -4, 4);
        yield return new("pow 3", x => x[0].Pow(3), [[5]]);
        yield return new("pow -0.5", x => x[0].Pow(-0.5f), [[5]], 0.5f, 2);
        yield return new("2 pow", x => 2f.Pow(x[0]), [[3, 5]]);
        yield return new("maximum with a number", x => x[0].Maximum(0.1f), [[3, 5]]);
        yield return new("minimum with a number", x => x[0].Minimum(0.1f), [[]]);
        yield return new("where with a number", x => Tensor.Where(x[0].IsGreater(0), x[0].Square(), 2), [[0, 3]]);
        yield return new("where with a number", x => Tensor.Where(x[0].IsLessOrEqual(0.1f), -1, x[0].Exp()), [[4, 3]]);
        yield return new("clamp", x => x[0].Clamp(-0.8f, 0.9f), [[23]]);
        yield return new("where", x => Tensor.Where(x[0].IsLess(x[1]), x[0], x[1].Square()), [[3, 1], [4]]);
        yield return new("masked fill", x => x[0].MaskedFill(Mask(x[0].Device), 3), [[2, 4]]);
        yield return new("dropout", x => x[0].Dropout(0.4f, At(3)), [[4, 9]]);
    }

    private static IEnumerable<Case> Reductions()
    {
        (string, Func<Tensor, Axes, bool, Tensor>)[] reductions =
        [
            ("sum", (x, axes, keep) => x.Sum(axes, keep)), ("mean", (x, axes, keep) => x.Mean(axes, keep)),
            ("product", (x, axes, keep) => x.Product(axes, keep)),
            ("max", (x, axes, keep) => x.Max(axes, keep)), ("min", (x, axes, keep) => x.Min(axes, keep)),
            ("norm 2", (x, axes, keep) => x.Norm(2, axes, keep)),
            ("norm 1", (x, axes, keep) => x.Norm(1, axes, keep)), ("norm 3", (x, axes, keep) => x.Norm(3, axes, keep)),
            ("norm -1", (x, axes, keep) => x.Norm(-1, axes, keep)),
            ("norm inf", (x, axes, keep) => x.Norm(double.PositiveInfinity, axes, keep)),
            ("norm -inf", (x, axes, keep) => x.Norm(double.NegativeInfinity, axes, keep)),
            ("log-sum-exp", (x, axes, keep) => x.LogSumExp(axes, keep)), ("variance", (x, axes, keep) => x.Variance(axes, true, keep)),
            ("standard deviation", (x, axes, keep) => x.StandardDeviation(axes, false, keep)),
        ];
        foreach (var (name, reduce) in reductions)
        {
            yield return new(name, x => reduce(x[0], default, false), [[3, 5]]);
            yield return new($"{name} along 0 and -1", x => reduce(x[0], [0, -1], true), [[2, 3, 7]]);
            yield return new($"{name} along 1", x => reduce(x[0], 1, false), [[2, 19, 3]]);
            yield return new($"{name} along -1 of nothing", x => reduce(x[0], -1, false), [[0, 3]]);
        }

        yield return new("sum of nothing", x => x[0].Sum(0), [[0, 3]]);
        yield return new("sum of a scalar", x => x[0].Sum(), [[]]);
        yield return new("product with zeros", x => (x[0] * Mask(x[0].Device)).Product(1), [[2, 4]]);
        yield return new("cumulative sum", x => x[0].CumulativeSum(1), [[2, 9, 3]]);
        yield return new("max with indices", x => x[0].MaxWithIndices(1).Values, [[3, 5, 2]]);
        yield return new("min with indices", x => x[0].MinWithIndices(-1, keepDims: true).Values, [[3, 5, 2]]);
        foreach (int axis in new[] { 0, 1, -1 })
        {
            yield return new($"softmax along {axis}", x => x[0].Softmax(axis), [[3, 5, 4]]);
            yield return new($"log-softmax along {axis}", x => x[0].LogSoftmax(axis), [[3, 5, 4]]);
        }

        yield return new("softmax of a scalar", x => x[0].Softmax(), [[]]);
        yield return new("cross-entropy", x => x[0].CrossEntropy(Labels), [[4, 3]]);
    }

    private static IEnumerable<Case> Products()
    {
        Shape[][] operands =
        [
            [[3], [3]], [[3], [3, 4]], [[4, 3], [3]], [[4, 3], [3, 5]], [[1, 17], [17, 1]], [[2, 4, 3], [3, 5]], [[2, 4, 3], [2, 3, 5]],
            [[2, 1, 4, 3], [6, 3, 5]],
            [[4, 3], [2, 3, 5]], [[2, 3, 4], [4]], [[0, 3], [3, 2]], [[2, 0], [0, 3]], [[2, 3], [3, 0]], [[3], [2, 3, 4]],
        ];
        foreach (var shapes in operands)
        {
            yield return new("matmul", x => x[0].MatMul(x[1]), shapes);
        }

        yield return new("matmul of a transpose", x => x[0].Transpose().MatMul(x[1].Transpose()), [[3, 4], [5, 3]]);
        yield return new("linear", x => x[0].Linear(x[1], x[2]), [[5, 3], [3, 4], [4]]);
        yield return new("linear", x => x[0].Linear(x[1], x[2]), [[2, 3, 3], [3, 4], [4]]);
        yield return new("linear without bias", x => x[0].Linear(x[1]), [[3], [3, 4]]);
        yield return new("outer", x => x[0].Outer(x[1]), [[3], [4]]);
        yield return new("einsum", x => Tensor.Einsum("bhqd,bhkd->bhqk", x), [[2, 1, 3, 4], [2, 1, 5, 4]]);
        yield return new("einsum of a diagonal", x => Tensor.Einsum("iij->ji", x), [[3, 3, 2]]);
        yield return new("einsum of three", x => Tensor.Einsum("ij,jk,k->i", x), [[2, 3], [3, 4], [4]]);
    }

    private static IEnumerable<Case> Shapes()
    {
        yield return new("reshape", x => x[0].Reshape(3, -1), [[2, 3, 2]]);
        yield return new("reshape of a transpose", x => x[0].Transpose().Reshape(6).Square(), [[2, 3]]);
        yield return new("flatten", x => x[0].Flatten(1), [[2, 3, 2]]);
        yield return new("permute", x => x[0].Permute(2, 0, 1).Square(), [[2, 3, 4]]);
        yield return new("squeeze and unsqueeze", x => x[0].Squeeze().Unsqueeze(-1).Exp(), [[1, 3, 1]]);
        yield return new("expand", x => x[0].Expand(2, 3, -1).Square(), [[3, 1]]);
        yield return new("expand", x => x[0].Expand(2, 3, 4).Square(), [[3, 1]]);
        yield return new("slice", x => x[0].Slice(1, 1, null, 2) * x[0].Slice(1, 0, 2), [[2, 5]]);
        yield return new("select", x => x[0].Select(1, -1) * x[0].Select(1, 0), [[2, 5]]);
        yield return new("concat", x => Tensor.Concat(1, x[0], x[1], x[0]), [[2, 3], [2, 1]]);
        yield return new("concat with nothing", x => Tensor.Concat(0, x), [[0, 3], [2, 3]]);
        yield return new("stack", x => Tensor.Stack(-1, x[0], x[1], x[0]), [[2, 3], [2, 3]]);
        yield return new("split", x => x[0].Split([1, 3], 1)[1].Square(), [[2, 4]]);
        yield return new("chunk", x => x[0].Chunk(2, 1)[1] * x[0].Chunk(2, 1)[0].Slice(1, 0, 1), [[2, 3]]);
        yield return new("flip", x => x[0].Flip([0, -1]), [[2, 3, 4]]);
        yield return new("roll", x => x[0].Roll(-2, 1), [[2, 5]]);
        yield return new("repeat", x => x[0].Repeat(2, 1, 3), [[2, 3]]);
        yield return new("lower triangle", x => x[0].LowerTriangle(1), [[2, 3, 4]]);
        yield return new("upper triangle", x => x[0].UpperTriangle(), [[4, 3]]);
        yield return new("pad", x => x[0].Pad([1, 2, -1, 0]), [[3, 2]]);
        yield return new("pad by mirroring", x => x[0].Pad([2, 1], PaddingMode.Reflect), [[2, 3]]);
        yield return new("pad by repeating", x => x[0].Pad([2, 1, 0, 3], PaddingMode.Replicate), [[2, 3]]);
        yield return new("copy", x => x[0].Transpose().Copy().Contiguous(), [[2, 3]]);
    }

    private static IEnumerable<Case> Picking()
    {
        yield return new("index select", x => x[0].IndexSelect(1, Picks), [[2, 3]]);
        yield return new("gather", x => x[0].Gather(1, Grid), [[4, 3]]);
        yield return new("sort", x => x[0].Sort(1, descending: true).Values, [[3, 5, 2]]);
        yield return new("sort of nothing", x => x[0].Sort().Values, [[3, 0]]);
        yield return new("the largest three", x => x[0].TopK(3).Values, [[4, 7]]);
        yield return new("the smallest of all but one", x => x[0].TopK(3, 0, largest: false).Values, [[4, 7]]);
        yield return new("scatter-add", x => x[0].ScatterAdd(1, Grid, x[1]), [[3, 3], [3, 4]]);
        yield return new("scatter-add into itself", x => x[0].ScatterAdd(1, Grid, x[0]), [[3, 3]]);
    }

    private static Tensor Mask(Device device) => Tensor.From([1, 0, 0, 1, 1, 1, 0, 1], [2, 4], device);

    private static RandomStream At(ulong position) => new(Masks.Seed) { Position = 4 * position };

    private sealed record Case(string Name, Func<Tensor[], Tensor> Function, Shape[] Shapes, float Low = -2, float High = 2);
}
