using System.Buffers.Binary;
using System.Text;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>The file format: every type of numbers, and whatever is wrong with a file is told.</summary>
public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("f32")]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("f64")]
    [InlineData("bool")]
    [InlineData("u8")]
    [InlineData("i8")]
    [InlineData("i16")]
    [InlineData("i32")]
    [InlineData("i64")]
    [InlineData("scalar")]
    [InlineData("none")]
    public void Numbers_of_a_type_become_the_floats_of_PyTorch(string name)
    {
        using var file = SafetensorsFile.Open(PyTorchModels.File("types"));
        Tensor expected = file.Read(name + "-expected"), read = file.Read(name);

        Assert.Equal(expected.Shape, read.Shape);
        Assert.Equal(
            Array.ConvertAll(expected.ToArray(), BitConverter.SingleToInt32Bits),
            Array.ConvertAll(read.ToArray(), BitConverter.SingleToInt32Bits));
    }

    [Theory]
    [InlineData("U16", new byte[] { 255, 255 }, 65535f)]
    [InlineData("U32", new byte[] { 255, 255, 255, 255 }, 4294967296f)]
    [InlineData("U64", new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, 18446744073709551616f)]
    public void Unsigned_integers_are_read(string type, byte[] data, float expected)
    {
        string header = $"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":[1],\"data_offsets\":[0,{data.Length}]}}}}";
        using var file = SafetensorsFile.Open(Write(header, data));
        Assert.Equal(expected, file.Read("a").Item());
    }

    [Fact]
    public void Tensors_and_texts_come_back()
    {
        var random = new RandomStream(1);
        var tensors = new Dictionary<string, Tensor>
        {
            ["a \"quoted\" name, ünïcode 😀"] = Tensor.Normal([3, 700, 200], random),
            ["scalar"] = Tensor.FromScalar(float.NaN),
            ["empty"] = Tensor.Zeros([0, 3]),
            ["view"] = Tensor.Normal([2, 3], random).View(new Layout([2, 3]).Transpose(0, 1), "test"),
        };
        var metadata = new Dictionary<string, string> { ["options"] = "{\"layers\": [1, 2]}\n", ["ü"] = "😀", [""] = "" };
        SafetensorsFile.Write(_folder.At("all"), tensors, metadata);

        using var file = SafetensorsFile.Open(_folder.At("all"));
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(tensors.Keys, file.Entries.Select(entry => entry.Name));
        Assert.All(tensors, named => Assert.Equal(named.Value.Shape, file.Read(named.Key).Shape));
        Assert.All(tensors, named => Assert.Equal(named.Value.ToArray(), file.Read(named.Key).ToArray()));
    }

    /// <summary>The numbers begin at a multiple of 8, so that others can map them.</summary>
    [Fact]
    public void Data_are_aligned()
    {
        for (int length = 1; length < 10; length++)
        {
            SafetensorsFile.Write(_folder.At("a"), [KeyValuePair.Create(new string('a', length), Tensor.Ones([2]))]);
            byte[] bytes = File.ReadAllBytes(_folder.At("a"));
            Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
            Assert.Equal(bytes.Length - 8, 8 + BinaryPrimitives.ReadInt64LittleEndian(bytes));
        }
    }

    [Theory]
    [InlineData("", "the header: expected the JSON")]
    [InlineData("{", "the header: expected the JSON")]
    [InlineData("[]", "the header: expected an object, found StartArray")]
    [InlineData("{} {}", "the header: expected the JSON")]
    [InlineData("{\"\\ud800\":{}}", "the header: expected the JSON")]
    [InlineData("{\"a\":1}", "tensor 'a': expected an object, found Number")]
    [InlineData("{\"a\":{}}", "tensor 'a': expected dtype, shape and two data_offsets")]
    [InlineData("{\"__metadata__\":[]}", "__metadata__: expected an object")]
    [InlineData("{\"__metadata__\":{\"k\":1}}", "expected a text for 'k', found Number")]
    [InlineData("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", "__metadata__: expected each name once, found 'k' a second time")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", "found '__metadata__' a second time")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{}}", "found 'a' a second time")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "each once, found 'dtype'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"code\":\"x\"}}", "each once, found 'code'")]
    [InlineData("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", "numbers that is read: F32, F16")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}", "the header: expected the JSON")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}", "0 or more for shape, found '2.0'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "0 or more for shape, found '-2'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}", "found '99999999999999999999'")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        "tensor 'a': expected 12 bytes for F32 of shape [3], found a place from 0 to 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "a place from 8 to 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}}", "two data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}", "more than 2^63 bytes")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000],\"data_offsets\":[0,4000]}}",
        "tensor 'a': expected bytes 0 to 4000 of the data, found 8 bytes of data")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "byte 4 of the data: expected the end")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "tensor 'a': expected a begin at byte 0 of the data, where the tensor before ends, found byte 4")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "tensor 'b': expected a begin at byte 8 of the data, where the tensor before ends, found byte 4")]
    public void A_header_that_is_wrong_is_refused_by_what_is_wrong(string header, string message)
    {
        string path = Write(header, new byte[8]);
        Refusal.Of<DataFormatException>(() => SafetensorsFile.Open(path), path, message);
    }

    [Fact]
    public void A_length_that_the_file_does_not_have_is_refused_before_anything_is_allocated()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (ulong length in new ulong[] { 9, 1 << 20, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue })
        {
            byte[] bytes = new byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            File.WriteAllBytes(_folder.At("a"), bytes);
            Refusal.Of<DataFormatException>(() => SafetensorsFile.Open(_folder.At("a")), $"here at most 8 bytes, found {length} bytes");
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Other_files_are_told_apart()
    {
        File.WriteAllBytes(_folder.At("short"), [1, 2, 3]);
        File.WriteAllBytes(_folder.At("torch.pt"), [.. "PK\x03\x04"u8, .. new byte[100]]);
        Refusal.Of<DataFormatException>(() => SafetensorsFile.Open(_folder.At("short")), "found 3 bytes");
        Refusal.Of<DataFormatException>(() => SafetensorsFile.Open(_folder.At("torch.pt")), "file of torch.save");
        Refusal.Of<FileNotFoundException>(() => SafetensorsFile.Open(_folder.At("none")), "none");
        Assert.Throws<UnauthorizedAccessException>(() => SafetensorsFile.Open(_folder.Root));
    }

    [Fact]
    public void What_is_larger_than_a_tensor_is_refused_only_when_it_is_read()
    {
        using var file = SafetensorsFile.Open(Write(
            "{\"rank\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]},"
            + "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,9000000000000],\"data_offsets\":[4,4]},"
            + "\"one\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]}}",
            new byte[8]));
        Assert.Equal(0, file.Read("one").Item());
        Assert.Throws<ShapeException>(() => file.Read("rank"));
        Refusal.Of<ArgumentException>(() => file.Read("ome"), "no tensor 'ome' (did you mean 'one'?)");
        Assert.Equal("empty: F32 [0, 9000000000000]", file.Entries[1].ToString());
    }

    [Fact]
    public void What_cannot_be_written_is_refused_and_leaves_no_file()
    {
        var one = Tensor.Ones([1]);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(_folder.At("a"), [new("x", one), new("x", one)]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(_folder.At("a"), [new("__metadata__", one)]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(_folder.At("a"), [new("x", null!)]));
        Assert.Throws<ArgumentException>(
            () => SafetensorsFile.Write(_folder.At("a"), [], new Dictionary<string, string> { ["k"] = null! }));
        Assert.Throws<ArgumentException>(
            () => SafetensorsFile.Write(_folder.At("a"), [], new Dictionary<string, string> { ["k"] = new('x', 100_000_001) }));
        Assert.Empty(_folder.Names);
    }

    /// <summary>A file that is replaced while it is open stays what it was for its reader.</summary>
    [Fact]
    public void An_open_file_may_be_replaced()
    {
        string path = _folder.At("a");
        SafetensorsFile.Write(path, [new("x", Tensor.FromScalar(1))]);
        using var file = SafetensorsFile.Open(path);
        SafetensorsFile.Write(path, [new("y", Tensor.FromScalar(2))]);
        Assert.Equal(1, file.Read("x").Item());
        using var other = SafetensorsFile.Open(path);
        Assert.Equal(2, other.Read("y").Item());
    }

    /// <summary>Bits are flipped, pieces cut off and put in: exceptions are of the documented kinds, and memory stays small.</summary>
    [Theory]
    [InlineData("cnn", 1)]
    [InlineData("types", 2)]
    [InlineData("words", 3)]
    public void Damaged_files_give_typed_exceptions(string name, int seed)
    {
        byte[] whole = File.ReadAllBytes(PyTorchModels.File(name));
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        var random = new Random(seed);
        string path = _folder.At("damaged");
        int refused = 0;
        for (int i = 0; i < 700; i++)
        {
            byte[] damaged = Damage(whole, header, random);
            File.WriteAllBytes(path, damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var entry in file.Entries)
                {
                    file.Read(entry.Name);
                }
            }
            catch (Exception exception) when (exception is DataFormatException or ShapeException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        Assert.InRange(refused, 300, 699);
    }

    private static byte[] Damage(byte[] whole, int header, Random random)
    {
        var bytes = whole.ToList();
        for (int damages = random.Next(1, 4); damages > 0 && bytes.Count > 0; damages--)
        {
            // Most of it in the header, where it shows.
            int at = random.Next(random.Next(4) == 0 ? bytes.Count : Math.Min(header, bytes.Count));
            switch (random.Next(6))
            {
                case 0 or 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(random.Next(2) == 0 ? at : bytes.Count - 1 - random.Next(Math.Min(bytes.Count, 9)), 1);
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, "0123456789[]{}\",:-e\\"u8[random.Next(19)..].ToArray()[..1]);
                    break;
            }
        }

        return [.. bytes];
    }

    private string Write(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        string path = _folder.At("written");
        File.WriteAllBytes(path, [.. length, .. json, .. data]);
        return path;
    }
}
