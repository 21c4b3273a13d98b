using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Images;

namespace TinyNet.Tests.Images;

/// <summary>Folders of images as datasets.</summary>
public class ImageFolderTests
{
    [Fact]
    public void A_folder_is_a_class_and_a_file_a_sample_in_the_order_of_their_names()
    {
        using var folder = Folder("b/2.png", "b/10.PNG", "a/x.Png", "Z/y.png", "b/.hidden.png", ".git/config.png", "LICENSE.txt");
        var data = new ImageFolder(folder.Root, height: 4, width: 5);

        Assert.Equal(Path.GetFileName(folder.Root), data.Name);
        Assert.Equal(["Z", "a", "b"], data.ClassNames.ToArray());
        Assert.Equal([0, 1, 2, 2], data.Labels.ToArray());
        Assert.Equal(["Z/y.png", "a/x.Png", "b/10.PNG", "b/2.png"],
            data.Files.ToArray().Select(file => Path.GetRelativePath(folder.Root, file).Replace('\\', '/')));
        Assert.Equal([3, 4, 5], data.SampleShape.ToArray());

        var (images, labels) = data.Load(0, 3);
        Assert.Equal(new Shape(2, 3, 4, 5), images.Shape);
        Assert.Equal([0, 2], labels.ToArray());
        Assert.Equal(ImageFile.Load(data.Files[3], 4, 5).ToArray(), images.ToArray()[60..]);
    }

    [Fact]
    public void The_size_the_channels_and_the_fit_are_those_asked_for()
    {
        using var folder = Folder("a/x.png");
        string file = folder.At("a/x.png");

        Assert.Equal(ImageFile.Load(file, 3, 7, 1, ImageFit.Stretch).ToArray(),
            new ImageFolder(folder.Root, 3, 7, 1, ImageFit.Stretch).Load(0).Features.ToArray());
        Assert.NotEqual(ImageFile.Load(file, 3, 7, 1, ImageFit.Stretch).ToArray(), ImageFile.Load(file, 3, 7, 1).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void The_bits_are_the_same_for_any_number_of_threads(int prefetch)
    {
        using var folder = Folder([.. Enumerable.Range(0, 9).Select(i => $"{(char)('a' + (i % 2))}/{i}.png")]);
        File.Copy(Samples.At("photo.jpg"), folder.At("b/photo.jpeg"));
        var data = new ImageFolder(folder.Root, height: 9, width: 9);
        var expected = data.Load([.. Enumerable.Range(0, data.Count)]);

        var found = new List<float>();
        foreach (var (images, _) in new DataLoader(data, batchSize: 3, prefetch: prefetch))
        {
            found.AddRange(images.ToArray());
        }

        Assert.Equal(expected.Features.ToArray(), found);
    }

    [Fact]
    public void Decoding_once_costs_the_rounding_to_bytes()
    {
        using var folder = Folder([.. Enumerable.Range(0, 70).Select(i => $"{(char)('a' + (i % 3))}/{i}.png")]);
        var data = new ImageFolder(folder.Root, height: 5, width: 6);
        var memory = data.ToMemory();
        int[] all = [.. Enumerable.Range(0, data.Count)];

        Assert.Equal(data.ClassNames.ToArray(), memory.ClassNames.ToArray());
        Assert.Equal(data.Labels.ToArray(), memory.Labels.ToArray());
        Samples.AssertNear(data.Load(all).Features.ToArray(), memory.Load(all).Features, (0.5 / 255) + 1e-6);
    }

    [Fact]
    public void The_classes_of_a_training_set_are_those_of_its_test_set()
    {
        using var folder = Folder("b/2.png", "a/1.png");

        Assert.Equal([0, 1], new ImageFolder(folder.Root, 4, 4, classNames: ["b", "a"]).Labels.ToArray());
        Refuse(folder.Root, "a folder 'b', which is none of the 1 classes", "a");
        Refuse(folder.Root, "no folder of the class 'c'", "a", "b", "c");
        // Only a folder that was found counts: no other way to the same one or to one elsewhere.
        Refuse(folder.Root, "no folder of the class 'a/../b'", "a", "b", "a/../b");
        Refuse(folder.Root, "no folder of the class ''", "a", "b", "");
        Refusal.Of<ArgumentException>(() => new ImageFolder(folder.Root, 4, 4, classNames: ["a", "b", "a"]), "'a'", "twice");
        Refusal.Of<ArgumentException>(() => new ImageFolder(folder.Root, 4, 4, classNames: ["a", null!, "b"]), "class 1 has no name");
    }

    [Fact]
    public void What_is_no_such_folder_is_refused_with_what_was_found()
    {
        using (var folder = Folder())
        {
            Refuse(folder.Root, "it has no folders");
            Refuse(folder.At("none"), "there is no such folder");
        }

        using (var folder = Folder("a/x.png", "one.jpg", "two.JPEG"))
        {
            Refuse(folder.Root, "2 files (one.jpg, two.JPEG) in no folder of a class");
            Refuse(folder.At("one.jpg"), "it is a file");
        }

        using (var folder = Folder("a/x.png", "b/x.gif", "b/y.webp", "b/z.png", "b/p.txt", "b/q.txt"))
        {
            Refuse(folder.Root, $"4 others (p.txt, q.txt, x.gif, …) in {folder.At("b")}");
        }

        using (var folder = Folder("train/cat/x.png", "train/dog/y.png"))
        {
            Refuse(folder.Root, "2 others (cat, dog) in ");
        }

        using (var folder = Folder("a/x.png"))
        {
            Directory.CreateDirectory(folder.At("empty"));
            Refuse(folder.Root, $"no file in {folder.At("empty")}");
        }
    }

    [Fact]
    public void Links_that_go_round_do_no_harm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var folder = Folder("a/x.png");
        File.CreateSymbolicLink(folder.At("a/loop.png"), folder.At("a/loop.png"));
        File.CreateSymbolicLink(folder.At("a/missing.png"), folder.At("a/none"));
        var data = new ImageFolder(folder.Root, 4, 4);

        Assert.Equal(3, data.Count);
        Assert.All(new[] { 0, 1 }, i => Assert.IsAssignableFrom<IOException>(
            Refusal.Of<SampleException>(() => data.Load(i), Path.GetFileName(data.Files[i])).InnerException));
        Directory.CreateSymbolicLink(folder.At("loop"), folder.Root);
        Refuse(folder.Root, "loop");
    }

    [Fact]
    public void A_damaged_file_is_named_with_its_sample()
    {
        using var folder = Folder("a/x.png");
        folder.Write(new CaseFile("a/y.jpg", "no image"u8.ToArray()));
        var data = new ImageFolder(folder.Root, 4, 4);

        var exception = Refusal.Of<SampleException>(() => data.Load(1), "sample 1", folder.At("a/y.jpg"), "a PNG or a JPEG file");
        Assert.IsType<DataFormatException>(exception.InnerException);
        Refusal.Of<SampleException>(() => data.ToMemory(), folder.At("a/y.jpg"));
    }

    [Fact]
    public void Arguments_are_refused_by_name()
    {
        using var folder = Folder("a/x.png");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ImageFolder(folder.Root, 0, 4), "height");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ImageFolder(folder.Root, 4, -4), "width");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ImageFolder(folder.Root, 4, 4, channels: 4), "channels");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ImageFolder(folder.Root, 4, 4, fit: (ImageFit)9), "fit");
        Refusal.Of<ShapeException>(() => new ImageFolder(folder.Root, 1 << 20, 1 << 20));
    }

    /// <summary>A folder with the given files, each a picture of its own.</summary>
    private static TemporaryFolder Folder(params string[] names) => new(
    [
        .. names.Select((name, i) => new CaseFile(
            name, PngMaker.Make(8, 2, 8, [.. Samples.Picture(6, 8, 3).Select(number => (number + (i * 50)) % 256)]))),
    ]);

    private static void Refuse(string folder, string found, params string[] classNames) => Refusal.Of<DataNotFoundException>(
        () => new ImageFolder(folder, 4, 4, classNames: classNames), folder, "a folder for each class", ".png, .jpg and .jpeg", found);
}
