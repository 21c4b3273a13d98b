using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Weights written as F16 and BF16.</summary>
public sealed class FloatTypeTests : IDisposable
{
    // The bits of a float, and those of half() and bfloat16() of it by PyTorch 1.13: ends, halves between two, subnormal numbers.
    private static readonly (uint Float, ushort F16, ushort BF16)[] ByPyTorch =
    [
        (0x00000000, 0x0000, 0x0000), (0x80000000, 0x8000, 0x8000), (0x3F800000, 0x3C00, 0x3F80),
        (0xBF800000, 0xBC00, 0xBF80), (0x3DCCCCCD, 0x2E66, 0x3DCD), (0x40490FDB, 0x4248, 0x4049),
        (0xC2F6E979, 0xD7B7, 0xC2F7), (0x477FE000, 0x7BFF, 0x4780), (0x477FEFFF, 0x7BFF, 0x4780),
        (0xC77FEFFF, 0xFBFF, 0xC780), (0x33800000, 0x0001, 0x3380), (0x33000000, 0x0000, 0x3300),
        (0x33000001, 0x0001, 0x3300), (0x33C00000, 0x0002, 0x33C0), (0x387FC000, 0x03FF, 0x3880),
        (0x387FE000, 0x0400, 0x3880), (0x38800000, 0x0400, 0x3880), (0x387FDFFF, 0x03FF, 0x3880),
        (0x3F801000, 0x3C00, 0x3F80), (0x3F803000, 0x3C02, 0x3F80), (0x3F801001, 0x3C01, 0x3F80),
        (0x3F800FFF, 0x3C00, 0x3F80), (0x3F808000, 0x3C04, 0x3F80), (0x3F818000, 0x3C0C, 0x3F82),
        (0x3F808001, 0x3C04, 0x3F81), (0x3F807FFF, 0x3C04, 0x3F80), (0x00000001, 0x0000, 0x0000),
        (0x00008000, 0x0000, 0x0000), (0x00018000, 0x0000, 0x0002), (0x7F800000, 0x7C00, 0x7F80),
        (0xFF800000, 0xFC00, 0xFF80), (0x447A4000, 0x63D2, 0x447A), (0x3EAAAAAB, 0x3555, 0x3EAB),
        (0xBEAAAAAB, 0xB555, 0xBEAB), (0x42280000, 0x5140, 0x4228),
    ];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("a.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FloatType.F16)]
    [InlineData(FloatType.BF16)]
    public void Numbers_are_rounded_as_PyTorch_does(FloatType type)
    {
        var written = Tensor.From(Array.ConvertAll(ByPyTorch, numbers => BitConverter.UInt32BitsToSingle(numbers.Float)));
        SafetensorsFile.Write(Path, [KeyValuePair.Create("x", written)], type: type);

        byte[] data = File.ReadAllBytes(Path)[^(2 * ByPyTorch.Length)..];
        var bits = data.Chunk(2).Select(pair => (ushort)(pair[0] | (pair[1] << 8)));
        Assert.Equal(ByPyTorch.Select(numbers => type == FloatType.F16 ? numbers.F16 : numbers.BF16), bits);
        using var file = SafetensorsFile.Open(Path);
        Assert.Equal($"x: {type} [{ByPyTorch.Length}]", file.Entries[0].ToString());
    }

    /// <summary>What a type holds comes back as it was, all of it: of finite numbers, each pattern of bits.</summary>
    [Theory]
    [InlineData(FloatType.F16)]
    [InlineData(FloatType.BF16)]
    public void What_a_type_holds_comes_back(FloatType type)
    {
        float[] all =
        [
            .. Enumerable.Range(0, 1 << 16)
                .Select(bits => type == FloatType.F16
                    ? (float)BitConverter.UInt16BitsToHalf((ushort)bits)
                    : BitConverter.UInt32BitsToSingle((uint)bits << 16))
                .Where(number => !float.IsNaN(number)),
        ];
        SafetensorsFile.Write(Path, [KeyValuePair.Create("x", Tensor.From(all))], type: type);

        using var file = SafetensorsFile.Open(Path);
        Assert.Equal(Bits(all), Bits(file.Read("x").ToArray()));
    }

    [Theory]
    [InlineData(FloatType.F16)]
    [InlineData(FloatType.BF16)]
    public void A_nan_stays_one(FloatType type)
    {
        float[] nans = [float.NaN, -float.NaN, BitConverter.UInt32BitsToSingle(0x7F800001), BitConverter.UInt32BitsToSingle(0xFFFFFFFF)];
        SafetensorsFile.Write(Path, [KeyValuePair.Create("x", Tensor.From(nans))], type: type);

        using var file = SafetensorsFile.Open(Path);
        Assert.All(file.Read("x").ToArray(), number => Assert.True(float.IsNaN(number)));
    }

    /// <summary>Half a step above the largest is the first that would be rounded to an infinity.</summary>
    [Theory]
    [InlineData(FloatType.F16, 0x477FEFFF, 0x477FF000, "65520", "save as BF16 or F32")]
    [InlineData(FloatType.BF16, 0x7F7F7FFF, 0x7F7F8000, "3.3961775E+38", "save as F32")]
    public void What_is_too_large_is_refused_and_the_file_stays(FloatType type, int largest, int tooLarge, string shown, string remedy)
    {
        SafetensorsFile.Write(Path, [KeyValuePair.Create("x", Number(largest))], type: type);
        byte[] before = File.ReadAllBytes(Path);
        foreach (int sign in new[] { 0, int.MinValue })
        {
            Refusal.Of<TensorException>(
                () => SafetensorsFile.Write(Path, [new("y", Tensor.Ones([3])), new("x", Number(tooLarge | sign))], type: type),
                $"'x' has the number {(sign < 0 ? "-" : "")}{shown}, which is too large for {type}", remedy);
        }

        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(_folder.Names);

        static Tensor Number(int bits) => Tensor.FromScalar(BitConverter.Int32BitsToSingle(bits));
    }

    /// <summary>A count of batches is too large for F16 soon, and BF16 has no odd numbers above 256.</summary>
    [Theory]
    [InlineData(FloatType.F16, 11)]
    [InlineData(FloatType.BF16, 8)]
    public void Parameters_are_small_and_buffers_stay_as_they_are(FloatType type, int digits)
    {
        var model = new Sequential(new Dense(40, 30, random: new RandomStream(1)), new BatchNorm1d(30));
        var norm = (BatchNorm1d)model[1];
        norm.RunningVariance!.Fill(70_001);
        norm.RunningMean!.Fill(1.0000001f);
        model.Save(Path, type: type);

        var loaded = new Sequential(new Dense(40, 30), new BatchNorm1d(30));
        loaded.Load(Path);
        Assert.Equal(norm.RunningVariance!.ToArray(), ((BatchNorm1d)loaded[1]).RunningVariance!.ToArray());
        Assert.Equal(norm.RunningMean!.ToArray(), ((BatchNorm1d)loaded[1]).RunningMean!.ToArray());
        float[] expected = ((Dense)model[0]).Weight.ToArray(), found = ((Dense)loaded[0]).Weight.ToArray();
        Assert.All(expected.Zip(found), pair =>
            Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Max(Math.Abs(pair.First) * Math.Pow(2, -digits), Math.Pow(2, -25))));
        Assert.NotEqual(expected, found);
        using var file = SafetensorsFile.Open(Path);
        Assert.Equal(
            ["F32", "F32", "F32", $"{type}", $"{type}", $"{type}", $"{type}"], file.Entries.Select(entry => entry.Type));
    }

    /// <summary>PyTorch looks at the bytes of a file as floats only from a multiple of 4 on.</summary>
    [Theory]
    [InlineData(FloatType.F32)]
    [InlineData(FloatType.F16)]
    [InlineData(FloatType.BF16)]
    public void Each_tensor_begins_at_a_multiple_of_the_size_of_its_numbers(FloatType type)
    {
        new Sequential(new Dense(2, 1), new BatchNorm1d(1), new Dense(1, 1), new BatchNorm1d(1)).Save(Path, type: type);

        using var file = SafetensorsFile.Open(Path);
        Assert.All(file.Entries, entry => Assert.Equal(0, entry.Begin % (entry.Type == "F32" ? 4 : 2)));
        Assert.Equal(0, BitConverter.ToInt64(File.ReadAllBytes(Path)) % 8);
    }

    [Fact]
    public void Another_type_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SafetensorsFile.Write(Path, [], type: (FloatType)3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReLU().Save(Path, type: (FloatType)(-1)));
    }

    private static int[] Bits(float[] numbers) => Array.ConvertAll(numbers, BitConverter.SingleToInt32Bits);
}
