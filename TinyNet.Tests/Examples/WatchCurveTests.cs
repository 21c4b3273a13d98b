using TinyNet.Examples;

namespace TinyNet.Tests.Examples;

public class WatchCurveTests
{
    [Fact]
    public void Dots_are_where_the_heights_are()
    {
        // The dots 1 2 3 7 are the left column from the top, 4 5 6 8 the right one, with the bits 1 2 4 40 and 8 10 20 80.
        Assert.Equal(["⣀"], BrailleCurve.Draw([0, 0], 1, 1)); // 7 and 8
        Assert.Equal(["⠉"], BrailleCurve.Draw([1, 1], 1, 1)); // 1 and 4
        Assert.Equal(["⡀"], BrailleCurve.Draw([0], 1, 1)); // 7
        Assert.Equal(["⠉⠉", "⠀⠀"], BrailleCurve.Draw([1, 1, 1, 1], 2, 2));
        Assert.Equal(["⠀", "⠀"], BrailleCurve.Draw([], 1, 2));
    }

    [Fact]
    public void Neighbors_are_joined()
    {
        // Three steps from the lower left to the upper right: 7, 3, 5, 4.
        Assert.Equal([$"{(char)(0x2800 + 0x40 + 0x04 + 0x10 + 0x08)}"], BrailleCurve.Draw([0, 1], 1, 1));

        // A jump leaves no row empty.
        Assert.All(BrailleCurve.Draw([0, 1], 3, 10), row => Assert.Contains(row, dots => dots != '⠀'));
    }

    [Fact]
    public void A_sparkline_goes_from_the_least_to_the_largest()
    {
        Assert.Equal("▁▄█", Sparkline.Draw([1, 2.5, 5]));
        Assert.Equal("▁▁", Sparkline.Draw([3, 3]));
        Assert.Equal("▁!█", Sparkline.Draw([0, double.NaN, 1]));
        Assert.Equal("", Sparkline.Draw([]));
    }

    [Fact]
    public void Losses_keep_their_mean_in_bounded_memory()
    {
        var curve = new LossCurve();
        for (int i = 0; i < 1 << 14; i++)
        {
            curve.Add(i);
        }

        curve.Add(double.NaN);

        Assert.InRange(curve.Points.Count, 256, 512);
        Assert.Equal(((1 << 14) - 1) / 2.0, curve.Points.Average(), tolerance: 1e-9);
        Assert.Equal(curve.Points.Order(), curve.Points);
    }

    [Fact]
    public void More_losses_than_wanted_become_means_of_neighbors()
    {
        var curve = new LossCurve();
        Array.ForEach([-1.0, 1, 3, 4, 5], curve.Add);

        Assert.Equal([-1, 1, 3, 4, 5], curve.Means(10));
        Assert.Equal([0, 4], curve.Means(2));
        Assert.Empty(new LossCurve().Means(2));
    }

    [Fact]
    public void Heights_are_logarithms_where_the_losses_fall_by_much()
    {
        var scale = new LossScale([1000, 10, 1]);

        Assert.True(scale.IsLogarithmic);
        Assert.Equal([1, 1 / 3.0, 0], new[] { 1000.0, 10, 1 }.Select(scale.HeightOf), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(10, scale.LossAt(1 / 3.0), tolerance: 1e-9);
    }

    [Theory]
    [InlineData(-1, 3, 1)]
    [InlineData(0, 3, 1.5)]
    [InlineData(1, 3, 2)]
    [InlineData(2, 2, 2)]
    public void Other_heights_are_linear(double least, double largest, double middle)
    {
        var scale = new LossScale([largest, least]);

        Assert.False(scale.IsLogarithmic);
        Assert.Equal(0, scale.HeightOf(least));
        Assert.Equal(least < largest ? 1 : 0, scale.HeightOf(largest));
        Assert.Equal(middle, scale.LossAt(0.5));
    }
}
