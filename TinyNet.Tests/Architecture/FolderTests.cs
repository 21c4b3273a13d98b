namespace TinyNet.Tests.Architecture;

/// <summary>
/// The arrows between the folders of a project, as its sources name types. Any other arrow fails, and so does an unlisted folder.
/// </summary>
public class FolderTests
{
    // What both devices are written in; Tensors stands for its whole row.
    private static readonly string[] Words = ["Lanes", "Elementwise", "Random", "Tensors", "Errors"];

    // Tensors, Memory and Devices belong together: a tensor is memory that a device has, and a device computes with tensors.
    private static readonly FolderArrows Core = new(
        new Dictionary<string, string[]>
        {
            ["Errors"] = [],
            ["Lanes"] = [],
            ["Elementwise"] = ["Lanes"],
            ["Random"] = [],
            ["Tensors, Memory, Devices"] = ["Lanes", "Elementwise", "Random", "Errors"],
            ["Reference"] = Words,
            ["Cpu"] =
            [
                .. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps", "Cpu/MatrixProduct", "Cpu/Normalization",
                "Cpu/Convolution", "Cpu/Attention", "Cpu/Pooling", "Cpu/Resizing",
            ],
            ["Cpu/Threads"] = Words,
            ["Cpu/Memory"] = Words,
            ["Cpu/Maps"] = [.. Words, "Cpu/Threads", "Cpu/Memory"],
            ["Cpu/MatrixProduct"] = [.. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps"],
            ["Cpu/Normalization"] = [.. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps", "Cpu/MatrixProduct"],
            ["Cpu/Convolution"] = [.. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps", "Cpu/MatrixProduct", "Cpu/Normalization"],
            ["Cpu/Attention"] = [.. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps", "Cpu/MatrixProduct"],
            ["Cpu/Pooling"] = [.. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps", "Cpu/MatrixProduct"],
            ["Cpu/Resizing"] = [.. Words, "Cpu/Threads", "Cpu/Memory", "Cpu/Maps", "Cpu/MatrixProduct", "Cpu/Pooling"],
        },
        // The one place that knows both devices.
        new Dictionary<string, string[]> { ["Devices/Device.Known.cs"] = ["Cpu", "Reference"] });

    private static readonly FolderArrows Autograd = new(new Dictionary<string, string[]>
    {
        ["Tape"] = [],
        ["Operations"] = ["Tape"],
        ["Optimizers"] = ["Tape"],
        ["Schedules"] = ["Optimizers"],
        ["."] = ["Tape", "Operations"],
    });

    private static readonly FolderArrows Layers = new(new Dictionary<string, string[]>
    {
        ["Initializers"] = [],
        ["Losses"] = [],
        ["Modules"] = ["Initializers"],
        ["."] = ["Modules"],
        ["Activations"] = ["Modules"],
        ["Regularization"] = ["Modules", "Activations"],
        ["Linear"] = ["Modules", "Activations", "Initializers"],
        ["Normalization"] = ["Modules", "Activations"],
        ["Convolution"] = ["Modules", "Activations", "Initializers"],
        ["Pooling"] = ["Modules", "Convolution"],
        ["Resizing"] = ["Modules", "Activations", "Convolution"],
        ["Embeddings"] = ["Modules", "Initializers"],
        ["Recurrent"] = ["Modules", "Activations", "Initializers"],
        ["Attention"] = ["Modules", "Activations", "Initializers", "Linear", "Normalization", "Regularization"],
        ["Blocks"] = ["Modules", "Activations", "Initializers", "Linear"],
        ["Inspection"] = ["Modules"],
    });

    private static readonly FolderArrows Bench = new(new Dictionary<string, string[]>
    {
        ["Common"] = [],
        ["Peer"] = ["Common"],
        ["Benchmarks"] = ["Peer"],
        ["Soak"] = ["Common"],
        ["Docs"] = ["Common"],
        ["Conformance/Cases"] = [],
        ["Conformance/Families"] = ["Conformance/Cases"],
        ["Conformance"] = ["Common", "Conformance/Cases", "Conformance/Families"],
        ["Fingerprint"] = ["Common", "Peer", "Conformance", "Conformance/Cases"],
        ["."] = ["Common", "Peer", "Benchmarks", "Soak", "Docs", "Conformance", "Fingerprint"],
    });

    [Fact]
    public void The_folders_of_Core_use_only_what_their_arrows_allow() => Check("TinyNet.Core", Core);

    [Fact]
    public void The_folders_of_Autograd_use_only_what_their_arrows_allow() => Check("TinyNet.Autograd", Autograd);

    [Fact]
    public void The_folders_of_Layers_use_only_what_their_arrows_allow() => Check("TinyNet.Layers", Layers);

    [Fact]
    public void The_folders_of_Bench_use_only_what_their_arrows_allow() => Check("TinyNet.Bench", Bench);

    private static void Check(string project, FolderArrows arrows)
    {
        SourceFile[] files =
        [
            .. Repository.Files(".cs")
                .Where(file => file.StartsWith(project + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .Select(file => new SourceFile(file[(project.Length + 1)..], Repository.Read(file))),
        ];
        string[] faults = [.. arrows.Faults(files)];

        Assert.NotEmpty(files);
        Assert.True(faults.Length == 0, $"{project}:\n{string.Join('\n', faults)}");
    }
}
