using System.Text.RegularExpressions;
using TinyNet.Bench;
using TinyNet.Tests.Architecture;

namespace TinyNet.Tests.Docs;

/// <summary>docs/analysis.md and its pictures, which the command <c>docs --pictures</c> of TinyNet.Bench draws.</summary>
public class AnalysisPageTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, FigurePictures.Location);

    [Fact]
    public void The_page_shows_every_picture_that_is_drawn()
    {
        string[] drawn = [.. FigurePictures.All.Keys.Order(StringComparer.Ordinal)];
        var shown = Regex.Matches(Repository.Read("docs/analysis.md"), @"!\[[^\]]+\]\(pictures/([\w-]+)\.png\)")
            .Select(match => match.Groups[1].Value);

        Assert.Equal(drawn, shown.Order(StringComparer.Ordinal));
        Assert.Equal(drawn, Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_pictures_are_small() =>
        Assert.InRange(Directory.GetFiles(Folder).Sum(file => new FileInfo(file).Length), 1, 1_500_000);

    [Theory]
    [InlineData("classic")]
    [InlineData("landscape")]
    [InlineData("vanishing")]
    public void A_picture_is_drawn_again(string name)
    {
        using var folder = new TemporaryFolder();
        FigurePictures.Draw(name, folder.Root);
        byte[] now = File.ReadAllBytes(folder.At($"{name}.png")), then = File.ReadAllBytes(Path.Combine(Folder, $"{name}.png"));

        // Its width and height: other registers may move a line by a pixel.
        Assert.Equal(then[16..24], now[16..24]);
    }
}
