using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Operands that do not fit give an exception that names the operation, what it was given, and what to do.</summary>
public class BadOperandTests
{
    private static readonly Tensor Scalar = Tensor.FromScalar(1), Vector = Tensor.Ones([3]);
    private static readonly Tensor Matrix = Tensor.Ones([2, 3]), Empty = Tensor.Zeros([0, 3]);
    private static readonly Tensor Elsewhere = Tensor.Ones([3], Device.Reference), Eight = Tensor.Ones([1, 1, 1, 1, 1, 1, 1, 2]);
    private static readonly IndexTensor Indices = IndexTensor.From(0, 2), Far = IndexTensor.From(0, 7), Negative = IndexTensor.From(-1);

    /// <summary>Name of the operation (first), what the message must say, and the call.</summary>
    private static readonly (string Operation, string Says, Func<object?> Call)[] Shapes =
    [
        ("Add", "[3] and [2]", () => Vector + Tensor.Ones([2])),
        ("Subtract", "[2, 3] and [2]", () => Matrix - Tensor.Ones([2])),
        ("Multiply", "[3] and [4]", () => Vector * Tensor.Ones([4])),
        ("Divide", "[3] and [0]", () => Vector / Tensor.Ones([0])),
        ("Pow", "[3] and [4]", () => Vector.Pow(Tensor.Ones([4]))),
        ("Maximum", "[3] and [4]", () => Vector.Maximum(Tensor.Ones([4]))),
        ("IsLess", "[3] and [4]", () => Vector.IsLess(Tensor.Ones([4]))),
        ("Where", "[4] and [3]", () => Tensor.Where(Vector, Tensor.Ones([4]), Scalar)),
        ("MaskedFill", "[2, 3]", () => Vector.MaskedFill(Matrix, 0)),
        ("MatMul", "[2, 3] times [2, 3]", () => Matrix.MatMul(Matrix)),
        ("MatMul", "[] times [3]", () => Scalar.MatMul(Vector)),
        ("MatMul", "[3] times []", () => Vector.MatMul(Scalar)),
        ("MatMul", "[2] and [3]", () => Tensor.Ones([2, 4, 4]).MatMul(Tensor.Ones([3, 4, 4]))),
        ("Linear", "[3] for a weight of shape [2, 3]", () => Vector.Linear(Matrix)),
        ("Linear", "[] for", () => Scalar.Linear(Matrix)),
        ("Linear", "weight of shape [3]", () => Vector.Linear(Vector)),
        ("Linear", "bias of shape [2]", () => Tensor.Ones([1, 2]).Linear(Matrix, Tensor.Ones([2]))),
        ("Outer", "[2, 3]", () => Matrix.Outer(Vector)),
        ("Einsum", "'i' has sizes 2 and 3", () => Tensor.Einsum("ii->", Matrix)),
        ("Einsum", "(abcde) and [2, 1, 2, 3] (fghi) make one with 9 axes", () => Tensor.Einsum("abcde,fghi,bcdefghi->a",
            Tensor.Ones([2, 1, 2, 1, 2]), Tensor.Ones([2, 1, 2, 3]), Tensor.Ones([1, 2, 1, 2, 2, 1, 2, 3]))),
        ("Einsum", "at most 8 axes", () => Tensor.Einsum("abcde,fghi->abcdefghi", Tensor.Ones([2, 1, 2, 1, 2]), Tensor.Ones([2, 1, 2, 3]))),
        ("Einsum", "names 1 axes", () => Tensor.Einsum("i->", Matrix)),
        ("Einsum", "names 3 axes", () => Tensor.Einsum("i-j", Matrix)),
        ("Sum", "axis 2 of shape [2, 3]", () => Matrix.Sum(2)),
        ("Sum", "axis 1 of shape []", () => Scalar.Sum(1)),
        ("Sum", "named twice", () => Matrix.Sum([0, -2])),
        ("Mean", "axis -3", () => Matrix.Mean(-3)),
        ("Product", "axis 5", () => Matrix.Product(5)),
        ("Max", "axis 2", () => Matrix.Max(2)),
        ("Max", "[0, 3] has no elements", () => Empty.Max()),
        ("Max", "[0, 3] has no elements", () => Empty.Max(0)),
        ("Min", "[0, 3] has no elements", () => Empty.Min()),
        ("Norm", "no elements", () => Empty.Norm(double.PositiveInfinity)),
        ("LogSumExp", "axis 2", () => Matrix.LogSumExp(2)),
        ("Variance", "axis 2", () => Matrix.Variance(2)),
        ("StandardDeviation", "axis 2", () => Matrix.StandardDeviation(2)),
        ("ArgMax", "axis 2", () => Matrix.ArgMax(2)),
        ("ArgMax", "axis 5 of shape []", () => Scalar.ArgMax(5)),
        ("ArgMax", "no elements", () => Empty.ArgMax()),
        ("ArgMin", "no elements", () => Empty.ArgMin(0)),
        ("Max", "axis 4", () => Matrix.MaxWithIndices(4)),
        ("Max", "axis 4 of shape []", () => Scalar.MaxWithIndices(4)),
        ("CumulativeSum", "axis 2", () => Matrix.CumulativeSum(2)),
        ("CumulativeSum", "axis 2 of shape []", () => Scalar.CumulativeSum(2)),
        ("Softmax", "axis 2", () => Matrix.Softmax(2)),
        ("Softmax", "axis 3 of shape []", () => Scalar.Softmax(3)),
        ("LogSoftmax", "axis -3", () => Matrix.LogSoftmax(-3)),
        ("CrossEntropy", "[3]", () => Vector.CrossEntropy(Indices)),
        ("CrossEntropy", "labels of shape [1]", () => Matrix.CrossEntropy(Negative)),
        ("Reshape", "6 elements of shape [2, 3]", () => Matrix.Reshape(4)),
        ("Reshape", "-1", () => Matrix.Reshape(-1, -1)),
        ("Reshape", "[0, -1]", () => Empty.Reshape(0, -1)),
        ("Reshape", "[-1, 4]", () => Matrix.Reshape(-1, 4)),
        ("Reshape", "9 axes", () => Scalar.Reshape(1, 1, 1, 1, 1, 1, 1, 1, 1)),
        ("Reshape", "1000000 axes", () => Scalar.Reshape(new int[1_000_000])),
        ("Flatten", "axis 2", () => Matrix.Flatten(2)),
        ("Flatten", "1 to 0", () => Matrix.Flatten(1, 0)),
        ("Transpose", "axis -2 of shape [3]", () => Vector.Transpose()),
        ("Permute", "[0]", () => Matrix.Permute(0)),
        ("Permute", "[1, 1]", () => Matrix.Permute(1, 1)),
        ("Permute", "axis 2", () => Matrix.Permute(0, 2)),
        ("Permute", "1000000 axes", () => Matrix.Permute(new int[1_000_000])),
        ("Squeeze", "axis 2", () => Matrix.Squeeze(2)),
        ("Unsqueeze", "axis 4", () => Matrix.Unsqueeze(4)),
        ("shape", "at most 8", () => Eight.Unsqueeze(0)),
        ("Expand", "[3] and [3, 2]", () => Vector.Expand(3, 2)),
        ("Expand", "[2, 3] does not stretch to [3]", () => Matrix.Expand(3)),
        ("Expand", "new axis 0", () => Vector.Expand(-1, 3)),
        ("shape", "negative", () => Vector.Expand(-3)),
        ("Expand", "9 axes", () => Vector.Expand(1, 1, 1, 1, 1, 1, 1, 1, 3)),
        ("Slice", "axis 2", () => Matrix.Slice(2)),
        ("Select", "axis 0 of shape []", () => Scalar.Select(0, 0)),
        ("Concat", "[2, 3] and [3]", () => Tensor.Concat(0, Matrix, Vector)),
        ("Concat", "[2, 3] and [2, 2]", () => Tensor.Concat(0, Matrix, Tensor.Ones([2, 2]))),
        ("Concat", "axis 0 of shape []", () => Tensor.Concat(0, Scalar)),
        ("Stack", "[3] and [2, 3]", () => Tensor.Stack(0, Vector, Matrix)),
        ("Split", "[1, 3]", () => Vector.Split([1, 3])),
        ("Split", "[4, -1]", () => Vector.Split([4, -1])),
        ("Split", "[-1, -1, -1, -1, 3]", () => Vector.Split([-1, -1, -1, -1, 3])),
        ("Split", "add up", () => Vector.Split([int.MaxValue, int.MaxValue, 5])),
        ("Split", "axis 1", () => Vector.Split(1, 1)),
        ("Chunk", "axis 3", () => Vector.Chunk(2, 3)),
        ("Flip", "axis 1", () => Vector.Flip(1)),
        ("Flip", "twice", () => Vector.Flip([0, -1])),
        ("Roll", "axis 1", () => Vector.Roll(1, 1)),
        ("Repeat", "1 factors", () => Matrix.Repeat(2)),
        ("Repeat", "2147483647", () => Vector.Repeat(int.MaxValue)),
        ("LowerTriangle", "[3]", () => Vector.LowerTriangle()),
        ("UpperTriangle", "[]", () => Scalar.UpperTriangle()),
        ("Pad", "1 margins", () => Vector.Pad([1])),
        ("Pad", "4 margins", () => Vector.Pad([1, 1, 1, 1])),
        ("Pad", "-2 and -2", () => Vector.Pad([-2, -2])),
        ("Pad", "crop", () => Vector.Pad([int.MinValue, int.MaxValue])),
        ("Pad", "Reflect margins 3", () => Vector.Pad([3, 0], PaddingMode.Reflect)),
        ("Pad", "Replicate margins -1", () => Vector.Pad([-1, 0], PaddingMode.Replicate)),
        ("Pad", "Replicate", () => Vector.Pad([int.MaxValue - 4, int.MaxValue - 4], PaddingMode.Replicate)),
        ("Pad", "an element to repeat", () => Tensor.Zeros([0]).Pad([1, 0], PaddingMode.Replicate)),
        ("IndexSelect", "axis 1", () => Vector.IndexSelect(1, Indices)),
        ("IndexSelect", "[1, 2]", () => Vector.IndexSelect(0, Indices.Reshape([1, 2]))),
        ("Gather", "indices of shape [2] for a tensor of shape [2, 3]", () => Matrix.Gather(0, Indices)),
        ("Gather", "[2, 1]", () => Tensor.Ones([1, 3]).Gather(1, Indices.Reshape([2, 1]))),
        ("ScatterAdd", "source of shape [1]", () => Vector.ScatterAdd(0, Indices, Tensor.Ones([1]))),
        ("ScatterAdd", "source of shape [2, 3]", () => Vector.ScatterAdd(0, Indices, Matrix)),
        ("shape", "at most 8", () => IndexTensor.From([0], [1, 1, 1, 1, 1, 1, 1, 1]).OneHot(3)),
        ("shape", "new axis -1", () => Vector.Shape.Insert(-1, 2)),
        ("shape", "negative", () => IndexTensor.Range(0, -1)),
        ("Item", "[3]", () => Vector.Item()),
        ("element", "1 indices for shape [2, 3]", () => Matrix[0]),
    ];

    /// <summary>The same for what is no shape: indices, labels, equations, steps.</summary>
    private static readonly (string Operation, string Says, Func<object?> Call)[] Values =
    [
        ("Einsum", "names 1 operands, 2 were given", () => Tensor.Einsum("ij", Matrix, Matrix)),
        ("Einsum", "'1'", () => Tensor.Einsum("i1->i", Matrix)),
        ("Einsum", "each once", () => Tensor.Einsum("ij->ik", Matrix)),
        ("Einsum", "each once", () => Tensor.Einsum("ij->ii", Matrix)),
        ("Einsum", "0 were given", () => Tensor.Einsum("i")),
        ("CrossEntropy", "label 7 with 3", () => Matrix.CrossEntropy(Far)),
        ("CrossEntropy", "label -1 with 3", () => Tensor.Ones([1, 3]).CrossEntropy(Negative)),
        ("Slice", "step 0", () => Matrix.Slice(0, step: 0)),
        ("Slice", "step -1", () => Matrix.Slice(0, step: -1)),
        ("Select", "index 2 along axis 0 of shape [2, 3]", () => Matrix.Select(0, 2)),
        ("Select", "index -3", () => Matrix.Select(0, -3)),
        ("IndexSelect", "index 7 with 3", () => Vector.IndexSelect(0, Far)),
        ("IndexSelect", "index -1", () => Vector.IndexSelect(0, Negative)),
        ("Gather", "index 7", () => Vector.Gather(0, Far)),
        ("ScatterAdd", "index 7", () => Vector.ScatterAdd(0, Far, Vector)),
        ("OneHot", "class 7 with 3", () => Far.OneHot(3)),
        ("OneHot", "class -1", () => Negative.OneHot(3)),
        ("element", "index 3", () => Vector[3]),
        ("CopyFrom", "more than once", () =>
        {
            Tensor.Ones([1]).Expand(3).CopyFrom([1, 2, 3]);
            return null;
        }),
    ];

    private static readonly (string Operation, Func<object?> Call)[] Devices =
    [
        ("Add", () => Vector + Elsewhere), ("Multiply", () => Elsewhere * Vector), ("Pow", () => Vector.Pow(Elsewhere)),
        ("IsEqual", () => Vector.IsEqual(Elsewhere)),
        ("Where", () => Tensor.Where(Elsewhere, Vector, Vector)), ("Where", () => Tensor.Where(Vector, Vector, Elsewhere)),
        ("MaskedFill", () => Vector.MaskedFill(Elsewhere, 1)),
        ("MatMul", () => Vector.MatMul(Elsewhere)), ("Linear", () => Vector.Linear(Tensor.Ones([3, 3]), Elsewhere)),
        ("Linear", () => Elsewhere.Linear(Tensor.Ones([3, 3]))),
        ("Outer", () => Vector.Outer(Elsewhere)), ("Einsum", () => Tensor.Einsum("i,i->", Vector, Elsewhere)),
        ("Concat", () => Tensor.Concat(0, Vector, Elsewhere)),
        ("Concat", () => Tensor.Stack(0, Vector, Elsewhere)), ("ScatterAdd", () => Vector.ScatterAdd(0, Indices, Elsewhere)),
    ];

    private static readonly Func<object?>[] Nulls =
    [
        () => Vector + (Tensor)null!, () => (Tensor)null! * Vector, () => Vector.Pow(null!), () => Vector.IsLess(null!),
        () => Vector.MatMul(null!), () => Vector.Linear(null!),
        () => Tensor.Where(null!, Vector, Vector), () => Vector.MaskedFill(null!, 1), () => Tensor.Concat(0, Vector, null!),
        () => Tensor.Stack(0, null!, Vector),
        () => Tensor.Einsum(null!, Vector), () => Tensor.Einsum("i", (Tensor)null!), () => Vector.IndexSelect(0, null!),
        () => Vector.Gather(0, null!),
        () => Vector.ScatterAdd(0, null!, Vector), () => Vector.ScatterAdd(0, Indices, null!), () => Matrix.CrossEntropy(null!),
        () => Vector.Dropout(0.5f, null!),
        () => ((Tensor)null!).Exp(), () => ((Tensor)null!).Sum(), () => ((Tensor)null!).Reshape(3), () => ((IndexTensor)null!).OneHot(3),
        () => ((Tensor)null!).Softmax(),
        () => ((Tensor)null!).Variance(), () => ((Tensor)null!).Pad([1, 1]), () => ((Tensor)null!).Flip(default),
        () => ((Tensor)null!).Split(1),
        () => ((Tensor)null!).ArgMax(), () => ((Tensor)null!).Norm(), () => ((Tensor)null!).Detach(), () => Tensor.Uniform([1], null!),
        () => Tensor.Normal([1], null!),
    ];

    public static TheoryData<int, string> ShapeCases => Number(Shapes.Select(@case => $"{@case.Operation}: {@case.Says}"));

    public static TheoryData<int, string> ValueCases => Number(Values.Select(@case => $"{@case.Operation}: {@case.Says}"));

    public static TheoryData<int, string> DeviceCases => Number(Devices.Select(@case => @case.Operation));

    public static TheoryData<int, string> NullCases => Number(Nulls.Select((_, i) => $"{i}"));

    [Theory, MemberData(nameof(ShapeCases))]
    public void Shapes_and_axes_that_do_not_fit_are_refused(int index, string name)
    {
        Assert.NotEmpty(name);
        var (operation, says, call) = Shapes[index];
        var exception = Refusal.Of<ShapeException>(call, says, "; ");
        Assert.StartsWith(operation + ":", exception.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ValueCases))]
    public void Values_that_do_not_fit_are_refused_but_not_as_shapes(int index, string name)
    {
        Assert.NotEmpty(name);
        var (operation, says, call) = Values[index];
        var exception = Refusal.Of<TensorException>(call, says, "; ");
        Assert.StartsWith(operation + ":", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_no_shapes_are_refused_as_arguments()
    {
        Refusal.Of<ArgumentException>(() => Tensor.Concat(0), "Concat", "no tensors");
        Refusal.Of<ArgumentException>(() => Tensor.Stack(0), "Stack", "no tensors");
        Refusal.Of<ArgumentOutOfRangeException>(() => Vector.Split(0), "size", "above 0");
        Refusal.Of<ArgumentOutOfRangeException>(() => Vector.Chunk(0), "chunks", "above 0");
        Refusal.Of<ArgumentOutOfRangeException>(() => Vector.Repeat(-1), "factors", "0 or more");
        Refusal.Of<ArgumentOutOfRangeException>(() => Vector.Norm(double.NaN), "p must be", "NaN");
    }

    [Theory, MemberData(nameof(DeviceCases))]
    public void Operands_on_two_devices_are_refused(int index, string name)
    {
        var exception = Refusal.Of<TensorException>(Devices[index].Call, "cpu", "reference", "one device");
        Assert.Equal(name, exception.Operation);
    }

    [Theory, MemberData(nameof(NullCases))]
    public void Null_is_refused_before_anything_else(int index, string name)
    {
        Assert.NotEmpty(name);
        Assert.Throws<ArgumentNullException>(Nulls[index]);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void A_probability_outside_its_range_is_refused(float p) =>
        Refusal.Of<ArgumentOutOfRangeException>(() => Vector.Dropout(p, new RandomStream(1)), "[0, 1]");

    private static TheoryData<int, string> Number(IEnumerable<string> names)
    {
        var data = new TheoryData<int, string>();
        foreach (string name in names)
        {
            data.Add(data.Count, name);
        }

        return data;
    }
}
