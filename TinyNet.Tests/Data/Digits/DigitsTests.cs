using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

public class DigitsTests
{
    private static readonly int[] PerClass = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];

    [Fact]
    public void All_digits_are_there()
    {
        var digits = Digits.LoadAll();

        Assert.Equal(1797, digits.Count);
        Assert.Equal([1, 8, 8], digits.SampleShape.ToArray());
        Assert.Equal(64, digits.SampleLength);
        Assert.Equal(10, digits.Classes);
        Assert.Equal(PerClass, CountPerClass(digits));
    }

    [Fact]
    public void Pixels_are_sixteenths_from_0_to_1()
    {
        var features = Digits.LoadAll().Features.ToArray();

        Assert.Equal(0f, features.Min());
        Assert.Equal(1f, features.Max());
        Assert.All(features, value => Assert.Equal(MathF.Round(value * 16) / 16, value));
    }

    [Fact]
    public void First_digit_is_the_zero_of_the_file()
    {
        var digits = Digits.LoadAll();
        float[] top = [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0];

        Assert.Equal(0, digits.Labels[0]);
        Assert.Equal(top, digits.Sample(0)[..16].ToArray().Select(value => value * 16));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], digits.Labels[..10].ToArray());
        Assert.Equal(8, digits.Labels[^1]);
    }

    [Fact]
    public void The_split_holds_out_a_fifth_of_each_class_within_one()
    {
        var (train, test) = Digits.Load();

        Assert.Equal((1438, 359), (train.Count, test.Count));
        Assert.Equal(("digits/train", "digits/test"), (train.Name, test.Name));
        var heldOut = CountPerClass(test);
        Assert.Equal(PerClass, CountPerClass(train).Zip(heldOut, (a, b) => a + b));
        Assert.All(PerClass.Zip(heldOut), pair => Assert.InRange(pair.Second - (pair.First * 0.2), -0.5, 0.5));
    }

    [Fact]
    public void The_split_is_disjoint_and_complete()
    {
        var digits = Digits.LoadAll();
        var (rest, heldOut) = StratifiedSplit.Indices(digits.Labels, digits.Classes, Digits.TestFraction);
        var (train, test) = Digits.Load();

        Assert.Equal(Enumerable.Range(0, digits.Count), rest.Concat(heldOut).Order());
        Assert.Equal(rest.Select(i => digits.Labels[i]), train.Labels.ToArray());
        Assert.Equal(digits.Sample(heldOut[0]), Pixels(test, 0));
    }

    [Fact]
    public void The_split_never_changes()
    {
        var digits = Digits.LoadAll();
        var (_, heldOut) = StratifiedSplit.Indices(digits.Labels, digits.Classes, Digits.TestFraction);

        // Changing the held-out part makes every published accuracy incomparable.
        Assert.Equal([20, 21, 22, 23, 24, 25, 26, 27, 28, 29], heldOut[..10]);
        Assert.Equal(
            "b8d8dba5ecb990a6743bc95529b72046a90e6d80d5ecf12e7b95a4700a94da95",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', heldOut)))));
    }

    [Fact]
    public void No_image_is_on_both_sides()
    {
        var (train, test) = Digits.Load();
        var seen = Enumerable.Range(0, train.Count).Select(i => string.Join(',', Pixels(train, i))).ToHashSet();

        Assert.All(Enumerable.Range(0, test.Count), i => Assert.DoesNotContain(string.Join(',', Pixels(test, i)), seen));
    }

    [Fact]
    public void A_validation_part_comes_off_the_training_part()
    {
        var (train, validation) = Digits.Load().Train.Split(0.1);

        Assert.Equal((1293, 145), (train.Count, validation.Count));
        Assert.Equal(("digits/train", "digits/train/held-out"), (train.Name, validation.Name));
    }

    public static TheoryData<string, Func<string[], IEnumerable<string>>> Damages => new()
    {
        { "empty file", _ => [] },
        { "line missing", lines => lines.Skip(1) },
        { "line too many", lines => lines.Append(lines[0]) },
        { "empty line", lines => lines.Prepend("") },
        { "value missing", lines => lines.Select(line => line[2..]) },
        { "value too many", lines => lines.Select(line => "0," + line) },
        { "too much ink", lines => lines.Select(line => "17" + line[1..]) },
        { "negative", lines => lines.Select(line => "-1" + line[1..]) },
        { "fraction", lines => lines.Select(line => "0.5" + line[1..]) },
        { "no number", lines => lines.Select(line => "x" + line[1..]) },
        { "no such label", lines => lines.Select(line => line[..^1] + "10") },
    };

    [Theory, MemberData(nameof(Damages))]
    public void A_damaged_file_is_refused(string what, Func<string[], IEnumerable<string>> damage)
    {
        var exception = Assert.Throws<DataFormatException>(() => Digits.Read(Compress(damage(Lines()))));

        Assert.StartsWith("line ", exception.Place, StringComparison.Ordinal);
        Assert.EndsWith("digits.csv.gz", exception.File, StringComparison.Ordinal);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_truncated_or_flipped_file_is_refused()
    {
        var bytes = Compress(Lines()).ToArray();

        Assert.Throws<DataFormatException>(() => Digits.Read(new MemoryStream(bytes[..(bytes.Length / 2)])));
        bytes[0] ^= 1;
        Assert.Throws<DataFormatException>(() => Digits.Read(new MemoryStream(bytes)));
    }

    [Fact]
    public void An_intact_file_is_read() => Assert.Equal(1797, Digits.Read(Compress(Lines())).Count);

    private static float[] Pixels(Dataset<ClassificationBatch> data, int index) => data.Load(index).Features.ToArray();

    private static int[] CountPerClass(Dataset<ClassificationBatch> data) =>
        [.. Enumerable.Range(0, data.Classes).Select(c => data.Labels.Count(c))];

    private static string[] Lines()
    {
        var digits = Digits.LoadAll();
        return [.. Enumerable.Range(0, digits.Count).Select(i =>
            string.Join(',', digits.Sample(i).ToArray().Select(value => (int)(value * 16))) + "," + digits.Labels[i])];
    }

    private static MemoryStream Compress(IEnumerable<string> lines)
    {
        var stream = new MemoryStream();
        using (var writer = new StreamWriter(new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)))
        {
            foreach (var line in lines)
            {
                writer.Write(line + "\n");
            }
        }

        stream.Position = 0;
        return stream;
    }
}
