using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>
/// Norms of values at the ends of the range of floats, and of values close to each other: results and all gradients are those of the
/// definition, in double precision.
/// </summary>
public class NormalizationRangeTests
{
    private const int Samples = 3, Channels = 18, Groups = 3;

    // Layer norm has two blocks of columns, batch norm two of rows.
    private const int Length = 260;

    private static readonly Dictionary<string, Norm> Norms = new()
    {
        ["layer"] = new((n, _) => n, true, (x, w, b, epsilon) => x.LayerNorm([Channels, Length], w, b, epsilon)),
        ["RMS"] = new((n, _) => n, true, (x, w, _, epsilon) => x.RmsNorm([Channels, Length], w, epsilon), Centers: false),
        ["batch"] = new((_, c) => c, false, (x, w, b, epsilon) => x.BatchNorm(w, b, epsilon: epsilon)),
        ["group"] = new(
            (n, c) => n * Groups + c / (Channels / Groups), false, (x, w, b, epsilon) => x.GroupNorm(Groups, w, b, epsilon)),
        ["instance"] = new((n, c) => n * Channels + c, false, (x, w, b, epsilon) => x.InstanceNorm(w, b, epsilon)),
    };

    private static readonly Dictionary<string, Values> Inputs = new()
    {
        ["1e20"] = new((random, _) => 1e20f * Number(random)),
        ["1e30"] = new((random, _) => 1e30f * Number(random)),
        ["up to the largest float"] = new((random, _) => float.MaxValue / 2 * Number(random)),
        ["1e-25, no epsilon"] = new((random, _) => 1e-25f * Number(random), 0),
        ["1e-25, a tiny epsilon"] = new((random, _) => 1e-25f * Number(random), 1e-44f),
        ["1e-15, no epsilon"] = new((random, _) => 1e-15f * Number(random), 0),
        ["2^24 and 2^24 + 2"] = new((random, _) => (1 << 24) + 2 * random.Next(2)),
        ["1e7 to 1e7 + 3"] = new((random, _) => 1e7f + random.Next(4)),
        ["1e30 and a little"] = new((random, _) => 1e30f * (1 + random.Next(4) / 1048576f)),
        ["denormal, no epsilon"] = new((random, _) => 1e-40f * Number(random), 0, Gradient: 1e-10f),
        ["few denormal, no epsilon"] = new((random, _) => random.Next(50) == 0 ? 1e-41f : 0, 0, Gradient: 1e-10f),
        ["1e-30, large weights"] = new((random, _) => 1e-30f * Number(random), 0, Weight: 1e17f, Gradient: 1e-20f),
        ["1e-42, the largest weights"] = new((random, _) => 1e-42f * random.Next(9), 0, Weight: 1e37f, Gradient: 1e-42f),
        ["1e20, small weights"] = new((random, _) => 1e20f * Number(random), Weight: 1e-25f, Gradient: 1e10f),
        ["3e38, small weights"] = new((random, _) => 1.5e38f * Number(random), Weight: 1e-25f, Gradient: 1e30f),
        ["1e-20, small weights and gradients"] = new((random, _) => 1e-20f * Number(random), 0, Weight: 1e-14f, Gradient: 1e-30f),
        ["1e-20, products that vanish"] = new((random, _) => 1e-20f * Number(random), 0, Weight: 1e-25f, Gradient: 1e-25f),
        ["1e-30, denormal gradients"] = new((random, _) => 1e-30f * Number(random), 0, Gradient: 1e-43f),
        ["1, denormal weights and large gradients"] = new((random, _) => Number(random), 0, Weight: 1e-42f, Gradient: 1e36f),
        ["1e-10, large gradients"] = new((random, _) => 1e-10f * Number(random), 0, Gradient: 2e36f, Weight: 1e-20f),
        ["magnitudes by channel"] = new((random, c) => c switch
        {
            0 => 0,
            1 => 0.1f,
            2 => -1e30f,
            _ => MathF.Pow(10, 4 * c - 38) * (Number(random) + (c % 3) * 100),
        }),
    };

    private static IEnumerable<Device> Devices => [.. TestDevices.OfEachWidth(), Device.Reference];

    public static TheoryData<string, string> Cases => [.. from norm in Norms.Keys from input in Inputs.Keys select (norm, input)];

    [Theory, MemberData(nameof(Cases))]
    public void They_are_those_of_the_definition(string norm, string input)
    {
        var definition = new Definition(Norms[norm], Inputs[input]);
        foreach (var device in Devices)
        {
            definition.Check(device);
        }
    }

    [Fact]
    public void A_convolution_takes_a_normalization_whose_scale_is_no_float()
    {
        // (2^-70 x - 2^-70) / 2^-70 · 2^80 + 2^78, and (2^60 x - 2^60) / 2^60 · 2^-90 + 2^-92: scales are 2^150 and 2^-150.
        int[] units = [-70, 60], weights = [80, -90];
        float[] x = [-3, -1, 0, 1, 2, 5, 7, 4, -6], expected = [.. weights.SelectMany(w => x.Select(v => Power(w) * (v - 0.75f)))];
        foreach (var device in Devices)
        {
            var norm = new BatchNorm2d(2, epsilon: 0);
            norm.To(device);
            norm.Evaluate();
            norm.RunningMean!.CopyFrom([.. units.Select(Power)]);
            norm.RunningVariance!.CopyFrom([.. units.Select(unit => Power(unit) * Power(unit))]);
            norm.Weight!.CopyFrom([.. weights.Select(Power)]);
            norm.Bias!.CopyFrom([.. weights.Select(w => Power(w) / 4)]);
            var image = Tensor.From(x, [1, 1, 3, 3], device);
            var conv = new Conv2d(1, 2, 1, bias: false);
            conv.To(device);
            conv.Weight.CopyFrom([.. units.Select(Power)]);
            using var tape = Tape.NoRecord();
            Assert.Equal(expected, norm.Forward(conv.Forward(image)).ToArray());
            var fused = new Sequential(conv, norm);
            fused.Evaluate();
            Assert.Equal(expected, fused.Forward(image).ToArray());
        }

        static float Power(int exponent) => MathF.ScaleB(1, exponent);
    }

    [Fact]
    public void A_channel_whose_scale_is_no_float_leaves_the_others_their_bits()
    {
        // The third of 7 channels has a scale of 2^-129 or 2^128.
        const int channels = 7, third = 2;
        float[] x = new float[3 * channels], weights = new float[channels], variances = new float[channels];
        var random = new RandomStream(3);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = i % channels == third ? MathF.ScaleB(i / channels + 1, -3) : Number(random);
        }

        for (int c = 0; c < channels; c++)
        {
            (weights[c], variances[c]) = (Number(random), 1 + c);
        }

        foreach (var device in Devices)
        {
            float[] plain = Run(device, 1, 1), small = Run(device, MathF.ScaleB(1, 60), MathF.ScaleB(1, -69));
            float[] large = Run(device, MathF.ScaleB(1, -74), MathF.ScaleB(1, 54));
            for (int i = 0; i < x.Length; i++)
            {
                bool isThird = i % channels == third;
                Assert.Equal(isThird ? MathF.ScaleB(x[i], -129) : plain[i], small[i]);
                Assert.Equal(isThird ? x[i] * 2 * MathF.ScaleB(1, 127) : plain[i], large[i]);
            }
        }

        float[] Run(Device device, float deviation, float weight)
        {
            (weights[third], variances[third]) = (weight, deviation * deviation);
            var norm = new BatchNorm2d(channels, epsilon: 0);
            norm.To(device);
            norm.Evaluate();
            norm.RunningVariance!.CopyFrom(variances);
            norm.Weight!.CopyFrom(weights);
            using var tape = Tape.NoRecord();
            return norm.Forward(Tensor.From(x, [3, channels, 1, 1], device)).ToArray();
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_a_number_stays_in_its_group(float wrong)
    {
        // Also on threads: more channels than one of them takes, and more than one block of rows.
        const int samples = 2, channels = 37, length = 300;
        var random = new RandomStream(5);
        float[] x = [.. Enumerable.Range(0, samples * channels * length).Select(_ => Number(random))];
        float[] g = [.. x.Select(_ => Number(random))];
        var toX = Run(Device.Reference, wrong);
        foreach (var device in TestDevices.OfEachWidth())
        {
            float[] actual = Run(device, wrong), without = Run(device, 1);
            for (int i = 0; i < x.Length; i++)
            {
                bool isOfWrong = i / length % channels == 20;
                Assert.Equal(isOfWrong ? float.IsFinite(toX[i]) : float.IsFinite(without[i]), float.IsFinite(actual[i]));
                Assert.True(isOfWrong || actual[i] == without[i]);
            }
        }

        float[] Run(Device device, float inOneChannel)
        {
            g[20 * length + 7] = inOneChannel;
            var operand = new Parameter(Tensor.From(x, [samples, channels, length], device));
            using var tape = Tape.Record();
            tape.Backward(operand.BatchNorm(null, null), Tensor.From(g, [samples, channels, length], device));
            return operand.Gradient!.ToArray();
        }
    }

    [Fact]
    public void The_mean_of_two_neighbors_is_between_them()
    {
        float[] neighbors = [1 << 24, (1 << 24) + 2];
        foreach (var device in Devices)
        {
            var x = Tensor.From(neighbors, [1, 2], device);
            Assert.Equal([-1, 1], Rounded(x.LayerNorm([2])));
            Assert.Equal([-1, 1], Rounded(x.Transpose().BatchNorm(null, null)));
            Assert.Equal([-1, 1], Rounded(x.GroupNorm(1)));
            Assert.Equal([-1, 1], Rounded(x.Unsqueeze(1).InstanceNorm()));
        }

        static float[] Rounded(Tensor y) => [.. y.ToArray().Select(value => MathF.Round(value, 4))];
    }

    [Fact]
    public void A_gradient_of_large_weights_and_large_gradients_has_its_place_in_floats()
    {
        // h = gradient · weight = ±1e50; the gradient of x is 1e-30 of what is left of it.
        float[] x = [1e30f, -1e30f, 2e30f, 5e30f], g = [1e30f, 2e30f, -1e30f, 3e30f];
        foreach (var device in Devices)
        {
            var operand = new Parameter(Tensor.From(x, [1, 4], device));
            using var tape = Tape.Record();
            var y = operand.LayerNorm([4], Tensor.Full([4], 1e20f, device));
            tape.Backward(y, Tensor.From(g, [1, 4], device));

            double mean = x.Average(v => (double)v), scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)));
            double average = g.Average(v => 1e20 * v), alignment = x.Zip(g).Average(p => (p.First - mean) * scale * 1e20 * p.Second);
            Assert.All(operand.Gradient!.ToArray().Zip(x.Zip(g)), pair => Assert.Equal(
                scale * (1e20 * pair.Second.Second - average - (pair.Second.First - mean) * scale * alignment), pair.First, 1e15));
        }
    }

    /// <summary>From −2 to 2.</summary>
    private static float Number(RandomStream random) => (random.Next(1 << 24) - (1 << 23)) / (float)(1 << 22);

    private delegate Tensor Operation(Tensor x, Tensor weight, Tensor bias, float epsilon);

    /// <summary>A norm: which values go together, whether each element or each channel has a weight, and the operation.</summary>
    private sealed record Norm(Func<int, int, int> GroupOf, bool IsOfElements, Operation Run, bool Centers = true);

    /// <summary>Values by their channels, and the sizes of the weights and of the gradient of the result.</summary>
    private sealed record Values(Func<RandomStream, int, float> Next, float Epsilon = 1e-5f, float Weight = 1, float Gradient = 1);

    /// <summary>The definition, computed in double precision from the float operands.</summary>
    private sealed class Definition
    {
        private static readonly Shape Images = [Samples, Channels, Length];

        private readonly Norm _norm;
        private readonly float _epsilon;
        private readonly float[] _x = new float[Samples * Channels * Length], _gradient = new float[Samples * Channels * Length];
        private readonly float[] _weight, _bias;
        private readonly double[] _y, _toX, _toWeight, _toBias;

        public Definition(Norm norm, Values values)
        {
            var random = new RandomStream(7);
            (_norm, _epsilon) = (norm, values.Epsilon);
            int weights = norm.IsOfElements ? Channels * Length : Channels;
            _weight = [.. Enumerable.Range(0, weights).Select(_ => values.Weight * Number(random))];
            _bias = [.. _weight.Select(_ => norm.Centers ? values.Weight * Number(random) : 0)];
            (_y, _toX) = (new double[_x.Length], new double[_x.Length]);
            (_toWeight, _toBias) = (new double[_weight.Length], new double[_weight.Length]);
            for (int i = 0; i < _x.Length; i++)
            {
                (_x[i], _gradient[i]) = (values.Next(random, ChannelOf(i)), values.Gradient * Number(random));
            }

            foreach (var group in Enumerable.Range(0, _x.Length).GroupBy(GroupOf))
            {
                Compute([.. group]);
            }
        }

        public void Check(Device device)
        {
            Shape ofWeights = _norm.IsOfElements ? [Channels, Length] : [Channels];
            Parameter x = new(Tensor.From(_x, Images, device)), weight = new(Tensor.From(_weight, ofWeights, device));
            var bias = new Parameter(Tensor.From(_bias, ofWeights, device));
            using var tape = Tape.Record();
            var y = _norm.Run(x, weight, bias, _epsilon);
            tape.Backward(y, Tensor.From(_gradient, Images, device));
            Close("result", device, _y, y, GroupOf);
            Close("gradient of x", device, _toX, x.Gradient!, GroupOf);
            Close("gradient of the weight", device, _toWeight, weight.Gradient!, _ => 0);
            if (_norm.Centers)
            {
                Close("gradient of the bias", device, _toBias, bias.Gradient!, _ => 0);
            }
        }

        private static int ChannelOf(int i) => i / Length % Channels;

        private int GroupOf(int i) => _norm.GroupOf(i / (Channels * Length), ChannelOf(i));

        private int WeightOf(int i) => _norm.IsOfElements ? i % (Channels * Length) : ChannelOf(i);

        private void Compute(int[] group)
        {
            double mean = _norm.Centers ? group.Average(i => (double)_x[i]) : 0;
            double scale = 1 / Math.Sqrt(group.Average(i => (_x[i] - mean) * (_x[i] - mean)) + _epsilon);
            double average = _norm.Centers ? group.Average(WeightedGradient) : 0;
            double alignment = group.Average(i => WeightedGradient(i) * Normal(i));
            foreach (int i in group)
            {
                _y[i] = Normal(i) * _weight[WeightOf(i)] + _bias[WeightOf(i)];
                _toX[i] = scale * (WeightedGradient(i) - average - Normal(i) * alignment);
                _toWeight[WeightOf(i)] += _gradient[i] * Normal(i);
                _toBias[WeightOf(i)] += _gradient[i];
            }

            double Normal(int i) => (_x[i] - mean) * scale;
            double WeightedGradient(int i) => (double)_gradient[i] * _weight[WeightOf(i)];
        }

        /// <summary>
        /// Compares to 1e-5 of the largest magnitude of the part that an element belongs to, or to some of the smallest floats.
        /// </summary>
        private static void Close(string what, Device device, double[] expected, Tensor tensor, Func<int, int> partOf)
        {
            float[] actual = tensor.ToArray();
            foreach (var part in Enumerable.Range(0, expected.Length).GroupBy(partOf))
            {
                double largest = part.Max(i => Math.Abs(expected[i])), allowed = 1e-5 * largest + 8 * float.Epsilon;
                int worst = part.MaxBy(i => Math.Abs(actual[i] - expected[i]));
                Assert.True(part.All(i => Math.Abs(actual[i] - expected[i]) <= allowed),
                    $"{what} on {device}, part {part.Key}, element {worst}: {actual[worst]} instead of {expected[worst]}");
            }
        }
    }
}
