using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace TinyNet.Bench;

/// <summary>
/// Makes small valid files of every format, with the encoders of the runtime or by hand, not with those of the libraries.
/// </summary>
internal static class FileMaker
{
    public const string CsvName = "table.csv", NpzName = "a.npz";
    private const int IdxSize = 28, CifarPixels = 3 * 32 * 32;
    private static readonly string[] Types = ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"];

    /// <summary>Four files of MNIST: three images for training, two for the test.</summary>
    public static CaseFile[] Idx(bool dotted)
    {
        string dot = dotted ? "." : "-";
        return
        [
            new($"train-images{dot}idx3-ubyte", IdxOf(Pixels(3 * IdxSize * IdxSize), 3, IdxSize, IdxSize)),
            new($"train-labels{dot}idx1-ubyte", IdxOf([7, 0, 9], 3)),
            new($"t10k-images{dot}idx3-ubyte", IdxOf(Pixels(2 * IdxSize * IdxSize), 2, IdxSize, IdxSize)),
            new($"t10k-labels{dot}idx1-ubyte", IdxOf([1, 2], 2)),
        ];
    }

    /// <summary>An IDX file of bytes.</summary>
    public static byte[] IdxOf(byte[] elements, params int[] sizes)
    {
        byte[] header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return [.. header, .. elements];
    }

    public static CaseFile[] Cifar10(Random random) =>
    [
        .. Enumerable.Range(1, 5).Select(i => new CaseFile($"data_batch_{i}.bin", Records(1 + random.Next(2), [(byte)i]))),
        new("test_batch.bin", Records(1, [9])),
    ];

    public static CaseFile[] Cifar100(Random random) =>
        [new("train.bin", Records(1 + random.Next(3), [19, 99])), new("test.bin", Records(1, [0, 50]))];

    /// <summary>A table with quoted names, a quoted field with a line break in it, and a class in the last column.</summary>
    public static CaseFile[] Csv() =>
    [
        new(CsvName, Encoding.UTF8.GetBytes("\"a\",b,\"the \"\"class\"\"\"\n1,2.5,x\n-3e-2,4,\"y, or\nz\"\n\n0.5,7,x\n")),
    ];

    /// <summary>An .npy file of a random type, shape and order.</summary>
    public static CaseFile Npy(string name, Random random)
    {
        string type = Types[random.Next(Types.Length)], order = random.Next(2) == 0 ? "True" : "False";
        int rows = random.Next(4), columns = 1 + random.Next(4);
        string shape = random.Next(3) switch { 0 => "()", 1 => $"({rows},)", _ => $"({rows}, {columns})" };
        int count = shape switch { "()" => 1, _ when shape.EndsWith(",)", StringComparison.Ordinal) => rows, _ => rows * columns };
        return new CaseFile(name, NpyOf(type, order, shape, Pixels(count * (type[^1] - '0'))));
    }

    public static CaseFile[] Npys(Random random) => [Npy("x.npy", random), Npy("y.npy", random)];

    /// <summary>An .npy file with a header of the given words.</summary>
    public static byte[] NpyOf(string type, string order, string shape, byte[] elements)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. elements];
    }

    /// <summary>The weights of a dense layer of 4 inputs and 3 outputs, as PyTorch has them.</summary>
    public static CaseFile Safetensors(string name)
    {
        byte[] header = Encoding.UTF8.GetBytes(
            """
            {"__metadata__":{"format":"pt"},"bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},
            "weight":{"dtype":"F32","shape":[3,4],"data_offsets":[12,60]}}
            """);
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return new CaseFile(name, [.. length, .. header, .. Pixels(60)]);
    }

    /// <summary>An image turned by EXIF.</summary>
    public static CaseFile Jpeg(string name, Random random) => new(name, JpegSamples.All[random.Next(JpegSamples.All.Length)]);

    public static CaseFile[] Texts(params string[] folders) =>
    [
        .. folders.SelectMany(folder => new[] { "0_1.txt", "1_9.txt" }
            .Select(file => new CaseFile($"{folder}/{file}", Encoding.UTF8.GetBytes($"A film – {folder}.<br />Don't!")))),
    ];

    /// <summary>Sentences in lines, in ISO 8859-1.</summary>
    public static CaseFile[] Sentences() =>
    [
        new("rt-polarity.neg", Encoding.Latin1.GetBytes("a dull film .\nna\u00efve , and long\n")),
        new("rt-polarity.pos", Encoding.Latin1.GetBytes("a moving film .\nwarm , and short\n")),
    ];

    public static CaseFile[] Gzip(CaseFile[] files) => [.. files.Select(file => new CaseFile(file.Name + ".gz", Gzip(file.Bytes)))];

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>An archive as the publisher of CIFAR makes it, with a small file more.</summary>
    public static CaseFile[] TarGz(string name, CaseFile[] files)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in files.Prepend(new CaseFile("readme.html", "read me"u8.ToArray())))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "cifar/" + file.Name)
                {
                    DataStream = new MemoryStream(file.Bytes),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }

        return [new CaseFile(name, Gzip(packed.ToArray()))];
    }

    public static CaseFile[] Zip(CaseFile[] files, bool isCompressed)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in files)
            {
                using var entry = archive.CreateEntry(file.Name, isCompressed ? CompressionLevel.Fastest : CompressionLevel.NoCompression)
                    .Open();
                entry.Write(file.Bytes);
            }
        }

        return [new CaseFile(NpzName, packed.ToArray())];
    }

    private static byte[] Records(int count, byte[] labels) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => labels.Concat(Pixels(CifarPixels)))];

    private static byte[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 37))];
}
