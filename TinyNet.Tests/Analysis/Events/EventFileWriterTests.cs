using System.Diagnostics;
using System.Text;
using TinyNet.Analysis;

namespace TinyNet.Tests.Analysis;

/// <summary>Event files, read by a second method that is strict.</summary>
public class EventFileWriterTests
{
    private const string Name = "events.out.tfevents.1.test";

    /// <summary>RFC 3720, B.4; the last two are the check value of the catalog of checksums, and nothing.</summary>
    public static TheoryData<byte[], uint> Checksums => new()
    {
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        { "123456789"u8.ToArray(), 0xE3069283 },
        { [], 0 },
    };

    [Theory, MemberData(nameof(Checksums))]
    public void The_checksum_is_that_of_the_standard(byte[] data, uint expected)
    {
        Assert.Equal(expected, RecordFrame.Crc32C(data));
        Assert.Equal(expected, EventRecords.Crc32C(data));
    }

    [Fact]
    public void The_checksum_of_any_length_is_that_of_the_polynomial()
    {
        byte[] data = [.. Enumerable.Range(0, 41).Select(i => (byte)(i * 151 + 7))];
        for (int length = 0; length <= data.Length; length++)
        {
            Assert.Equal(EventRecords.Crc32C(data.AsSpan(0, length)), RecordFrame.Crc32C(data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_scalar_is_read_back()
    {
        var events = Written(writer =>
        {
            writer.AddScalar("loss/train", 0.1, 0);
            writer.AddScalar("Verlust ü 損失", float.MinValue, 127);
            writer.AddScalar("x", double.NaN, 128);
            writer.AddScalar("x", double.NegativeInfinity, long.MaxValue);
        });

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(
            [("loss/train", 0L, 0.1f), ("Verlust ü 損失", 127, float.MinValue), ("x", 128, float.NaN),
                ("x", long.MaxValue, float.NegativeInfinity)],
            events.Skip(1).Select(one => (one.Tag!, one.Step, one.Scalar!.Value)));
    }

    [Fact]
    public void Events_are_dated_by_the_clock_that_is_given()
    {
        var clock = new Clock();
        var events = Written(writer =>
        {
            clock.Now += TimeSpan.FromMilliseconds(1500);
            writer.AddScalar("x", 1, 1);
        }, clock);

        Assert.Equal([1_700_000_000.25, 1_700_000_001.75], events.Select(one => one.WallTime));
    }

    [Fact]
    public void A_histogram_of_values_counts_each_finite_one()
    {
        float[] values = [-1, 0, 0, 3, float.NaN, 1.5f, float.PositiveInfinity];
        var histogram = Written(writer => writer.AddHistogram("weights", values, 7))[1].Histogram!;

        Assert.Equal((-1, 3, 5), (histogram.Minimum, histogram.Maximum, histogram.Count));
        Assert.Equal((3.5, 12.25), (histogram.Sum, histogram.SumOfSquares));
        Assert.Equal(64, histogram.BinEnds.Length);
        Assert.Equal(3, histogram.BinEnds[^1]);
        // Bins of 1/16 from -1 on: 0 is where the 17th begins, 1.5 where the 41st does; 3 belongs to the last.
        Assert.Equal([(0, 1.0), (16, 2), (40, 1), (63, 1)], histogram.BinCounts.Index().Where(bin => bin.Item > 0));
    }

    [Fact]
    public void Counts_are_written_as_they_are()
    {
        var given = new EventHistogram([-2, 0, 1, 5], [3, 0, 2.5], -1.5, 4, 10, 30);
        var histogram = Written(writer => writer.AddHistogram("x", given, 1))[1].Histogram!;

        Assert.Equal((-1.5, 4, 5.5), (histogram.Minimum, histogram.Maximum, histogram.Count));
        Assert.Equal((10, 30), (histogram.Sum, histogram.SumOfSquares));
        Assert.Equal([0, 1, 5], histogram.BinEnds);
        Assert.Equal([3, 0, 2.5], histogram.BinCounts);
    }

    [Theory]
    [InlineData(new float[0], 0)]
    [InlineData(new[] { float.NaN }, 0)]
    [InlineData(new[] { 0f, 0, 0 }, 3)]
    [InlineData(new[] { -2.5f }, 1)]
    [InlineData(new[] { float.MaxValue, float.MinValue }, 2)]
    [InlineData(new[] { float.Epsilon, 0 }, 2)]
    public void Values_without_a_range_have_bins_too(float[] values, int count)
    {
        var histogram = EventHistogram.Of(values);

        Assert.Equal(count, histogram.Counts.Sum());
        Assert.All(histogram.Edges.Skip(1).Zip(histogram.Edges), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void A_sample_stands_for_all_values()
    {
        var histogram = EventHistogram.OfSample(
            [1, 2, 2, 4, float.NaN], count: 1000, minimum: 0, maximum: 5, sum: 2500, sumOfSquares: 9000, bins: 5);

        Assert.Equal([0, 1, 2, 3, 4, 5], histogram.Edges);
        Assert.Equal([0, 250, 500, 0, 250], histogram.Counts);
        Assert.Equal((0, 5, 2500, 9000), (histogram.Minimum, histogram.Maximum, histogram.Sum, histogram.SumOfSquares));
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_has_whole_records_before()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new EventFileWriter(folder.At(Name)))
        {
            writer.AddScalar("a", 1, 1);
            writer.AddHistogram("b", [1, 2, 3], 1);
        }

        byte[] file = File.ReadAllBytes(folder.At(Name));
        int[] ends = [.. EventRecords.Of(file).Select(record => record.Length + 16)];
        Assert.Equal(3, ends.Length);
        Assert.Equal(file.Length, ends.Sum());
        Assert.Equal(2, EventRecords.Of(file.AsSpan(0, ends[0] + ends[1])).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => EventRecords.Of(file.AsSpan(0, file.Length - 1)));
        file[^6]++;
        Assert.ThrowsAny<Exception>(() => EventRecords.Of(file));
    }

    [Fact]
    public void What_was_added_can_be_read_after_a_flush_or_half_a_minute()
    {
        using var folder = new TemporaryFolder();
        var clock = new Clock();
        using var writer = new EventFileWriter(folder.At(Name), clock);
        Assert.Equal(1, Count());
        writer.AddScalar("x", 1, 1);
        Assert.Equal(1, Count());
        writer.Flush();
        Assert.Equal(2, Count());
        clock.Now += TimeSpan.FromSeconds(31);
        writer.AddScalar("x", 1, 2);
        Assert.Equal(3, Count());

        int Count()
        {
            using var file = new FileStream(folder.At(Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return EventRecords.Of(bytes).Count;
        }
    }

    [Fact]
    public void Files_of_a_folder_have_names_of_their_own()
    {
        using var folder = new TemporaryFolder();
        using var first = EventFileWriter.InFolder(folder.At("new/run"), new Clock());
        using var second = EventFileWriter.InFolder(folder.At("new/run"), new Clock());

        string pattern = $@"^events\.out\.tfevents\.1700000000\..+\.{Environment.ProcessId}\.\d+$";
        Assert.Matches(pattern, Path.GetFileName(first.Path));
        Assert.Matches(pattern, Path.GetFileName(second.Path));
        Assert.NotEqual(first.Path, second.Path);
        Assert.Equal(folder.At("new/run"), Path.GetDirectoryName(first.Path));
    }

    [Fact]
    public void What_is_wrong_is_refused()
    {
        using var folder = new TemporaryFolder();
        Refusal.Of<ArgumentException>(() => new EventFileWriter(folder.At("events.bin")), "tfevents");
        var writer = new EventFileWriter(folder.At(Name));
        Assert.Throws<IOException>(() => new EventFileWriter(folder.At(Name)));
        Assert.Throws<ArgumentException>(() => writer.AddScalar(" ", 1, 1));
        Refusal.Of<ArgumentOutOfRangeException>(() => writer.AddScalar("x", 1, -1), "step", "0 or more");
        Refusal.Of<ArgumentException>(() => new EventHistogram([0, 1], [1, 2], 0, 1, 1, 1), "2 bins", "has 2");
        Refusal.Of<ArgumentException>(() => new EventHistogram([0, 1, 1], [1, 2], 0, 1, 1, 1), "ascend");
        Refusal.Of<ArgumentException>(() => new EventHistogram([0, double.NaN, 1], [1, 2], 0, 1, 1, 1), "ascend");
        Refusal.Of<ArgumentException>(() => new EventHistogram([0, 1, 2], [1, -2], 0, 1, 1, 1), "negative");
        Assert.Throws<ArgumentOutOfRangeException>(() => EventHistogram.Of([1], bins: 0));
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.AddScalar("x", 1, 1));
        Assert.Single(EventRecords.Read(folder.At(Name)));
    }

    [Fact]
    public void Protoc_reads_every_record()
    {
        Assert.SkipUnless(IsInstalled("protoc"), "protoc is not installed");
        using var folder = new TemporaryFolder();
        using (var writer = new EventFileWriter(folder.At(Name)))
        {
            writer.AddScalar("loss/train", 0.5, 300);
            writer.AddHistogram("weights", [-1, 0, 1], 300);
            writer.AddRestart(300);
        }

        string[] texts = [.. EventRecords.Of(File.ReadAllBytes(folder.At(Name))).Select(Decoded)];
        Assert.Equal(4, texts.Length);
        Assert.Contains("3: \"brain.Event:2\"", texts[0], StringComparison.Ordinal);
        Assert.Contains("2: 300\n5 {\n  1 {\n    1: \"loss/train\"\n    2: 0x3f000000\n  }\n}", texts[1], StringComparison.Ordinal);
        Assert.Contains("1: \"weights\"\n    5 {\n      1: 0xbff0000000000000\n", texts[2], StringComparison.Ordinal);
        Assert.Contains("2: 301\n7 {\n  1: 1\n}", texts[3], StringComparison.Ordinal);
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Decoded(byte[] record)
    {
        using var process = Process.Start(new ProcessStartInfo("protoc", "--decode_raw")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        process.StandardInput.BaseStream.Write(record);
        process.StandardInput.Close();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    private static List<EventRecord> Written(Action<EventFileWriter> write, TimeProvider? time = null)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new EventFileWriter(folder.At(Name), time))
        {
            write(writer);
        }

        return EventRecords.Read(folder.At(Name));
    }

    /// <summary>A clock that stands until it is set.</summary>
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
