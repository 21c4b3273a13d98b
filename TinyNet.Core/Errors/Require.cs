using System.Numerics;
using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// The ranges of settings, checked in one way with one wording. Each method gives the value back, or refuses it by the name
/// that it has at the caller; the exception shows the range and the value. Nan and the infinities are no numbers.
/// </summary>
/// <remarks>Layers, losses, optimizers and schedules of one's own check their settings with it as those of the library do.</remarks>
/// <example>
/// <code>
/// public float Beta { get; init => field = Require.Fraction(value, nameof(Beta)); } = 0.9f;
/// </code>
/// </example>
public static class Require
{
    /// <summary>A number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is nan or infinite.</exception>
    public static T Finite<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        T.IsFinite(value) ? value : throw Refusal(name, value, "a number");

    /// <summary>A number of 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, nan or infinite.</exception>
    public static T NotNegative<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        value >= T.Zero && T.IsFinite(value) ? value : throw Refusal(name, value, "a number of 0 or more");

    /// <summary>A number above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0, negative, nan or infinite.</exception>
    public static T Positive<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        value > T.Zero && T.IsFinite(value) ? value : throw Refusal(name, value, "a number above 0");

    /// <summary>A bound or more; infinity is more, too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below the bound, or nan.</exception>
    public static T AtLeast<T>(T least, T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        value >= least ? value : throw Refusal(name, value, FormattableString.Invariant($"{least} or more"));

    /// <summary>More than a bound; infinity is more, too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above the bound, or nan.</exception>
    public static T Above<T>(T bound, T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        value > bound ? value : throw Refusal(name, value, FormattableString.Invariant($"above {bound}"));

    /// <summary>A number in [least, most].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside, or nan.</exception>
    public static T Between<T>(T least, T most, T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T> =>
        value >= least && value <= most ? value : throw Refusal(name, value, FormattableString.Invariant($"in [{least}, {most}]"));

    /// <summary>A number in (below, above): neither of the bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is a bound, outside, or nan.</exception>
    public static T Inside<T>(T below, T above, T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T> =>
        value > below && value < above ? value : throw Refusal(name, value, FormattableString.Invariant($"in ({below}, {above})"));

    /// <summary>The upper end of an interval: a number that is not below the lower one, and not infinitely far from it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An end is nan or infinite, the upper one is less, or their distance overflows.
    /// </exception>
    public static T Interval<T>(
        T low, T high, [CallerArgumentExpression(nameof(low))] string lowName = "",
        [CallerArgumentExpression(nameof(high))] string highName = "")
        where T : struct, INumber<T>
    {
        Finite(low, lowName);
        Finite(AtLeast(low, high, highName), highName);
        return T.IsFinite(high - low) ? high
            : throw new ArgumentOutOfRangeException(highName, high, FormattableString.Invariant($"{highName} is too far from {low}"));
    }

    /// <summary>A part of a whole, the whole included: a number in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside, or nan.</exception>
    public static T Probability<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        Between(T.Zero, T.One, value, name);

    /// <summary>A part that leaves something over: a number in [0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside, or nan.</exception>
    public static T Fraction<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        value >= T.Zero && value < T.One ? value : throw Refusal(name, value, "in [0, 1)");

    /// <summary>One of the choices that an enumeration has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of them.</exception>
    public static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw Refusal(name, value, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    private static ArgumentOutOfRangeException Refusal<T>(string name, T value, string range) =>
        new(name, value, $"{name} must be {range}");
}
