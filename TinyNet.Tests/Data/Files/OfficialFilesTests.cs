using TinyNet.Bench;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>The official files, where TINYNET_DATA names a folder that has them; elsewhere the small ones of the maker alone.</summary>
public class OfficialFilesTests
{
    public static TheoryData<string, string?> Sets => [.. FindSets()];

    [Theory, MemberData(nameof(Sets))]
    public void A_dataset_has_the_images_that_it_should(string name, string? folder)
    {
        using var small = new TemporaryFolder(FileMaker.Idx(dotted: false));
        var (train, test) = name switch
        {
            "cifar10" => Cifar10.Load(folder),
            "fashion-mnist" => FashionMnist.Load(folder),
            _ => Mnist.Load(folder ?? small.Root),
        };
        var (counts, ofClasses, mean) = (name, folder) switch
        {
            ("cifar10", _) => ((50_000, 10_000), "5000 5000 5000 5000 5000 5000 5000 5000 5000 5000", 0.4734),
            ("fashion-mnist", _) => ((60_000, 10_000), "6000 6000 6000 6000 6000 6000 6000 6000 6000 6000", 0.2860),
            ("mnist", not null) => ((60_000, 10_000), "5923 6742 5958 6131 5842 5421 5918 6265 5851 5949", 0.1307),
            // The maker fills pixels with all bytes in turn.
            _ => ((3, 2), "1 0 0 0 0 0 0 1 0 1", 0.5),
        };
        int[] labels = train.Labels.ToArray();

        Assert.Equal(counts, (train.Count, test.Count));
        var found = Enumerable.Range(0, train.Classes).Select(label => labels.Count(other => other == label));
        Assert.Equal(ofClasses, string.Join(' ', found));
        Assert.Equal(mean, Mean(train), folder is null ? 0.01 : 2e-4);
    }

    private static IEnumerable<TheoryDataRow<string, string?>> FindSets()
    {
        yield return ("mnist", null);
        string? root = Environment.GetEnvironmentVariable("TINYNET_DATA");
        foreach (string name in new[] { "mnist", "fashion-mnist", "cifar10" })
        {
            if (!string.IsNullOrEmpty(root) && Directory.Exists(Path.Combine(root, name)))
            {
                yield return (name, root);
            }
        }
    }

    private static double Mean(ImageDataset data)
    {
        double sum = 0;
        foreach (byte value in data.Pixels)
        {
            sum += value;
        }

        return sum / 255 / data.Pixels.Length;
    }
}
