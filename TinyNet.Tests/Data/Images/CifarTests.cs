using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>CIFAR-10 and CIFAR-100, loose and in their archives.</summary>
public class CifarTests
{
    private const int Pixels = 3 * 32 * 32;

    public static TheoryData<string, bool> Places => new()
    {
        { "", false }, { "", true }, { "cifar-10-batches-bin", false }, { "cifar10", true },
    };

    [Theory, MemberData(nameof(Places))]
    public void Cifar10_is_read_loose_and_from_its_archive(string own, bool isPacked)
    {
        using var folder = new TemporaryFolder();
        CaseFile[] files =
        [
            .. Enumerable.Range(1, 5).Select(i => new CaseFile($"data_batch_{i}.bin", [.. Record(200 + i, (byte)i), .. Record(i, 0)])),
            new("test_batch.bin", Record(9, 9)),
        ];
        folder.Write([.. (isPacked ? FileMaker.TarGz("cifar-10-binary.tar.gz", files) : files)
            .Select(file => new CaseFile(Path.Combine(own, file.Name), file.Bytes))]);
        var (train, test) = Cifar10.Load(folder.Root);

        Assert.Equal([3, 32, 32], train.SampleShape.ToArray());
        Assert.Equal([1, 0, 2, 0, 3, 0, 4, 0, 5, 0], train.Labels.ToArray());
        Assert.Equal([9], test.Labels.ToArray());
        Assert.Equal([201, 1, 202], Enumerable.Range(0, 3).Select(i => (int)train.Pixels[i * Pixels]));
        Assert.Equal(201 / 255f, train.Load(0).Features.ToArray()[^1]);
        Assert.Equal(("airplane", "truck"), (train.ClassNames[0], train.ClassNames[9]));
    }

    [Fact]
    public void Cifar100_has_classes_and_groups()
    {
        using var folder = new TemporaryFolder(
            new CaseFile("train.bin", [.. Record(1, 19, 99), .. Record(2, 0, 4)]), new CaseFile("test.bin", Record(3, 4, 0)));
        var (classes, test) = Cifar100.Load(folder.Root);
        var (groups, _) = Cifar100.Load(folder.Root, groups: true);

        Assert.Equal(["worm", "beaver"], classes.Labels.ToArray().Select(label => classes.ClassNames[label]));
        Assert.Equal(["vehicles_2", "aquatic_mammals"], groups.Labels.ToArray().Select(label => groups.ClassNames[label]));
        Assert.Equal((100, 20), (classes.Classes, groups.Classes));
        Assert.Equal(2, classes.Pixels[^1]);
        Assert.Equal((1, 3), (test.Count, test.Pixels[0]));
    }

    [Fact]
    public void The_names_of_the_classes_are_in_the_order_of_the_alphabet()
    {
        using var folder = new TemporaryFolder(new CaseFile("train.bin", Record(1, 0, 0)), new CaseFile("test.bin", Record(1, 0, 0)));
        string[] names = Cifar100.Load(folder.Root).Train.ClassNames.ToArray();

        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
    }

    public static TheoryData<byte[], string> Wrong => new()
    {
        { [], "byte 0" },
        { Record(1, 3)[..^1], "byte 0" },
        { [.. Record(1, 3), 0], "byte 0" },
        { [.. Record(1, 3), .. Record(1, 10)], "byte 3073" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_damaged_file_is_refused_by_its_name_and_place(byte[] content, string place)
    {
        using var folder = new TemporaryFolder(FileMaker.Cifar10(new Random(1)));
        File.WriteAllBytes(folder.At("data_batch_3.bin"), content);
        var refusal = Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Root));

        Assert.Equal((folder.At("data_batch_3.bin"), place), (refusal.File, refusal.Place));
    }

    [Fact]
    public void The_files_of_one_are_refused_as_those_of_the_other()
    {
        using var folder = new TemporaryFolder();
        var hundred = FileMaker.Cifar100(new Random(1));
        folder.Write([.. FileMaker.Cifar10(new Random(1)).Select(file => new CaseFile(file.Name, hundred[0].Bytes))]);

        Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_archive_lacks_no_file_and_has_none_twice(int dropped)
    {
        var files = FileMaker.Cifar10(new Random(1));
        var twice = files.ToArray();
        twice[dropped] = twice[3];
        foreach (var wrong in new[] { [.. files.Where((_, i) => i != dropped)], twice })
        {
            using var folder = new TemporaryFolder(FileMaker.TarGz("cifar-10-binary.tar.gz", wrong));

            Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Root));
        }
    }

    /// <summary>What is not wanted in an archive is passed, but not for ever.</summary>
    [Fact]
    public void A_large_foreign_file_in_an_archive_is_refused_and_not_unpacked()
    {
        CaseFile[] files = [new("huge", new byte[1 << 24]), .. FileMaker.Cifar10(new Random(1))];
        using var folder = new TemporaryFolder(FileMaker.TarGz("cifar-10-binary.tar.gz", files));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Root));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        using var folder = new TemporaryFolder(FileMaker.Cifar10(new Random(1))[1..]);
        var refusal = Assert.Throws<DataNotFoundException>(() => Cifar10.Load(folder.Root));

        Assert.Contains($"{folder.Root} (without data_batch_1.bin)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Record(int pixel, params byte[] labels) => [.. labels, .. Enumerable.Repeat((byte)pixel, Pixels)];
}
