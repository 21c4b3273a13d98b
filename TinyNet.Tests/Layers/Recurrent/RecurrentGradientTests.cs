using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Layers;

/// <summary>
/// Recurrent layers on the reference device against central differences, and on the processor against the reference device.
/// </summary>
public class RecurrentGradientTests
{
    public static TheoryData<string, int> Variants
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string kind in RecurrentCase.Kinds)
            {
                for (int i = 0; i < 5; i++)
                {
                    data.Add(kind, i);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Kinds => [.. RecurrentCase.Kinds];

    [Theory, MemberData(nameof(Variants))]
    public void Gradients_equal_central_differences(string kind, int variant)
    {
        var @case = variant switch
        {
            0 => RecurrentCase.Make(kind, batch: 2, steps: 3, inputs: 2, hidden: 3),
            1 => RecurrentCase.Make(kind, batch: 2, steps: 3, inputs: 2, hidden: 2, layers: 2, bidirectional: true, hasState: true),
            2 => RecurrentCase.Make(
                kind, batch: 3, steps: 3, inputs: 2, hidden: 2, layers: 2, bidirectional: true, hasState: true, lengths: [3, 1, 0]),
            3 => RecurrentCase.Make(kind, batch: 2, steps: 2, inputs: 3, hidden: 2, bias: false, batchFirst: false, lengths: [1, 2]),
            _ => RecurrentCase.Make(kind, batch: 1, steps: 1, inputs: 1, hidden: 1, hasState: true),
        };

        GradCheck.Verify(@case.Run, @case.Operands(Device.Reference));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Results_and_gradients_agree_on_cpu_and_reference(string kind)
    {
        var random = new RandomStream(4);
        CpuDevice[] devices = [.. TestDevices.OfEachWidth(), .. TestDevices.Widths.Select(bits => new CpuDevice(2, bits))];
        for (int round = 0; round < 24; round++)
        {
            int batch = round == 0 ? 0 : round % 5 == 1 ? 1 : 1 + random.Next(24), steps = round == 1 ? 0 : 1 + random.Next(5);
            int[]? lengths = round % 3 == 0 ? [.. Enumerable.Range(0, batch).Select(_ => random.Next(steps + 1))] : null;
            var @case = RecurrentCase.Make(
                kind,
                batch,
                steps,
                1 + random.Next(5),
                round % 7 == 2 ? 1 : 1 + random.Next(40),
                1 + random.Next(2),
                random.Next(2) == 0,
                random.Next(4) > 0, random.Next(2) == 0, random.Next(2) == 0, lengths);
            float[][] expected = @case.Evaluate(Device.Reference);
            foreach (var device in devices)
            {
                float[][] actual = @case.Evaluate(device);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i].Length, actual[i].Length);
                    Assert.All(
                        actual[i].Zip(expected[i]), pair => Assert.Equal(pair.Second, pair.First, 1e-4f * (1 + Math.Abs(pair.Second))));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Bits_do_not_depend_on_the_number_of_threads(string kind)
    {
        RecurrentCase[] cases =
        [
            RecurrentCase.Make(kind, batch: 37, steps: 4, inputs: 5, hidden: 45, bidirectional: true, hasState: true),
            RecurrentCase.Make(
                kind, batch: 70, steps: 3, inputs: 3, hidden: 33, layers: 2, lengths: [.. Enumerable.Range(0, 70).Select(i => i % 4)]),
            // So many weights that the threads share each step.
            RecurrentCase.Make(kind, batch: 17, steps: 2, inputs: 2, hidden: kind is "lstm" or "gru" ? 400 : 650),
        ];
        foreach (var @case in cases)
        {
            float[][] expected = @case.Evaluate(new CpuDevice(1));
            foreach (var device in TestDevices.OfEachThreadCount().Append(new CpuDevice(2)))
            {
                Assert.All(
                    @case.Evaluate(device).Zip(expected), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second), $"{device}"));
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_padded_batch_equals_its_samples_one_by_one(string kind)
    {
        int[] lengths = [2, 5, 1, 4];
        const int Steps = 5, Inputs = 3, Hidden = 6;
        var layer = RecurrentCase.Layer(kind, Inputs, Hidden, layers: 2, bidirectional: true);
        var sequence = new Parameter(Tensor.Normal([lengths.Length, Steps, Inputs], new RandomStream(5)));
        var (output, hidden, gradient) = Learn(sequence, IndexTensor.From(lengths));
        float[][] together = [.. layer.Parameters().Select(parameter => parameter.Gradient!.ToArray())];
        var sums = together.Select(values => new float[values.Length]).ToArray();
        for (int i = 0; i < lengths.Length; i++)
        {
            var alone = new Parameter(sequence.Slice(0, i, i + 1).Slice(1, 0, lengths[i]));
            var (outputAlone, hiddenAlone, gradientAlone) = Learn(alone, null);

            Close(outputAlone, output[(i * Steps * 2 * Hidden)..][..outputAlone.Length]);
            Assert.All(output[((i * Steps + lengths[i]) * 2 * Hidden)..((i + 1) * Steps * 2 * Hidden)], value => Assert.Equal(0, value));
            Close(gradientAlone, gradient[(i * Steps * Inputs)..][..gradientAlone.Length]);
            Assert.All(gradient[((i * Steps + lengths[i]) * Inputs)..((i + 1) * Steps * Inputs)], value => Assert.Equal(0, value));
            Close(hiddenAlone, [.. Enumerable.Range(0, 4).SelectMany(k => hidden[((k * lengths.Length + i) * Hidden)..][..Hidden])]);
            foreach (var (parameter, sum) in layer.Parameters().Zip(sums))
            {
                float[] part = parameter.Gradient!.ToArray();
                for (int k = 0; k < part.Length; k++)
                {
                    sum[k] += part[k];
                }
            }
        }

        Assert.All(sums.Zip(together), pair => Close(pair.First, pair.Second));

        (float[] Output, float[] Hidden, float[] Gradient) Learn(Parameter x, IndexTensor? counts)
        {
            layer.ClearGradients();
            x.ClearGradient();
            using var tape = Tape.Record();
            var (y, state) = layer.Forward(x, lengths: counts);
            // What is in the padding of y counts for nothing, whatever is done with it.
            var loss = y.Square().Sum() + (state.Hidden * 0.5f).Sin().Sum() + (y * 2).Sum();
            tape.Backward(state.Cell is null ? loss : loss + state.Cell.Square().Sum());
            return (y.ToArray(), state.Hidden.ToArray(), x.Gradient!.ToArray());
        }

        static void Close(float[] expected, float[] actual) =>
            Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f * (1 + Math.Abs(pair.Second))));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_in_the_padding_does_not_leak(string kind)
    {
        foreach (var device in new Device[] { Device.Reference, TestDevices.Splitting(2) })
        {
            float[][] results = [Learn(0), Learn(float.NaN), Learn(float.PositiveInfinity)];
            Assert.All(results[0], value => Assert.True(float.IsFinite(value)));
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);

            float[] Learn(float padding)
            {
                var layer = RecurrentCase.Layer(kind, 2, 3, layers: 2, bidirectional: true);
                layer.To(device);
                float[] values = Tensor.Normal([2, 3, 2], new RandomStream(6)).ToArray();
                // Sample 0 has one step, sample 1 three.
                values.AsSpan(2, 4).Fill(padding);
                var x = new Parameter(Tensor.From(values, [2, 3, 2], device));
                using var tape = Tape.Record();
                var (output, state) = layer.Forward(x, lengths: IndexTensor.From(1, 3));
                tape.Backward(output.Square().Sum() + state.Hidden.Sum());
                Assert.All(x.Gradient!.ToArray().AsSpan(2, 4).ToArray(), value => Assert.Equal(0, value));
                return
                [
                    .. output.ToArray(),
                    .. state.Hidden.ToArray(),
                    .. x.Gradient!.ToArray(),
                    .. layer.Parameters().SelectMany(parameter => parameter.Gradient!.ToArray()),
                ];
            }
        }
    }
}
