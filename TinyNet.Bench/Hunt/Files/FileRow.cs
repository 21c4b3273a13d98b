using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Images;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>A file of a case, by its name in the folder.</summary>
internal readonly record struct CaseFile(string Name, byte[] Bytes);

/// <summary>A reader of the libraries, with valid files for it.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Make">Makes small valid files, as they are unpacked.</param>
/// <param name="Pack">Makes of them what is read: compresses them, or puts them into an archive; null where that is nothing.</param>
/// <param name="Read">Reads what lies in a folder.</param>
/// <param name="IsRefusal">Whether an exception is a refusal that is meant; null for those of the readers of data.</param>
internal sealed record FileRow(
    string Name,
    Func<Random, CaseFile[]> Make,
    Func<CaseFile[], CaseFile[]>? Pack,
    Action<string> Read,
    Func<Exception, bool>? IsRefusal = null)
{
    /// <summary>Every reader.</summary>
    public static IReadOnlyList<FileRow> All { get; } =
    [
        new("mnist", _ => FileMaker.Idx(dotted: false), null, folder => Mnist.Load(folder)),
        new("mnist, dotted names", _ => FileMaker.Idx(dotted: true), null, folder => Mnist.Load(folder)),
        new("fashion-mnist, gzipped", _ => FileMaker.Idx(dotted: false), FileMaker.Gzip, folder => FashionMnist.Load(folder)),
        new("cifar10", FileMaker.Cifar10, null, folder => Cifar10.Load(folder)),
        new("cifar10, archive", FileMaker.Cifar10, files => FileMaker.TarGz("cifar-10-binary.tar.gz", files),
            folder => Cifar10.Load(folder)),
        new("cifar100", FileMaker.Cifar100, null, folder => Cifar100.Load(folder)),
        new("cifar100, archive", FileMaker.Cifar100, files => FileMaker.TarGz("cifar-100-binary.tar.gz", files),
            folder => Cifar100.Load(folder, groups: true)),
        new("csv, classes", _ => FileMaker.Csv(), null,
            folder => CsvTable.Load(Path.Combine(folder, FileMaker.CsvName)).ToClassification(^1)),
        new("csv, numbers", _ => FileMaker.Csv(), null,
            folder => CsvTable.Load(Path.Combine(folder, FileMaker.CsvName)).Numbers(0, 1)),
        new("npy", random => [FileMaker.Npy("a.npy", random)], null, folder => Use(Npy.Load(Path.Combine(folder, "a.npy")))),
        new("npz", FileMaker.Npys, files => FileMaker.Zip(files, isCompressed: false), ReadNpz),
        new("npz, compressed", FileMaker.Npys, files => FileMaker.Zip(files, isCompressed: true), ReadNpz),
        new("text folders", _ => FileMaker.Texts("b", "a"), null, folder => LabeledTexts.LoadFolder(folder)),
        new("imdb", _ => FileMaker.Texts("train/neg", "train/pos", "test/neg", "test/pos"), null, folder => ImdbReviews.Load(folder)),
        new("rt-polarity", _ => FileMaker.Sentences(), null, folder => SentencePolarity.Load(folder)),
        new("vocabulary", _ => [new("v.txt", "<pad>\n<unk>\nthe\nfilm\n"u8.ToArray())], null,
            folder => Vocabulary.Load(Path.Combine(folder, "v.txt"))),
        new("safetensors", _ => [FileMaker.Safetensors("w.safetensors")], null,
            folder => new Dense(4, 3).Load(Path.Combine(folder, "w.safetensors")),
            exception => exception is DataFormatException or TensorException),
        new("png", PngMaker.Chunks, PngMaker.PackFile, folder => ImageFile.Load(Path.Combine(folder, PngMaker.PngName))),
        new("jpeg", random => [FileMaker.Jpeg("a.jpg", random)], null,
            folder => ImageFile.Load(Path.Combine(folder, "a.jpg"), height: 8, width: 8, channels: 1)),
        new("image folder", random => [FileMaker.Jpeg("a/x.jpeg", random), FileMaker.Jpeg("b/y.PNG", random)], null,
            folder => new ImageFolder(folder, height: 8, width: 8).Load(0, 1),
            exception => exception is SampleException { InnerException: DataFormatException }),
        .. Enum.GetValues<CheckpointKind>().Select(OfCheckpoint),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static FileRow OfCheckpoint(CheckpointKind kind) => new(
        FormattableString.Invariant($"checkpoint, {kind}"), _ => CheckpointFiles.Make(kind), CheckpointFiles.Pack,
        folder => CheckpointFiles.Read(kind, folder), CheckpointFiles.IsRefusal);

    private static void ReadNpz(string folder)
    {
        foreach (var (_, array) in Npz.Load(Path.Combine(folder, FileMaker.NpzName)))
        {
            Use(array);
        }
    }

    private static void Use(NumpyArray array)
    {
        array.ToTensor();
        array.ToDoubles();
    }
}
