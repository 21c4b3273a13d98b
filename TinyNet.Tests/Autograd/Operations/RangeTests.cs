using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Autograd;

/// <summary>x[.., 1..]: views by ranges and indices, with the elements and the gradients that Slice and Select give.</summary>
public class RangeTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Ranges, Func<Tensor, Tensor> Slices)> Forms = new()
    {
        ["[1..]"] = (x => x[1..], x => x.Slice(0, 1)),
        ["[..]"] = (x => x[..], x => x),
        ["[..^1]"] = (x => x[..^1], x => x.Slice(0, 0, 1)),
        ["[.., 1..]"] = (x => x[.., 1..], x => x.Slice(1, 1)),
        ["[.., 1..3, ..]"] = (x => x[.., 1..3, ..], x => x.Slice(1, 1, 3)),
        ["[0, ..]"] = (x => x[0, ..], x => x.Select(0, 0)),
        ["[-1, ..]"] = (x => x[-1, ..], x => x.Select(0, -1)),
        ["[^1]"] = (x => x[^1], x => x.Select(0, -1)),
        ["[.., 2]"] = (x => x[.., 2], x => x.Select(1, 2)),
        ["[.., .., ^2]"] = (x => x[.., .., ^2], x => x.Select(2, 2)),
        ["[1.., 0, 1..^1]"] = (x => x[1.., 0, 1..^1], x => x.Slice(0, 1).Select(1, 0).Slice(1, 1, 3)),
        ["[^1, ^1, ^1]"] = (x => x[^1, ^1, ^1], x => x.Select(0, 1).Select(0, 2).Select(0, 3)),
        ["[.., 3..]"] = (x => x[.., 3..], x => x.Slice(1, 3)),
    };

    public static TheoryData<string> Names => [.. Forms.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Ranges_are_slices(string name)
    {
        var (ranges, slices) = Forms[name];
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            foreach (bool isView in new[] { false, true })
            {
                var (expected, expectedGradient) = Run(slices, isView, device);
                var (actual, actualGradient) = Run(ranges, isView, device);
                Assert.Equal(expected.Shape, actual.Shape);
                Assert.Equal(expected.Values, actual.Values);
                Assert.Equal(expectedGradient, actualGradient);
            }

            var plain = Tensor.Uniform([2, 3, 4], new RandomStream(1), device: device);
            Assert.Equal(slices(plain).ToArray(), ranges(plain).ToArray());
            Assert.Same(plain.Storage, ranges(plain).Storage);
        }
    }

    [Fact]
    public void The_gradient_is_right() => GradCheck.Verify(
        x => (x[0][.., 1..] * x[0][.., ..^1] + x[0][1..^1, 0].Unsqueeze(1)).Exp(), Tensor.Uniform([3, 4], new RandomStream(1)));

    [Fact]
    public void Integers_for_all_axes_are_a_number()
    {
        var x = Tensor.From([1, 2, 3, 4], [2, 2]);
        float number = x[1, 0];
        Assert.Equal(3, number);
        Assert.Equal(4, x[^1, ^1].Item());
    }

    [Fact]
    public void What_is_outside_is_refused()
    {
        var x = Tensor.Ones([2, 3]);
        Refusal.Of<TensorException>(() => x[.., 1..4], "Slice", "1..4 along axis 1 of shape [2, 3]");
        Refusal.Of<TensorException>(() => x[.., 2..1], "2..1");
        Refusal.Of<TensorException>(() => x[2, ..], "2 along axis 0");
        Refusal.Of<TensorException>(() => x[.., -4], "^4 along axis 1");
        Refusal.Of<TensorException>(() => x[.., int.MinValue], "along axis 1");
        Refusal.Of<TensorException>(() => x[..^3], "axis 0");
        Refusal.Of<ShapeException>(() => x[.., .., ..], "3 ranges for shape [2, 3]");
        Assert.Equal([2, 0], x[.., 3..].Shape.Sizes.ToArray());
        Assert.Equal([0, 3], x[..0].Shape.Sizes.ToArray());
        Tensor dead;
        using (Tape.NoRecord())
        {
            dead = x.Exp();
        }

        Refusal.Of<LifetimeException>(() => dead[1..]);
    }

    /// <summary>A parameter that is cut is read: one that nobody registered is found.</summary>
    [Fact]
    public void A_module_that_cuts_a_forgotten_parameter_is_told() =>
        Refusal.Of<RegistrationException>(() => new Forgetful().Forward(Tensor.Ones([1])), "'secret'");

    private static ((Shape Shape, float[] Values) Result, float[] Gradient) Run(
        Func<Tensor, Tensor> function, bool isView, Device device)
    {
        var x = new Parameter(Tensor.Uniform(isView ? [4, 3, 2] : [2, 3, 4], new RandomStream(1), device: device));
        using var tape = Tape.Record();
        var y = function(isView ? x.Permute(2, 1, 0) : x);
        tape.Backward(y, Tensor.Uniform(y.Shape, new RandomStream(2), -1, 1, device));
        return ((y.Shape, y.ToArray()), x.Gradient!.ToArray());
    }

    private sealed class Forgetful : Module<Tensor, Tensor>
    {
        private readonly Parameter _secret = new(Tensor.Ones([2]), "secret");

        protected override Tensor ForwardCore(Tensor input) => input * _secret[1..];
    }
}
