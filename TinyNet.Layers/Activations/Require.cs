using System.Runtime.CompilerServices;

namespace TinyNet.Layers;

/// <summary>Refuses a setting that makes no sense, by the name it has at the caller.</summary>
internal static class Require
{
    public static float Finite(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is to be finite");

    public static float NotNegative(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is not to be negative");

    public static float Positive(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is to be positive");

    public static float AtLeast(float least, float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is to be {least} or more"));

    public static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(name, value, "there is no such choice");

    public static float Probability(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "a probability is in [0, 1]");
}
