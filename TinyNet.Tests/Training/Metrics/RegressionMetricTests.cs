using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Errors of predicted numbers.</summary>
public class RegressionMetricTests
{
    private static readonly float[] Predicted = [2.5f, 0, 2, 8], Right = [3, -0.5f, 2, 7];

    [Fact]
    public void They_are_those_of_the_examples_of_scikit_learn()
    {
        AssertValue(0.5, new MAE(), Predicted, Right, [4]);
        AssertValue(0.375, new MSE(), Predicted, Right, [4]);
        AssertValue(Math.Sqrt(0.375), new RMSE(), Predicted, Right, [4]);
        AssertValue((0.5 / 3 + 1 + 0 + 1.0 / 7) / 4, new MAPE(), Predicted, Right, [4]);
        AssertValue(1, new MaxError(), Predicted, Right, [4]);
        AssertValue(1 - 1.5 / 29.1875, new R2(), Predicted, Right, [4]);

        // Two numbers a sample: the mean over both.
        float[] predicted = [0, 2, -1, 2, 8, -5], right = [0.5f, 1, -1, 1, 7, -6];
        AssertValue(0.75, new MAE(), predicted, right, [3, 2]);
        AssertValue(4.25 / 6, new MSE(), predicted, right, [3, 2]);
        double first = 1 - 1.25 / (50.25 - 6.5 * 6.5 / 3), second = 1 - 3.0 / (38 - 16.0 / 3);
        AssertValue((first + second) / 2, new R2(), predicted, right, [3, 2]);
        AssertValue((first + second) / 2, new R2(), predicted, right, [3, 1, 2]);
    }

    [Fact]
    public void They_are_those_of_the_definitions_on_every_device()
    {
        var random = new RandomStream(6);
        float[] predicted = new float[201], right = new float[201];
        for (int i = 0; i < right.Length; i++)
        {
            right[i] = random.Normal(0, 3);
            predicted[i] = right[i] + random.Normal(0, 1);
        }

        double[] errors = [.. predicted.Select((number, i) => (double)number - right[i])];
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            AssertValue(errors.Average(Math.Abs), new MAE(), predicted, right, [201], device);
            AssertValue(errors.Average(error => error * error), new MSE(), predicted, right, [67, 3], device);
            AssertValue(Math.Sqrt(errors.Average(error => error * error)), new RMSE(), predicted, right, [67, 3], device);
            AssertValue(errors.Select((error, i) => Math.Abs(error / right[i])).Average(), new MAPE(), predicted, right, [201], device);
            AssertValue(errors.Max(Math.Abs), new MaxError(), predicted, right, [201], device);
            double[] columns = [.. Enumerable.Range(0, 3).Select(column =>
            {
                var samples = Enumerable.Range(0, 67).Select(sample => 3 * sample + column);
                double mean = samples.Average(i => (double)right[i]);
                return 1 - samples.Sum(i => errors[i] * errors[i]) / samples.Sum(i => (right[i] - mean) * (right[i] - mean));
            })];
            AssertValue(columns.Average(), new R2(), predicted, right, [67, 3], device);
        }
    }

    [Fact]
    public void A_large_offset_costs_nothing()
    {
        // Targets 2^24 − 1000 … 2^24 + 999, predictions one more: squares of the targets would need 48 bits and their sum 59.
        float[] right = [.. Enumerable.Range(0, 2000).Select(i => (float)((1 << 24) - 2000 + i))];
        float[] predicted = [.. right.Select((number, i) => number + (i % 2 == 0 ? 1 : -1))];
        AssertValue(1 - 2000.0 / (2000.0 * (2000.0 * 2000 - 1) / 12), new R2(), predicted, right, [2000], tolerance: 1e-13);

        // Errors whose signs cancel: 1e8, then −1e8, many times, and 1e-3 between them.
        var metric = new MeanOf<Tensor, Tensor>("bias", (output, target) => output - target);
        for (int i = 0; i < 1000; i++)
        {
            metric.Add(Tensor.From([1e8f, 1e-3f, -1e8f]), Tensor.Zeros([3]));
        }

        Assert.Equal(1e-3f / 3.0, metric.Value, 1e-18);
    }

    [Fact]
    public void Nan_and_infinities_show()
    {
        AssertAll([float.NaN, 1], [0, 1], double.NaN, double.NaN, double.NaN, double.NaN);
        AssertAll([0, 1], [float.NaN, 2], double.NaN, double.NaN, double.NaN, double.NaN);
        AssertAll([float.NegativeInfinity, 1], [0, 1], double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity,
            double.NegativeInfinity);
        AssertAll([float.PositiveInfinity, 1], [float.PositiveInfinity, 1], double.NaN, double.NaN, double.NaN, double.NaN);
        AssertAll([float.MaxValue, 1], [-float.MaxValue, 1], float.MaxValue, 2.0 * float.MaxValue * float.MaxValue,
            2.0 * float.MaxValue, -7);

        static void AssertAll(float[] predicted, float[] right, double mae, double mse, double largest, double r2)
        {
            AssertValue(mae, new MAE(), predicted, right, [2]);
            AssertValue(mse, new MSE(), predicted, right, [2]);
            AssertValue(Math.Sqrt(mse), new RMSE(), predicted, right, [2]);
            AssertValue(largest, new MaxError(), predicted, right, [2]);
            AssertValue(r2, new R2(), predicted, right, [2]);
        }
    }

    [Fact]
    public void What_is_not_defined_is_nan_or_as_in_scikit_learn()
    {
        foreach (var metric in All())
        {
            metric.Add(Tensor.Zeros([0, 3]), Tensor.Zeros([0, 3]));
            Assert.Equal(double.NaN, metric.Value);
        }

        AssertValue(double.NaN, new R2(), [1], [1], [1]);
        AssertValue(1, new R2(), [2, 2], [2, 2], [2]);
        AssertValue(0, new R2(), [2, 3], [2, 2], [2]);
        AssertValue(0, new MAPE(), [0, 0], [0, 0], [2]);
        var zero = new MAPE();
        zero.Add(Tensor.From([1.2f, 0.125f, 2.5f, 8]), Tensor.From([1, 0, 2.5f, 7]));
        Assert.Equal((1.2f - 1.0 + Math.Pow(2, 49) + 1.0 / 7) / 4, zero.Value, 0.1);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_not_counted()
    {
        foreach (var metric in All())
        {
            metric.Add(Tensor.From([1, 2], [2, 1]), Tensor.From([0, 1], [2, 1]));
            double[] state = metric.State;
            Refusal.Of<ShapeException>(() => metric.Add(Tensor.Zeros([2, 1]), Tensor.Zeros([2])), metric.GetType().Name, "[2, 1]", "[2]");
            Assert.Throws<ArgumentNullException>(() => metric.Add(null!, Tensor.Zeros([2])));
            Assert.Throws<ArgumentNullException>(() => metric.Add(Tensor.Zeros([2]), null!));
            Assert.Equal(state, metric.State);
        }

        var r2 = new R2();
        r2.Add(Tensor.Zeros([2, 3]), Tensor.Zeros([2, 3]));
        Refusal.Of<ShapeException>(() => r2.Add(Tensor.Zeros([2, 4]), Tensor.Zeros([2, 4])), "R2", "[2, 4]", "3 numbers");
    }

    [Fact]
    public void Names_are_those_of_the_field() =>
        Assert.Equal(["mae", "mse", "rmse", "mape", "max_error", "r2"], All().Select(metric => metric.Name));

    private static Metric<Tensor, Tensor>[] All() => [new MAE(), new MSE(), new RMSE(), new MAPE(), new MaxError(), new R2()];

    private static void AssertValue(
        double expected, Metric<Tensor, Tensor> metric, float[] predicted, float[] right, int[] shape, Device? device = null,
        double tolerance = 1e-14)
    {
        metric.Add(Tensor.From(predicted, Shape.Create(shape), device), Tensor.From(right, Shape.Create(shape), device));
        if (double.IsFinite(expected))
        {
            Assert.InRange(metric.Value, expected - tolerance * Math.Abs(expected), expected + tolerance * Math.Abs(expected));
        }
        else
        {
            Assert.Equal(expected, metric.Value);
        }
    }
}
