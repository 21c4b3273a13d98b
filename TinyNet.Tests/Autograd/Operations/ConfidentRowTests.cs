using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>
/// Rows in which one logit is far above all others: its probability is nearly 1, and what it lacks, its loss and its gradient, has all
/// its digits. Expected is what float64 mathematics gives.
/// </summary>
public class ConfidentRowTests
{
    // Logits, and for label 0 the loss, which is minus the logarithm of its probability, and the gradient p − 1.
    private static readonly (float[] Logits, double Loss, double Gradient)[] Rows =
    [
        ([15, 0], 3.059022737137205e-07, -3.059022269256247e-07),
        ([0, -30], 9.357622968839737e-14, -9.357622968839299e-14),
        ([21.5f, -22.5f, -7.75f, 12], 7.48490288273533e-05, -7.484622770868255e-05),
        ([100, 0], 3.720075976e-44, -3.720075976e-44),
        ([2, 2], 0.6931471805599453, -0.5),
        ([3], 0, 0),
    ];

    private static IEnumerable<Device> Devices => [.. TestDevices.OfEachWidth(), Device.Reference];

    [Fact]
    public void Losses_and_their_gradients_keep_their_digits()
    {
        foreach (var device in Devices)
        {
            foreach (var (logits, loss, gradient) in Rows)
            {
                var x = new Parameter(Tensor.From(logits, [1, logits.Length], device));
                using var tape = Tape.Record();
                var y = x.CrossEntropy(IndexTensor.From([0], [1]));
                tape.Backward(y.Sum());
                Near(loss, y.Item(), $"loss of {logits[0]} on {device}");
                float[] gradients = x.Gradient!.ToArray();
                Near(gradient, gradients[0], $"gradient of {logits[0]} on {device}");
                Near(-gradient, gradients.Skip(1).Sum(value => (double)value), $"gradients of the others of {logits[0]} on {device}");
            }
        }
    }

    /// <summary>The same loss as the element of a log-softmax.</summary>
    [Fact]
    public void Gradients_of_a_logarithm_of_a_probability_keep_their_digits()
    {
        foreach (var device in Devices)
        {
            foreach (var (logits, _, gradient) in Rows)
            {
                var x = new Parameter(Tensor.From(logits, [1, logits.Length], device));
                using var tape = Tape.Record();
                tape.Backward(-x.LogSoftmax().Select(1, 0).Sum());
                Near(gradient, x.Gradient!.ToArray()[0], $"gradient of {logits[0]} on {device}");
            }
        }
    }

    /// <summary>Along the last axis, and along another, where a device composes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Logarithms_of_probabilities_keep_their_digits(int axis)
    {
        foreach (var device in Devices)
        {
            foreach (var (logits, loss, _) in Rows)
            {
                var x = Tensor.From(logits, axis == 1 ? [1, logits.Length] : [logits.Length, 1], device);
                Near(-loss, x.LogSoftmax(axis).ToArray()[0], $"log-softmax of {logits[0]} on {device}");
            }
        }
    }

    /// <summary>Rows longer than a block, of which all but one are far below.</summary>
    [Fact]
    public void Many_small_others_add_up()
    {
        const int Count = 10_000;
        float[] logits = new float[Count];
        logits.AsSpan().Fill(-20);
        logits[5000] = 5;
        double others = (Count - 1) * Math.Exp(-25);
        foreach (var device in Devices)
        {
            var y = Tensor.From(logits, [1, Count], device).LogSoftmax();
            Near(-others + others * others / 2, y.ToArray()[5000], $"{device}");
        }
    }

    private static void Near(double expected, double actual, string what)
    {
        // Below the smallest normal float, what is right to the last digits of a float is right.
        bool isNear = Math.Abs(expected - actual) <= 1e-6 * Math.Abs(expected) + 4e-45;
        Assert.True(isNear, $"{what}: {actual}, should be {expected}");
    }
}
