using System.Numerics.Tensors;
using TinyNet.Autograd;
using TinyNet.Core;
using Tensor = TinyNet.Core.Tensor;

namespace TinyNet.Tests.Core;

/// <summary>How data go into tensors and out of them, and how tensors show themselves.</summary>
public class TensorTests
{
    public static TheoryData<string> Devices => ["cpu", "reference"];

    [Theory, MemberData(nameof(Devices))]
    public void Data_come_out_as_they_went_in(string name)
    {
        var device = Device.Parse(name);
        Assert.Equal([1, 2, 3, 4, 5, 6], Tensor.From([1, 2, 3, 4, 5, 6], [2, 3], device).ToArray());
        Assert.Equal([1, 2, 3, 4], Tensor.From(new float[,] { { 1, 2 }, { 3, 4 } }, device).ToArray());
        Assert.Equal(0, Tensor.From(new float[0, 3], device).Length);
        Assert.Equal(0.1f, Tensor.FromScalar(0.1f, device).Item());
        Assert.Equal([0, 0], Tensor.Zeros([2], device).ToArray());
        Assert.Equal([1, 1], Tensor.Ones([2], device).ToArray());
        Assert.Equal([7, 7], Tensor.Full([1, 2], 7, device).ToArray());
    }

    [Fact]
    public void System_Numerics_Tensors_round_trip()
    {
        var x = Tensor.From([1, 2, 3, 4, 5, 6], [3, 2]);
        TensorSpan<float> span = x.AsTensorSpan();
        Assert.Equal(4, span[1, 1]);
        var back = Tensor.FromTensorSpan(span);
        Assert.Equal(x.Shape, back.Shape);
        Assert.Equal(x.ToArray(), back.ToArray());
    }

    [Fact]
    public void Elements_are_read_and_written_by_index_from_either_end()
    {
        var x = Tensor.From([1, 2, 3, 4], [2, 2]);
        x[0, -1] = 9;
        Assert.Equal((9, 4, 3), (x[-2, 1], x[-1, -1], x[1, 0]));
    }

    [Fact]
    public void A_number_of_elements_that_does_not_fit_is_refused()
    {
        Refusal.Of<ShapeException>(() => Tensor.From([1, 2, 3], [2, 2]), "Tensor.From", "[2, 2]", "3");
        Refusal.Of<ShapeException>(() => IndexTensor.From([1, 2, 3], [2]), "IndexTensor.From", "[2]", "3");
        Refusal.Of<ShapeException>(() => Tensor.Ones([3]).CopyFrom([1, 2]), "CopyFrom", "[3]", "2");
        Refusal.Of<ShapeException>(() => Tensor.Ones([3]).CopyTo(new float[2]), "CopyTo", "[3]", "2");
        Refusal.Of<ShapeException>(() => IndexTensor.Range(0, 3).Item(), "Item", "[3]");
        Refusal.Of<ShapeException>(() => IndexTensor.Range(0, 3).Reshape([2]), "Reshape", "[3]", "[2]");
    }

    [Fact]
    public void Shapes_that_no_tensor_can_have_are_refused()
    {
        Refusal.Of<ShapeException>(() => new Shape(2, -1), "[2, -1]", "negative");
        Refusal.Of<ShapeException>(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1, 1), "9 axes", "at most 8");
        Refusal.Of<ShapeException>(() => new Shape(65536, 65536), "more than");
        Refusal.Of<ShapeException>(() => new Shape(2, 3)[2], "axis 2 of shape [2, 3]", "-2 to 1");
    }

    [Fact]
    public void Transposed_tensors_without_elements_are_copied()
    {
        foreach (Shape shape in new Shape[] { [0, 3], [3, 0], [0, 14, 5], [14, 0, 5], [14, 5, 0] })
        {
            for (int axis = 1; axis < shape.Rank; axis++)
            {
                var transposed = Tensor.Zeros(shape).Transpose(0, axis);
                Device.Cpu.Copy(transposed, Tensor.Zeros(transposed.Shape));
            }
        }
    }

    [Fact]
    public void Keep_copies_to_another_device()
    {
        var x = Tensor.From([0.1f, 2]);
        var kept = x.Keep(Device.Reference);
        x.Fill(0);
        Assert.Same(Device.Reference, kept.Device);
        Assert.Equal([0.1f, 2], kept.ToArray());
    }

    [Fact]
    public void ToString_shows_shape_device_and_values()
    {
        Assert.Equal("Tensor [2, 2] on cpu\n[[1, 2.5],\n [-3, NaN]]", Tensor.From([1, 2.5f, -3, float.NaN], [2, 2], Device.Cpu).ToString());
        Assert.Equal("Tensor [] on reference: 0.1", Tensor.FromScalar(0.1f, Device.Reference).ToString());
        Assert.Equal("Tensor [0] on cpu: []", Tensor.Zeros([0], Device.Cpu).ToString());
        Assert.Equal("IndexTensor [9]: [0, 1, 2, …, 6, 7, 8]", IndexTensor.Range(0, 9).ToString());
    }

    [Fact]
    public void An_unknown_device_lists_the_known_ones()
    {
        Refusal.Of<ArgumentException>(() => Device.Parse("abacus:0"), "abacus", "cpu", "reference");
        Assert.Same(Device.Cpu, Device.Parse("CPU"));
        Assert.Throws<ArgumentNullException>(() => Device.Parse(null!));
        Assert.Throws<ArgumentNullException>(() => Device.Default = null!);
    }
}
