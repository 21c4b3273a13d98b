using TinyNet.Autograd;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Files that NumPy 1.24 has written, and what is written for it.</summary>
public class NumpyTests
{
    // np.savez and np.savez_compressed of x = arange(4) / 4 in float32 and y = [1, 0] in int64.
    private const string Stored =
        "UEsDBBQAAAAAAAAAIQCiPFBXkAAAAJAAAAAFABQAeC5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29y"
        + "ZGVyJzogRmFsc2UsICdzaGFwZSc6ICg0LCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAA"
        + "AAAAgD4AAAA/AABAP1BLAwQUAAAAAAAAACEAcfs5q5AAAACQAAAABQAUAHkubnB5AQAQAJAAAAAAAAAAkAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICc8aTgn"
        + "LCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "ICAgICAgICAgCgEAAAAAAAAAAAAAAAAAAABQSwECFAMUAAAAAAAAACEAojxQV5AAAACQAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwECFAMUAAAAAAAAACEA"
        + "cfs5q5AAAACQAAAABQAAAAAAAAAAAAAAgAHHAAAAeS5ucHlQSwUGAAAAAAIAAgBmAAAAjgEAAAAA";
    private const string Compressed =
        "UEsDBBQAAAAIAAAAIQCiPFBXTwAAAJAAAAAFABQAeC5ucHkBABAAkAAAAAAAAABPAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59f"
        + "lJIKEndLzClOBYoXZyQWpAL5GiY6mjoKtQoUAC4GMGiwAxL2DAwO9gBQSwMEFAAAAAgAAAAhAHH7OatIAAAAkAAAAAUAFAB5Lm5weQEAEACQAAAAAAAAAEgAAAAA"
        + "AAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALkYGVAAAUEsBAhQDFAAAAAgAAAAhAKI8"
        + "UFdPAAAAkAAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAhQDFAAAAAgAAAAhAHH7OatIAAAAkAAAAAUAAAAAAAAAAAAAAIABhgAAAHkubnB5UEsFBgAAAAAC"
        + "AAIAZgAAAAUBAAAAAA==";

    // np.asfortranarray(np.arange(24, dtype='<i4').reshape(2, 3, 4)), the elements as they stand in its file.
    private static readonly int[] Fortran =
        [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];

    public static TheoryData<string, NumpyType, string> Types => new()
    {
        // np.array([0, 1, 2, 3, 100, 1]).astype(..).reshape(2, 3)
        { "|b1", NumpyType.Bool, "000101010101" },
        { "|i1", NumpyType.Int8, "000102036401" },
        { "|u1", NumpyType.UInt8, "000102036401" },
        { "<i2", NumpyType.Int16, "000001000200030064000100" },
        { "<u2", NumpyType.UInt16, "000001000200030064000100" },
        { "<i4", NumpyType.Int32, "000000000100000002000000030000006400000001000000" },
        { "<u4", NumpyType.UInt32, "000000000100000002000000030000006400000001000000" },
        { "<i8", NumpyType.Int64, "000000000000000001000000000000000200000000000000030000000000000064000000000000000100000000000000" },
        { "<u8", NumpyType.UInt64, "000000000000000001000000000000000200000000000000030000000000000064000000000000000100000000000000" },
        { "<f2", NumpyType.Float16, "0000003c004000424056003c" },
        { "<f4", NumpyType.Float32, "000000000000803f00000040000040400000c8420000803f" },
        { "<f8", NumpyType.Float64, "0000000000000000000000000000f03f000000000000004000000000000008400000000000005940000000000000f03f" },
    };

    [Theory, MemberData(nameof(Types))]
    public void Every_type_is_read_and_written_as_numpy_does(string description, NumpyType type, string elements)
    {
        byte[] bytes = FileMaker.NpyOf(description, "False", "(2, 3)", Convert.FromHexString(elements));
        using var folder = new TemporaryFolder();
        var array = Npy.Load(folder.Write(new CaseFile("a.npy", bytes)));
        Npy.Save(folder.At("b.npy"), array);
        float[] expected = type == NumpyType.Bool ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 100, 1];

        Assert.Equal((type, new Shape(2, 3)), (array.Type, array.Shape));
        Assert.Equal(expected, array.ToFloats());
        Assert.Equal(expected, array.ToTensor().ToArray());
        Assert.Equal(expected.Select(value => (double)value), array.ToDoubles());
        Assert.Equal(bytes, File.ReadAllBytes(folder.At("b.npy")));
        if (type < NumpyType.Float16)
        {
            Assert.Equal(expected.Select(value => (int)value), array.ToIndexTensor().ToArray());
            Assert.Equal(expected.Select(value => (long)value), array.ToLongs());
        }
        else
        {
            Refusal.Of<TensorException>(() => array.ToInts(), $"{type}");
        }
    }

    [Fact]
    public void The_order_of_Fortran_becomes_row_major()
    {
        var array = Load("<i4", "True", "(2, 3, 4)", [.. Fortran.SelectMany(BitConverter.GetBytes)]);

        Assert.Equal(new Shape(2, 3, 4), array.Shape);
        Assert.Equal(Enumerable.Range(0, 24), array.ToInts());
    }

    [Fact]
    public void Numbers_and_empty_arrays_have_their_shapes()
    {
        Assert.Equal(("Float32 []", 2.5f), ($"{Load("<f4", "False", "()", [0, 0, 0x20, 0x40])}",
            Load("<f4", "False", "()", [0, 0, 0x20, 0x40]).ToFloats()[0]));
        Assert.Equal("Int64 [0, 3]", $"{Load("<i8", "True", "(0, 3)", [])}");
        Assert.Equal("UInt8 [1]", $"{Load("|u1", "False", "(1,)", [7])}");
    }

    [Fact]
    public void What_does_not_fit_is_rounded_once_or_refused()
    {
        // 2^63 + 2^39 + 1 is just above the middle of two floats, 2^63 and 2^63 + 2^40; as a double it would be in the middle.
        Assert.Equal(9223373136366403584f, NumpyArray.From<ulong>([(1UL << 63) + (1UL << 39) + 1], [1]).ToFloats()[0]);
        Assert.Equal(float.PositiveInfinity, NumpyArray.From<double>([1e39], [1]).ToFloats()[0]);
        Assert.Equal([long.MaxValue, long.MinValue], NumpyArray.From<long>([long.MaxValue, long.MinValue], [2]).ToLongs());
        Refusal.Of<TensorException>(() => NumpyArray.From<long>([0, 1L << 31], [2]).ToInts(), "element 1", "2147483648");
        Refusal.Of<TensorException>(() => NumpyArray.From<ulong>([ulong.MaxValue], [1]).ToLongs(), "element 0", "18446744073709551615");
        Refusal.Of<ShapeException>(() => NumpyArray.From<float>([1, 2], [3]), "2 values", "[3]");
        Refusal.Of<NotSupportedException>(() => NumpyArray.From<decimal>([1], [1]), "Decimal");
    }

    [Fact]
    public void Tensors_go_through_files()
    {
        using var folder = new TemporaryFolder();
        Npz.Save(folder.At("a.npz"), new Dictionary<string, NumpyArray>
        {
            ["x"] = NumpyArray.From(Tensor.From([1, 2, 3, 4, 5, 6], [2, 3]).Transpose()),
            ["layer.0/labels"] = NumpyArray.From(IndexTensor.From(3, -1)),
        }, compressed: true);
        var arrays = Npz.Load(folder.At("a.npz"));

        Assert.Equal(["layer.0/labels", "x"], arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((new Shape(3, 2), NumpyType.Float32), (arrays["x"].Shape, arrays["x"].Type));
        Assert.Equal([1, 4, 2, 5, 3, 6], arrays["x"].ToTensor().ToArray());
        Assert.Equal([3, -1], arrays["layer.0/labels"].ToIndexTensor().ToArray());
    }

    [Theory]
    [InlineData(Stored)]
    [InlineData(Compressed)]
    public void Archives_of_numpy_are_read(string base64)
    {
        using var folder = new TemporaryFolder();
        var arrays = Npz.Load(folder.Write(new CaseFile("a.npz", Convert.FromBase64String(base64))));

        Assert.Equal(["x", "y"], arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0, 0.25f, 0.5f, 0.75f], arrays["x"].ToFloats());
        Assert.Equal([1L, 0], arrays["y"].ToLongs());
    }

    /// <summary>The decoder of .NET would not see it.</summary>
    [Fact]
    public void A_flipped_bit_in_an_archive_is_refused()
    {
        byte[] bytes = Convert.FromBase64String(Stored);
        bytes[bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x80, 0x3E, 0, 0])] ^= 1;
        using var folder = new TemporaryFolder();
        string path = folder.Write(new CaseFile("a.npz", bytes));

        Assert.Equal($"{path}:x.npy", Refusal.Of<DataFormatException>(() => Npz.Load(path), "damaged").File);
    }

    [Fact]
    public void The_same_arrays_give_the_same_file_and_each_needs_a_name()
    {
        using var folder = new TemporaryFolder();
        var array = NumpyArray.From<bool>([true], [1]);
        Npz.Save(folder.At("a.npz"), [new("x", array)]);
        Npz.Save(folder.At("b.npz"), [new("x", array)]);

        Assert.Equal(File.ReadAllBytes(folder.At("a.npz")), File.ReadAllBytes(folder.At("b.npz")));
        Refusal.Of<ArgumentException>(() => Save([new("x", array), new("x", array)]), "'x'");
        Refusal.Of<ArgumentException>(() => Save([new("", array)]), "a name of its own");

        object? Save(KeyValuePair<string, NumpyArray>[] arrays)
        {
            Npz.Save(folder.At("c.npz"), arrays);
            return null;
        }
    }

    public static TheoryData<string, string, string, int, string> Wrong => new()
    {
        { ">f4", "False", "(2,)", 8, "'>f4'" },
        { "|O", "False", "(2,)", 16, "'|O'" },
        { "<c8", "False", "(2,)", 16, "'<c8'" },
        { "<f4", "None", "(2,)", 8, "True or False" },
        { "<f4", "False", "(2,)", 7, "the end of the file" },
        { "<f4", "False", "(2,)", 9, "the end of the file after" },
        { "<f4", "False", "(-2,)", 8, "a size from 0" },
        { "<f4", "False", "(2147483648,)", 8, "a size from 0" },
        { "<f4", "False", "(2147483647, 2)", 8, "2147483647 elements" },
        { "<f8", "False", "(2147483647,)", 8, "17179869176 bytes" },
        { "<f4", "False", "(1,1,1,1,1,1,1,1,1)", 4, "8 axes" },
        { "<f4", "False", "(2,", 8, "a size from 0" },
        { "<f4", "False", "(2,), 'shape': (2,)", 8, "once" },
        { "<f4", "False", "(2,), 'more': 3", 8, "'more'" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_no_such_file_is_refused(string type, string order, string shape, int count, string part)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(new CaseFile("a.npy", FileMaker.NpyOf(type, order, shape, new byte[count])));

        Assert.Equal(path, Refusal.Of<DataFormatException>(() => Npy.Load(path), part, "byte ").File);
    }

    [Fact]
    public void A_long_header_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(new CaseFile("a.npy", [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. "{"u8]));

        Assert.Equal("byte 8", Refusal.Of<DataFormatException>(() => Npy.Load(path), "4294967295").Place);
    }

    private static NumpyArray Load(string type, string order, string shape, byte[] elements)
    {
        using var folder = new TemporaryFolder();
        return Npy.Load(folder.Write(new CaseFile("a.npy", FileMaker.NpyOf(type, order, shape, elements))));
    }
}
