using System.Buffers.Binary;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Images;

namespace TinyNet.Tests.Images;

/// <summary>Files that are no images, or not all of one: one kind of exception, which names the file.</summary>
public class DamagedImageTests
{
    private static readonly int[] Gray = [.. Enumerable.Range(0, 64)];

    private static byte[] Png => PngMaker.Make(8, 0, 8, Gray);

    public static TheoryData<string> Jpegs => ["photo", "photo-progressive", "photo-gray", "upright-6"];

    [Fact]
    public void What_is_no_image_is_refused()
    {
        Refuse([], "a PNG or a JPEG file", "nothing");
        Refuse("GIF89a......"u8.ToArray(), "a PNG or a JPEG file", "47494638");
        Refuse([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG or a JPEG file");
        Refuse([0xFF, 0xD8, 0xFF], "cut off");
        Refuse([0xFF, 0xD8, 0xFF, 0xD9], "an image that can be decoded");
    }

    [Fact]
    public void A_png_that_is_cut_off_anywhere_is_refused()
    {
        for (int length = 0; length < Png.Length; length++)
        {
            Refuse(Png[..length]);
        }
    }

    [Theory, MemberData(nameof(Jpegs))]
    public void A_jpeg_that_is_cut_off_anywhere_is_refused(string name)
    {
        byte[] whole = File.ReadAllBytes(Samples.At(name + ".jpg"));
        for (int length = 0; length < whole.Length; length += 7)
        {
            Refuse(whole[..length]);
        }

        Refuse(whole[..^1], "cut off");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_png_whose_pixels_are_too_few_or_too_many_is_refused(bool isInterlaced)
    {
        byte[] tooShort = PngMaker.Make(8, 0, 8, Gray[..56], isInterlaced);
        byte[] tooLong = PngMaker.Make(8, 0, 8, [.. Gray, .. Gray], isInterlaced);
        Refuse(WithHeight(tooShort, 8), "bytes of pixels", "cut off");
        Refuse(WithHeight(tooLong, 8), "bytes of pixels", "more");
    }

    [Fact]
    public void Bits_that_flipped_in_a_png_are_seen()
    {
        for (int at = 0; at < Png.Length; at++)
        {
            byte[] damaged = Png;
            damaged[at] ^= 4;
            Refuse(damaged);
        }
    }

    [Theory]
    [InlineData(70_000, 1)]
    [InlineData(1, 50_000_000)]
    [InlineData(60_000, 60_000)]
    [InlineData(0, 8)]
    [InlineData(-1, 8)]
    public void A_png_of_a_size_that_is_too_large_is_refused_before_memory_is_asked_for(int width, int height)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(WithHeight(WithWidth(Png, width), height), "67108864 in all", $"{(uint)width} x {height} pixels");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Pixels_that_a_file_cannot_have_are_refused()
    {
        Refuse(WithHeight(WithWidth(Png, 8000), 8000), "64008000 bytes of pixels", "64");
        byte[] jpeg = File.ReadAllBytes(Samples.At("photo.jpg"));
        int frame = jpeg.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 8000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 8000);
        Refuse(jpeg, "8000 x 8000");
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 65535);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 65535);
        Refuse(jpeg, "65535 x 65535");
    }

    [Fact]
    public void A_jpeg_of_very_many_scans_is_refused()
    {
        byte[] jpeg = File.ReadAllBytes(Samples.At("photo-progressive.jpg"));
        int scan = jpeg.AsSpan().LastIndexOf(new byte[] { 0xFF, 0xDA });
        byte[] many = [.. jpeg[..scan], .. Enumerable.Repeat(jpeg[scan..^2], 101).SelectMany(bytes => bytes), .. jpeg[^2..]];

        Refuse(many, "at most 100 scans");
    }

    [Fact]
    public void What_follows_the_end_is_passed_over()
    {
        byte[] jpeg = File.ReadAllBytes(Samples.At("photo.jpg"));
        Assert.Equal(Samples.Bits(Samples.Load(jpeg)), Samples.Bits(Samples.Load([.. jpeg, .. new byte[1000]])));
        Assert.Equal(Samples.Bits(Samples.Load(Png)), Samples.Bits(Samples.Load([.. Png, .. new byte[1000]])));
    }

    [Fact]
    public void What_the_decoder_would_get_wrong_is_refused_or_mended()
    {
        // It waits for ever for the pixels of passes that there are not, and reads beyond the end of a palette.
        Refuse(PngMaker.Make(1, 0, 8, [100], isInterlaced: true), "interlaced");
        Refuse(PngMaker.Make(1, 0, 16, [100], chunks: new CaseFile("tRNS", [0, 100])), "transparent color", "16 bits");
        var palette = new CaseFile("PLTE", [255, 255, 255]);
        var beyond = Samples.Load(PngMaker.Make(8, 3, 8, [.. Enumerable.Range(0, 8)], isInterlaced: true, palette));
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], beyond.ToArray()[..8]);

        // It takes the first piece of the pixels that is empty for the last.
        byte[] pixels = Png[(8 + 25)..^12], data = pixels[8..^4];
        byte[] pieces =
        [
            .. Png[..(8 + 25)], .. PngMaker.Chunk("IDAT", []), .. data.SelectMany(value => PngMaker.Chunk("IDAT", [value])),
            .. PngMaker.Chunk("IDAT", []), .. Png[^12..],
        ];
        Assert.Equal(Samples.Bits(Samples.Load(Png)), Samples.Bits(Samples.Load(pieces)));
    }

    [Fact]
    public void A_text_that_unpacks_to_very_much_is_not_unpacked()
    {
        byte[] text = PngMaker.Chunk("zTXt", [.. "Comment"u8, 0, 0, .. PngMaker.Compressed(new byte[1 << 26])]);
        byte[] bomb = [.. Png[..(8 + 25)], .. text, .. Png[(8 + 25)..]];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(Samples.Bits(Samples.Load(Png)), Samples.Bits(Samples.Load(bomb)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
    }

    [Fact]
    public void A_chunk_that_matters_and_is_not_known_is_refused()
    {
        Refuse([.. Png[..(8 + 25)], .. PngMaker.Chunk("CgBI", [1]), .. Png[(8 + 25)..]], "CgBI");
        Refuse(PngMaker.Make(8, 3, 8, Gray), "a palette");
        Refuse([.. Png[..8], .. Png[(8 + 25)..]], "IHDR", "IDAT");
    }

    private static byte[] WithWidth(byte[] png, int width) => WithSize(png, 16, width);

    private static byte[] WithHeight(byte[] png, int height) => WithSize(png, 20, height);

    private static byte[] WithSize(byte[] png, int at, int size)
    {
        byte[] header = png[16..29];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(at - 16), size);
        return [.. png[..8], .. PngMaker.Chunk("IHDR", header), .. png[33..]];
    }

    private static void Refuse(byte[] bytes, params string[] parts)
    {
        using var folder = new TemporaryFolder(new CaseFile("x.png", bytes));
        string path = folder.At("x.png");
        var exception = Refusal.Of<DataFormatException>(() => ImageFile.Load(path), [path, .. parts]);
        Assert.Equal(path, exception.File);
    }
}
