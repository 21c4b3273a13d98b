using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Normalizing by constants and by what was measured.</summary>
public class NormalizeTests
{
    [Fact]
    public void Each_channel_loses_its_mean_and_is_divided_by_its_deviation()
    {
        var data = Images.Random(3, [2, 5, 7]);
        float[] found = data.Transform(new Normalize([0.3f, -2], [0.7f, 3])).Load(0, 1, 2).Features.ToArray();

        // Two correctly rounded operations, as PyTorch has them.
        Assert.Equal(data.Features.ToArray().Select((x, i) => i / 35 % 2 == 0 ? (x - 0.3f) / 0.7f : (x - -2f) / 3f), found);
    }

    [Fact]
    public void Known_constants_have_their_channels()
    {
        Assert.Equal(([0.1307f], [0.3081f]), Numbers(Normalize.Mnist), Images.Equal);
        // 0.286040597 and 0.353024245 over the official files.
        Assert.Equal(([0.2860f], [0.3530f]), Numbers(Normalize.FashionMnist), Images.Equal);
        Assert.Equal(([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]), Numbers(Normalize.Cifar10), Images.Equal);
        // Means that are whole sums of 51,200,000 bytes: 6,620,373,279 and so on, over 255.
        Assert.Equal(([0.5071f, 0.4865f, 0.4409f], [0.2673f, 0.2564f, 0.2762f]), Numbers(Normalize.Cifar100), Images.Equal);
        Assert.Equal(([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]), Numbers(Normalize.ImageNet), Images.Equal);
        static (float[], float[]) Numbers(Normalize normalize) => (normalize.Mean.ToArray(), normalize.Deviation.ToArray());
    }

    [Fact]
    public void What_is_measured_is_the_mean_and_the_deviation_of_all_values_of_a_channel()
    {
        var random = new RandomStream(4);
        // Far from 0, where sums of squares would have lost the deviation.
        float[] values = [.. Enumerable.Range(0, 700 * 2 * 3 * 5).Select(i => i / 15 % 2 == 0 ? 1000 + random.Normal() : random.Uniform())];
        var data = new UnlabeledDataset("far", values, [2, 3, 5]);
        var measured = Normalize.Measure(data);

        for (int channel = 0; channel < 2; channel++)
        {
            double[] own = [.. values.Where((_, i) => i / 15 % 2 == channel).Select(value => (double)value)];
            double mean = own.Average();
            Assert.Equal((float)mean, measured.Mean[channel]);
            Assert.Equal(Math.Sqrt(own.Average(value => (value - mean) * (value - mean))), measured.Deviation[channel], 1e-6);
        }

        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(measured.Deviation.ToArray(), Normalize.Measure(data).Deviation.ToArray()));
        var again = Normalize.Measure(data.Transform(measured));
        Assert.All(again.Mean.ToArray(), mean => Assert.Equal(0, mean, 1e-4));
        Assert.All(again.Deviation.ToArray(), deviation => Assert.Equal(1, deviation, 1e-4));
    }

    [Fact]
    public void Columns_of_a_table_are_channels()
    {
        var table = new RegressionDataset("table", [1, 10, 5, 3, 10, 7, 5, 10, 9], [3], [0, 0, 0]);
        var normalize = Normalize.Measure(table);

        Assert.Equal([3, 10, 7], normalize.Mean.ToArray());
        Assert.Equal([MathF.Sqrt(8 / 3f), 1, MathF.Sqrt(8 / 3f)], normalize.Deviation.ToArray());
        Assert.Equal([0, 0, 0], table.Transform(normalize).Load(1).Features.ToArray());
        Assert.Equal([0, 2, 0], Normalize.Measure(table, "target").Mean.ToArray().Concat([2, 0]));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_by_name()
    {
        Assert.Contains("dataset 'gap': channel 1 of features [2] holds nan", Assert.Throws<ArgumentException>(() =>
            Normalize.Measure(new UnlabeledDataset("gap", [1, float.NaN, 2, 3], [2]))).Message, StringComparison.Ordinal);
        Assert.Contains("dataset 'none' has no numbers to measure", Assert.Throws<ArgumentException>(() =>
            Normalize.Measure(new UnlabeledDataset("none", [], [2]))).Message, StringComparison.Ordinal);
        Assert.Contains("features [2, 2]", Assert.Throws<ShapeException>(() =>
            Normalize.Measure(new UnlabeledDataset("flat", [1, 2, 3, 4], [2, 2]))).Message, StringComparison.Ordinal);
        Assert.Contains("2 means and 1 deviations", Assert.Throws<ArgumentException>(() => new Normalize([1, 2], [1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("deviation[1] must be a number above 0", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Normalize([1, 2], [1, 0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Normalize([float.NaN], [1]));
    }

    [Fact]
    public void A_sample_that_cannot_be_read_is_the_first_of_them()
    {
        var data = new Broken();

        Assert.Equal(300, Assert.Throws<SampleException>(() => Normalize.Measure(data)).Index);
        // What comes after it is not read, but for what other threads were at.
        Assert.InRange(data.Reads, 301, data.Count / 2);
    }

    private sealed class Broken : Dataset<Tensor>
    {
        private readonly NumberField _x;
        private int _reads;

        public Broken() : base("broken", 200_000) => _x = Numbers("x", 1);

        public int Reads => _reads;

        public override Tensor ToBatch(BatchTensors tensors) => tensors[_x];

        protected override void ReadCore(Sample sample)
        {
            Interlocked.Increment(ref _reads);
            if (sample.Index > 1000 && sample.Index % 16 == 0)
            {
                // Whoever reads on takes seconds, so that a thread that was kept waiting is no reason.
                Thread.Sleep(1);
            }

            if (sample.Index is 300 or 100_000)
            {
                throw new InvalidDataException("the file ends");
            }
        }
    }
}
