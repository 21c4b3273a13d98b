using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>What is used several times gets the sum of its gradients, and nobody else's gradient changes.</summary>
public class GradientSumTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2, 3]), "weights");
    private readonly Tensor _x = Tensor.From([4, 5, 6]);

    [Theory]
    [InlineData("x + x", 2, 2, 2)]
    [InlineData("x * x", 2, 4, 6)]
    [InlineData("x + view + view", 3, 3, 3)]
    [InlineData("diamond", 6, 6, 6)]
    [InlineData("diamond of slices", 1, 4, 1)]
    [InlineData("x - x", 0, 0, 0)]
    [InlineData("broadcast and itself", 4, 4, 4)]
    [InlineData("deep", 32, 32, 32)]
    [InlineData("concat", 3, 3, 3)]
    [InlineData("picked", 1, 3, 1)]
    public void A_tensor_used_several_times_gets_the_sum(string graph, float first, float second, float third)
    {
        foreach (bool isLeaf in new[] { true, false })
        {
            _p.ClearGradient();
            using var tape = Tape.Record();
            var x = isLeaf ? (Tensor)_p : _p + 0;
            tape.Backward(Graph(graph, x).Sum());
            Assert.Equal([first, second, third], _p.Gradient!.ToArray());
        }
    }

    [Fact]
    public void Gradients_shared_along_several_paths_stay_apart()
    {
        var q = new Parameter(_x);
        using var tape = Tape.Record();
        Tensor a = _p + 0, b = q + 0;
        Tensor sum = a + b, more = sum + a;
        tape.Backward((more + sum.Reshape(3, 1).Reshape(3) + a.Slice(0, 0, 3)).Sum());
        Assert.Equal([4, 4, 4], _p.Gradient!.ToArray());
        Assert.Equal([2, 2, 2], q.Gradient!.ToArray());
    }

    [Fact]
    public void A_gradient_given_by_the_caller_stays_as_it_is()
    {
        using var tape = Tape.Record();
        var given = _x.Exp();
        float[] before = given.ToArray();
        var y = _p + 0;
        tape.Backward(y + y + y.Slice(0, 0, 3), given);
        Assert.Equal(before, given.ToArray());
    }

    private static Tensor Graph(string name, Tensor x)
    {
        switch (name)
        {
            case "x + x":
                return x + x;
            case "x * x":
                return x * x;
            case "x + view + view":
                return x + x.Reshape(3) + x.Slice(0, 0, 3);
            case "diamond":
                Tensor left = 2 * x, right = x + x;
                return left + right + (left + 0);
            case "diamond of slices":
                var y = x + 0;
                return y + y.Slice(0, 0, 2).Sum() + y.Slice(0, 1).Sum() - y.Sum() + y.Select(0, 1) * 0;
            case "x - x":
                return x - x;
            case "broadcast and itself":
                return x.Expand(3, 3) + x.Expand(3, 3) - x.Expand(2, 3).Sum(0) * 0 - 2 * x.Expand(2, 3).Slice(0, 0, 1) / 3;
            case "deep":
                for (int i = 0; i < 5; i++)
                {
                    x += x;
                }

                return x;
            case "concat":
                return Tensor.Concat(0, x, x, x.Reshape(3));
            default:
                var picked = x.IndexSelect(0, IndexTensor.From(1, 1));
                return Tensor.Concat(0, picked, x);
        }
    }
}
