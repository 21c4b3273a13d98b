using System.Text.Json;
using TinyNet.Analysis;

namespace TinyNet.Tests.Analysis.Reports;

public class FigureJsonTests
{
    [Fact]
    public void Values_have_four_digits_and_what_is_not_finite_is_null()
    {
        var line = new Line("line", [0, 1, 2, 5, 6], [1.0 / 3, double.NaN, 2e-17, double.PositiveInfinity, -123456]);

        var series = Series(line);
        Assert.Equal("[0.3333,null,2E-17,null,-123500]", series.GetProperty("y").GetRawText());
        Assert.Equal("[0,1,1,3,1]", series.GetProperty("differences").GetRawText());
    }

    [Fact]
    public void Values_that_share_digits_keep_those_in_which_they_differ()
    {
        var series = Series(new Line("line", [0, 1], [1000.1234, 1000.1567]));

        double[] values = [.. series.GetProperty("y").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(0.0333, values[1] - values[0], 1e-4);
    }

    [Fact]
    public void Steps_keep_all_their_digits()
    {
        var series = Series(new Line("line", [1234567, 1234569, 1234570], [1, 2, 3]));

        Assert.Equal("[1234567,2,1]", series.GetProperty("differences").GetRawText());
    }

    [Fact]
    public void Places_at_equal_distances_are_three_numbers_and_the_same_ones_are_not_repeated()
    {
        double[] x = [5, 7, 9, 11];
        var panel = Read(new Panel("", new Axis(""), new Axis(""), new Line("a", x, x), new Line("b", [.. x], x))).GetProperty("series");

        Assert.Equal("[5,2,4]", panel[0].GetProperty("range").GetRawText());
        Assert.False(panel[1].TryGetProperty("range", out _) || panel[1].TryGetProperty("x", out _));
    }

    [Fact]
    public void A_text_cannot_end_the_element_that_it_stands_in()
    {
        var panel = new Panel("</script><b>\"&'\u2028", new Axis("</script>"), new Axis(""), new Bars("<!--", [1]));
        string json = FigureJson.Of(new Figure("", panel));

        Assert.DoesNotContain('<', json);
        Assert.DoesNotContain('\u2028', json);
        Assert.Equal("</script><b>\"&'\u2028", JsonDocument.Parse(json).RootElement[0].GetProperty("title").GetString());
    }

    [Fact]
    public void A_long_line_keeps_its_peaks_and_its_ends()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => (double)i)];
        double[] y = [.. x.Select(at => at switch { 31_415 => 9, 27_182 => -9, _ => Math.Sin(at) })];

        var series = Series(new Line("line", x, y));
        double at = 0;
        double[] kept = [.. series.GetProperty("differences").EnumerateArray().Select(value => at += value.GetDouble())];
        Assert.InRange(kept.Length, 100, 500);
        Assert.Equal([0, 27_182, 31_415, 99_999], kept.Intersect([0, 27_182, 31_415, 99_999]));
        Assert.Equal(100_000, series.GetProperty("of").GetInt32());
    }

    [Fact]
    public void A_long_line_of_nan_alone_is_drawn_as_nothing()
    {
        double[] nan = [.. Enumerable.Repeat(double.NaN, 2000)];

        var values = Series(new Line("line", nan, nan)).GetProperty("y").EnumerateArray();
        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.Equal(JsonValueKind.Null, value.ValueKind));
    }

    [Fact]
    public void Every_kind_of_series_is_written_and_pictures_are_null()
    {
        var kinds = SamplePage.Figures().SelectMany(figure => JsonDocument.Parse(FigureJson.Of(figure)).RootElement.EnumerateArray())
            .Where(panel => panel.ValueKind != JsonValueKind.Null)
            .SelectMany(panel => panel.GetProperty("series").EnumerateArray())
            .Select(series => series.GetProperty("kind").GetString());

        Assert.Equal(["band", "bars", "heat", "histogram", "line"], kinds.Distinct().Order());
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(FigureJson.Of(SamplePage.Figures()[^1])).RootElement[3].ValueKind);
    }

    [Fact]
    public void Series_without_points_are_written()
    {
        Assert.Equal("[]", Series(new Line("line", [], [])).GetProperty("y").GetRawText());
        Assert.Equal("[]", Series(new HeatMap("map", 2, [])).GetProperty("values").GetRawText());
    }

    private static JsonElement Series(Series series) =>
        Read(new Panel("", new Axis(""), new Axis(""), series)).GetProperty("series")[0];

    private static JsonElement Read(Panel panel) => JsonDocument.Parse(FigureJson.Of(new Figure("", panel))).RootElement[0];
}
