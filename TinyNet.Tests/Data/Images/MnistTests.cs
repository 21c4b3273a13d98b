using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>MNIST and Fashion-MNIST: where their files are found, what is in them, and how others are refused.</summary>
public class MnistTests
{
    private const int Pixels = 28 * 28;

    public static TheoryData<bool, bool, string> Forms => new()
    {
        { false, false, "" }, { false, true, "" }, { true, false, "" }, { true, true, "" }, { false, true, "mnist" },
        { false, false, "MNIST/raw" },
    };

    [Theory, MemberData(nameof(Forms))]
    public void The_files_are_read_by_every_form_of_their_names(bool dotted, bool isPacked, string own)
    {
        var files = FileMaker.Idx(dotted);
        using var folder = new TemporaryFolder();
        files = isPacked ? FileMaker.Gzip(files) : files;
        folder.Write([.. files.Select(file => new CaseFile(Path.Combine(own, file.Name), file.Bytes))]);
        var (train, test) = Mnist.Load(folder.Root);

        Assert.Equal((3, 2), (train.Count, test.Count));
        Assert.Equal([1, 28, 28], train.SampleShape.ToArray());
        Assert.Equal([7, 0, 9], train.Labels.ToArray());
        Assert.Equal([1, 2], test.Labels.ToArray());
        Assert.Equal("mnist/train", train.Name);
        // The maker fills pixels with the multiples of 37, modulo 256.
        var (images, labels) = train.Load(2, 1);
        float[] values = images.ToArray();
        Assert.Equal([2 * Pixels * 37 % 256 / 255f, ((2 * Pixels) + 1) * 37 % 256 / 255f], values[..2]);
        Assert.Equal([Pixels * 37 % 256 / 255f, (Pixels + 1) * 37 % 256 / 255f], values[Pixels..(Pixels + 2)]);
        Assert.Equal([9, 0], labels.ToArray());
    }

    [Fact]
    public void Fashion_has_the_names_of_its_classes()
    {
        using var folder = new TemporaryFolder(FileMaker.Gzip(FileMaker.Idx(dotted: false)));

        Assert.Equal(["Sneaker", "T-shirt/top", "Ankle boot"], Names(FashionMnist.Load(folder.Root).Train));
    }

    [Fact]
    public void A_folder_of_several_datasets_is_searched_by_their_names_first()
    {
        using var folder = new TemporaryFolder(FileMaker.Idx(dotted: false));
        var other = FileMaker.Idx(dotted: false);
        folder.Write([.. other.Select(file => new CaseFile($"fashion-mnist/{file.Name}",
            file.Name.StartsWith("train-labels", StringComparison.Ordinal) ? FileMaker.IdxOf([1, 1, 1], 3) : file.Bytes))]);

        Assert.Equal([1, 1, 1], FashionMnist.Load(folder.Root).Train.Labels.ToArray());
        Assert.Equal([7, 0, 9], Mnist.Load(folder.Root).Train.Labels.ToArray());
    }

    [Fact]
    public void One_message_says_what_is_missing_where_it_was_looked_for_and_who_has_it()
    {
        using var folder = new TemporaryFolder(FileMaker.Idx(dotted: false)[..3]);
        var refusal = Assert.Throws<DataNotFoundException>(() => Mnist.Load(folder.Root));

        Assert.Contains("t10k-labels-idx1-ubyte", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{folder.Root} (without t10k-labels-idx1-ubyte)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(folder.At("mnist") + " (no such folder)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("yann.lecun.com", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("TINYNET_DATA", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, byte[], string> Damages => new()
    {
        // Which file, in it which byte on, what is put there, and the place that is named.
        { "train-images-idx3-ubyte", 0, [0x1F], "byte 0" },
        { "train-images-idx3-ubyte", 2, [0x0D], "byte 0" },
        { "train-images-idx3-ubyte", 3, [1], "byte 0" },
        { "train-images-idx3-ubyte", 4, [0x7F, 0xFF, 0xFF, 0xFF], "byte 4" },
        { "train-images-idx3-ubyte", 4, [0, 0, 0xEA, 0x61], "byte 4" },
        { "train-images-idx3-ubyte", 4, [0, 0, 0xEA, 0x60], "byte 16" },
        { "train-images-idx3-ubyte", 4, [0xFF, 0xFF, 0xFF, 0xFF], "byte 4" },
        { "train-images-idx3-ubyte", 4, [0, 0, 0, 0], "byte 4" },
        { "train-images-idx3-ubyte", 4, [0, 0, 0, 2], "byte 1584" },
        { "train-images-idx3-ubyte", 8, [0, 0, 0, 27], "byte 8" },
        { "train-images-idx3-ubyte", 12, [0, 1, 0, 28], "byte 12" },
        { "train-labels-idx1-ubyte", 9, [10], "byte 9" },
        { "t10k-labels-idx1-ubyte", 4, [0, 0, 0x27, 0x11], "byte 4" },
    };

    [Theory, MemberData(nameof(Damages))]
    public void A_damaged_file_is_refused_by_its_name_and_place(string name, int at, byte[] bytes, string place)
    {
        using var folder = new TemporaryFolder(FileMaker.Idx(dotted: false));
        byte[] content = File.ReadAllBytes(folder.At(name));
        bytes.CopyTo(content, at);
        File.WriteAllBytes(folder.At(name), content);
        var refusal = Assert.Throws<DataFormatException>(() => Mnist.Load(folder.Root));

        Assert.Equal((folder.At(name), place), (refusal.File, refusal.Place));
        Assert.Contains(refusal.Expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Found, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte")]
    [InlineData("train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte")]
    public void Swapped_files_are_refused(string one, string other)
    {
        using var folder = new TemporaryFolder(FileMaker.Idx(dotted: false));
        File.Move(folder.At(one), folder.At("kept"));
        File.Move(folder.At(other), folder.At(one));
        File.Move(folder.At("kept"), folder.At(other));

        Assert.Throws<DataFormatException>(() => Mnist.Load(folder.Root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(40)]
    public void A_gzipped_file_is_refused_wherever_it_is_cut(int missing)
    {
        using var folder = new TemporaryFolder(FileMaker.Gzip(FileMaker.Idx(dotted: false)));
        string name = folder.At("train-images-idx3-ubyte.gz");
        byte[] content = File.ReadAllBytes(name);
        File.WriteAllBytes(name, missing == 0 ? [.. content, 0, 0, 0] : content[..^missing]);

        Assert.Equal(name, Assert.Throws<DataFormatException>(() => Mnist.Load(folder.Root)).File);
    }

    /// <summary>A header that promises all of MNIST makes nobody allocate it; nor does a file of zeros without end.</summary>
    [Theory]
    [InlineData(60_000, 100)]
    [InlineData(3, 1 << 24)]
    public void A_length_that_the_file_does_not_have_allocates_nothing(int count, int zeros)
    {
        using var folder = new TemporaryFolder(FileMaker.Gzip(FileMaker.Idx(dotted: false)));
        File.WriteAllBytes(folder.At("train-images-idx3-ubyte.gz"), FileMaker.Gzip(FileMaker.IdxOf(new byte[zeros], count, 28, 28)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => Mnist.Load(folder.Root));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 << 20);
    }

    private static string[] Names(ImageDataset data) => [.. data.Labels.ToArray().Select(label => data.ClassNames[label])];
}
