using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Settings within their ranges come back; others are refused by the name that they have at the caller.</summary>
public class RequireTests
{
    [Fact]
    public void What_is_in_range_comes_back()
    {
        Assert.Equal(-2.5f, Require.Finite(-2.5f));
        Assert.Equal(0, Require.NotNegative(0));
        Assert.Equal(1, Require.Positive(1));
        Assert.Equal(double.PositiveInfinity, Require.AtLeast(0, double.PositiveInfinity));
        Assert.Equal(float.PositiveInfinity, Require.Above(0, float.PositiveInfinity));
        Assert.Equal([1, 3], [Require.Between(1, 3, 1), Require.Between(1, 3, 3)]);
        Assert.Equal(0.25, Require.Inside(0, 1, 0.25));
        Assert.Equal([3f, 1f], [Require.Interval(-1f, 3f), Require.Interval(1f, 1f)]);
        Assert.Equal([0f, 1f], [Require.Probability(0f), Require.Probability(1f)]);
        Assert.Equal(0.0, Require.Fraction(0.0));
        Assert.Equal(DayOfWeek.Friday, Require.Defined(DayOfWeek.Friday));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    public void What_is_out_of_every_range_is_refused(double setting)
    {
        Refuses(() => Require.NotNegative(setting), setting, "a number of 0 or more");
        Refuses(() => Require.Positive(setting), setting, "a number above 0");
        Refuses(() => Require.AtLeast(-0.5, setting), setting, "-0.5 or more");
        Refuses(() => Require.Above(-1, setting), setting, "above -1");
        Refuses(() => Require.Between(0.5, 2, setting), setting, "in [0.5, 2]");
        Refuses(() => Require.Inside(-1, 0.5, setting), setting, "in (-1, 0.5)");
        Refuses(() => Require.Probability(setting), setting, "in [0, 1]");
        Refuses(() => Require.Fraction(setting), setting, "in [0, 1)");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Nan_and_the_infinities_are_no_numbers(double setting)
    {
        Refuses(() => Require.Finite(setting), setting, "a number");
        Refuses(() => Require.NotNegative(setting), setting, "a number of 0 or more");
        Refuses(() => Require.Positive(setting), setting, "a number above 0");
    }

    [Fact]
    public void An_interval_has_two_ends_in_order_whose_distance_is_a_number()
    {
        float low = -3e38f, high = 3e38f;
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Interval(low, high), "high is too far from");
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Interval(high, low), "low must be");
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Interval(low, float.NaN));
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Interval(float.NegativeInfinity, high), "a number");
    }

    [Fact]
    public void Zero_is_not_positive_and_one_no_fraction()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Positive(0));
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Fraction(1f));
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Inside(0, 1, 1f), "in (0, 1)");
        Refusal.Of<ArgumentOutOfRangeException>(() => Require.Inside(0, 1, 0f), "in (0, 1)");
    }

    [Fact]
    public void What_an_enumeration_lacks_is_refused_with_its_choices() => Refusal.Of<ArgumentOutOfRangeException>(
        () => Require.Defined((DateTimeKind)7, "kind"), "kind must be one of Unspecified, Utc, Local", "7");

    private static void Refuses(Func<object?> check, double setting, string range)
    {
        var exception = Refusal.Of<ArgumentOutOfRangeException>(check, $"setting must be {range} (");
        Assert.Equal(("setting", (object)setting), (exception.ParamName, exception.ActualValue));
    }
}
