using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>By what the weights before an activation are scaled so that the signal keeps its size; PyTorch's values.</summary>
public static class Gain
{
    private static readonly Dictionary<string, double> Known = new(StringComparer.Ordinal)
    {
        ["linear"] = 1,
        ["conv1d"] = 1,
        ["conv2d"] = 1,
        ["conv3d"] = 1,
        ["sigmoid"] = 1,
        ["tanh"] = 5.0 / 3,
        ["relu"] = Math.Sqrt(2),
        ["leaky_relu"] = LeakyRelu(0.01),
        ["selu"] = 3.0 / 4,
    };

    /// <summary>√(2 / (1 + slope²)), for a leaky ReLU.</summary>
    /// <param name="slope">Its slope below 0; 0 for a ReLU.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public static double LeakyRelu(double slope)
    {
        Require.Finite(slope);
        return Math.Sqrt(2 / (1 + slope * slope));
    }

    /// <summary>
    /// The gain of an activation or layer by name: <c>linear</c>, <c>sigmoid</c>, <c>tanh</c>, <c>relu</c>, <c>leaky_relu</c>
    /// (slope 0.01), <c>selu</c>, <c>conv2d</c>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public static double Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Known.TryGetValue(name, out double gain)
            ? gain
            : throw new ArgumentException(
                $"no gain is known for '{name}'{Suggestion.For(name, Known.Keys)}; known are {string.Join(", ", Known.Keys)}",
                nameof(name));
    }
}
