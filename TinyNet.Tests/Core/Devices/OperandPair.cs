using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>How the elements of an operand lie in memory.</summary>
public enum Form
{
    Dense,
    Permuted,
    Sliced,
    SlicedPermuted,
    Expanded,
}

/// <summary>
/// The same numbers in the same layout on a device under test and on the reference device. What lies around the elements
/// of a view is compared too, so that a write beside them is seen.
/// </summary>
internal sealed class OperandPair
{
    private readonly Tensor _testedBase, _referenceBase;

    private OperandPair(Tensor testedBase, Tensor referenceBase, in Layout layout)
    {
        (_testedBase, _referenceBase) = (testedBase, referenceBase);
        Tested = testedBase.View(layout, "test");
        Reference = referenceBase.View(layout, "test");
    }

    public Tensor Tested { get; }

    public Tensor Reference { get; }

    /// <summary>The tensor of the reference device, or that of the other.</summary>
    public Tensor On(Device device) => device == Device.Reference ? Reference : Tested;

    /// <summary>Some neighboring indices along an axis.</summary>
    public OperandPair Slice(int axis, int start, int count) =>
        new(_testedBase, _referenceBase, Tested.Layout.Slice(axis, start, count, step: 1));

    /// <summary>An operand of a form, filled by a function of nothing.</summary>
    public static OperandPair Make(Device device, RandomStream random, Shape shape, Form form, Func<float> next)
    {
        var (baseShape, layout) = Lay(random, shape, form);
        var values = new float[baseShape.Length];
        foreach (ref float value in values.AsSpan())
        {
            value = next();
        }

        return new OperandPair(Tensor.From(values, baseShape, device), Tensor.From(values, baseShape, Device.Reference), layout);
    }

    /// <summary>Fails unless all numbers agree: |x − y| ≤ tolerance · (1 + |y|), and nan, +∞ and −∞ each only with its like.</summary>
    public void AssertAgree(double tolerance, string what)
    {
        float[] actual = _testedBase.ToArray(), expected = _referenceBase.ToArray();
        for (int i = 0; i < expected.Length; i++)
        {
            float x = actual[i], y = expected[i];
            bool agree = float.IsNaN(y) ? float.IsNaN(x) : x == y || Math.Abs((double)x - y) <= tolerance * (1 + Math.Abs((double)y));
            if (!agree || float.IsInfinity(x) != float.IsInfinity(y))
            {
                Assert.Fail($"{what}: element {i} of the storage is {x:R}, should be {y:R} (shape {Tested.Shape})");
            }
        }
    }

    private static (Shape Base, Layout Layout) Lay(RandomStream random, Shape shape, Form form)
    {
        int rank = shape.Rank;
        var order = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            order[axis] = axis;
        }

        if (form is Form.Permuted or Form.SlicedPermuted)
        {
            random.Shuffle<int>(order);
        }

        // The base has the axes of the shape in another order, longer where it is sliced and of size 1 where it is stretched.
        int[] sizes = new int[rank], baseSizes = new int[rank], starts = new int[rank], steps = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int k = order[axis];
            bool isSliced = form is Form.Sliced or Form.SlicedPermuted && random.Next(3) > 0,
                isStretched = form == Form.Expanded && random.Next(2) > 0;
            sizes[k] = isStretched ? 1 : shape.Sizes[axis];
            (starts[k], steps[k]) = isSliced ? (random.Next(3), 1 + random.Next(3)) : (0, 1);
            baseSizes[k] = isSliced ? starts[k] + Math.Max(0, (sizes[k] - 1) * steps[k] + 1) + random.Next(2) : sizes[k];
        }

        var baseShape = new Shape(baseSizes);
        var layout = new Layout(baseShape);
        for (int k = 0; k < rank; k++)
        {
            layout = layout.Slice(k, starts[k], sizes[k], steps[k]);
        }

        return (baseShape, layout.Permute(order).Expand(shape));
    }
}
