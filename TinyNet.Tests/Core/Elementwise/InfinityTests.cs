using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>
/// Derivatives at ∞, −∞ and nan, on every width and the reference device: the limits where these exist, and else what PyTorch has.
/// The values there are those of <see cref="ElementwiseOpTable"/>.
/// </summary>
public class InfinityTests
{
    private const float Inf = float.PositiveInfinity, NaN = float.NaN;

    private static readonly Dictionary<Type, (float AtInfinity, float AtMinusInfinity, float AtNaN)> Slopes = new()
    {
        [typeof(AffineOp)] = (-2.5f, -2.5f, -2.5f),
        [typeof(ScaleOp)] = (-2.5f, -2.5f, -2.5f),
        [typeof(RaisedOp)] = (1, 1, 1),
        [typeof(DivideIntoOp)] = (0, 0, NaN),
        [typeof(IdentityOp)] = (1, 1, 1),
        [typeof(NegateOp)] = (-1, -1, -1),
        [typeof(AbsOp)] = (1, -1, 0),
        [typeof(SignOp)] = (0, 0, 0),
        [typeof(IsNonZeroOp)] = (0, 0, 0),
        [typeof(SquareOp)] = (Inf, -Inf, NaN),
        [typeof(SqrtOp)] = (0, NaN, NaN),
        [typeof(ReciprocalSqrtOp)] = (0, NaN, NaN),
        [typeof(ReciprocalOp)] = (0, 0, NaN),
        [typeof(MaximumWithOp)] = (1, 0, 1),
        [typeof(MinimumWithOp)] = (0, 1, 1),
        [typeof(ClampOp)] = (0, 0, 0),
        [typeof(FloorOp)] = (0, 0, 0),
        [typeof(CeilingOp)] = (0, 0, 0),
        [typeof(RoundOp)] = (0, 0, 0),
        [typeof(ExpOp)] = (Inf, 0, NaN),
        [typeof(Expm1Op)] = (Inf, 0, NaN),
        [typeof(LogOp)] = (0, 0, NaN),
        [typeof(Log1pOp)] = (0, 0, NaN),
        [typeof(SinOp)] = (NaN, NaN, NaN),
        [typeof(CosOp)] = (NaN, NaN, NaN),
        [typeof(TanhOp)] = (0, 0, NaN),
        [typeof(SigmoidOp)] = (0, 0, NaN),
        [typeof(ErfOp)] = (0, 0, NaN),
        [typeof(ReLUOp)] = (1, 0, 1),
        [typeof(LeakyReLUOp)] = (1, 0.25f, 0.25f),
        [typeof(ELUOp)] = (1, 0, NaN),
        [typeof(CELUOp)] = (1, 0, NaN),
        [typeof(SELUOp)] = (1.050700987f, 0, NaN),
        [typeof(GELUOp)] = (1, 0, NaN),
        [typeof(TanhGELUOp)] = (1, 0, NaN),
        [typeof(SiLUOp)] = (1, 0, NaN),
        [typeof(SwishOp)] = (1, 0, NaN),
        [typeof(MishOp)] = (1, 0, NaN),
        [typeof(SoftplusOp)] = (1, 0, NaN),
        [typeof(LogSigmoidOp)] = (0, 1, NaN),
        [typeof(StirlingOp)] = (Inf, 0, NaN),
        [typeof(SoftplusOfNegativeOp)] = (0, 0, NaN),
        [typeof(SoftsignOp)] = (0, 0, NaN),
        [typeof(HardTanhOp)] = (0, 0, 1),
        [typeof(HardSigmoidOp)] = (0, 0, 0),
        [typeof(HardSwishOp)] = (1, 0, NaN),
        [typeof(HardShrinkOp)] = (1, 1, 1),
        [typeof(SoftShrinkOp)] = (1, 1, 1),
        [typeof(TanhShrinkOp)] = (1, 1, NaN),
        [typeof(ThresholdOp)] = (1, 0, 1),
        [typeof(SnakeOp)] = (NaN, NaN, NaN),
        [typeof(ScaledTanhOp)] = (0, 0, NaN),
        [typeof(ClippedSigmoidOp)] = (0, 0, NaN),
        [typeof(QuantizedSigmoidOp)] = (0, 0, NaN),
        [typeof(QuantizedClipOp)] = (0, 0, 1),
        [typeof(ApproximateTanhOp)] = (0, 0, NaN),
        [typeof(PiecewiseLinearTanhOp)] = (0, 0, 1),
    };

    /// <summary>What has no limit: e^∞ / (e^∞ + e^x), a weight of 0 for what is infinite, and the angle ∞.</summary>
    private static readonly string[] WithoutLimit =
        ["softmax", "softmin", "log_softmax", "activation_mix", "linear_sin", "snake", "snake_sin2"];

    [Fact]
    public void Slopes_at_infinity_are_limits()
    {
        // The powers and exponentials of the table, two of one type, have theirs below.
        foreach (var row in ElementwiseOpTable.Unary.Where(row => row.Type != typeof(PowerOp) && row.Type != typeof(ExponentialOp)))
        {
            var (atInfinity, atMinusInfinity, atNaN) = Slopes[row.Type];
            foreach (var device in Devices())
            {
                var (_, slopes) = row.On(device, [Inf, -Inf, NaN], [1, 1, 1]);
                Assert.True(
                    slopes.SequenceEqual([atInfinity, atMinusInfinity, atNaN]),
                    $"{row.Type.Name} on {device}: {string.Join(", ", slopes)}");
            }
        }
    }

    [Fact]
    public void Slopes_of_exponentials_at_infinity_are_limits()
    {
        (float Number, float[] Slopes)[] exponentials = [(2, [Inf, 0, NaN]), (0.25f, [0, -Inf, NaN]), (1, [0, 0, 0])];
        foreach (var (number, expected) in exponentials)
        {
            foreach (var device in Devices())
            {
                var (_, gradients) = Pass(x => number.Pow(x), [Inf, -Inf, NaN], device);
                Assert.Equal(expected, gradients.Select(slope => slope == 0 ? 0 : slope));
            }
        }
    }

    [Fact]
    public void Slopes_of_powers_at_infinity_are_limits()
    {
        (float Exponent, float[] Slopes)[] powers =
            [(2, [Inf, -Inf]), (3, [Inf, Inf]), (1, [1, 1]), (0, [0, 0]), (-1, [0, 0]), (-2, [0, 0]), (0.5f, [0])];
        foreach (var (exponent, expected) in powers)
        {
            foreach (var device in Devices())
            {
                var (_, gradients) = Pass(x => x.Pow(exponent), [.. new[] { Inf, -Inf }.Take(expected.Length)], device);
                Assert.Equal(expected, gradients.Select(slope => slope == 0 ? 0 : slope));
            }
        }
    }

    [Fact]
    public void No_activation_has_a_gradient_that_is_nan_at_infinity()
    {
        foreach (string name in Activation.Names.Except(WithoutLimit))
        {
            foreach (var device in Devices())
            {
                foreach (float x in new[] { Inf, -Inf })
                {
                    var module = Activation.FromName(name);
                    module.To(device);
                    var (_, gradients) = Pass(input => module.Forward(input.Reshape([2, 2])), [x, 1, x, 1], device);
                    Assert.True(!gradients.Any(float.IsNaN), $"the slope of {name} at {x} on {device} is {string.Join(", ", gradients)}");
                    Assert.All(module.Parameters(), parameter => Assert.DoesNotContain(NaN, parameter.Gradient!.ToArray()));
                }
            }
        }
    }

    [Theory]
    [InlineData(-2f)]
    [InlineData(0.5f)]
    public void A_swish_of_any_slope_closes_to_its_side(float beta)
    {
        foreach (var device in Devices())
        {
            float[] x = [Inf, -Inf], open = beta > 0 ? [Inf, 0] : [0, -Inf], slopes = beta > 0 ? [1, 0] : [0, 1];
            var (_, gradients) = Pass(new Swish(beta).Forward, x, device);
            Assert.Equal(slopes, gradients.Select(slope => slope + 0f));
            var trainable = new TrainableSwish(1, beta);
            trainable.To(device);
            (float[] values, gradients) = Pass(trainable.Forward, x, device);
            Assert.Equal(open, values);
            Assert.Equal(slopes, gradients.Select(slope => slope + 0f));
            Assert.Equal([0], trainable.Beta.Gradient!.ToArray());
        }
    }

    private static (float[] Values, float[] Gradients) Pass(Func<Tensor, Tensor> function, float[] at, Device device)
    {
        var x = new Parameter(Tensor.From(at, device));
        using var tape = Tape.Record();
        var y = function(x);
        tape.Backward(y, Tensor.Ones(y.Shape, device));
        return (y.ToArray(), x.Gradient!.ToArray());
    }

    private static IEnumerable<Device> Devices() => TestDevices.OfEachWidth().Append<Device>(Device.Reference);
}
