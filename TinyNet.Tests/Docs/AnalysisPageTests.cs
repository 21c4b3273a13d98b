using System.Text.RegularExpressions;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Images;
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

    /// <summary>Other registers may move a line by a pixel; a legend with other words moves the panel beside it.</summary>
    [Theory]
    [InlineData("classic")]
    [InlineData("landscape")]
    [InlineData("layers")]
    [InlineData("vanishing")]
    public void A_picture_is_what_is_drawn(string name)
    {
        using var folder = new TemporaryFolder();
        FigurePictures.Draw(name, folder.Root);
        Tensor now = ImageFile.Load(folder.At($"{name}.png")), then = ImageFile.Load(Path.Combine(Folder, $"{name}.png"));

        Assert.Equal(then.Shape, now.Shape);
        double different = now.ToArray().Zip(then.ToArray()).Average(pair => Math.Abs(pair.First - pair.Second));
        Assert.InRange(different, 0, 0.01);
    }
}
