namespace TinyNet.Tests.Architecture;

/// <summary>
/// The arrows between the folders of a project, as its sources name types and call extension methods. Any other arrow fails, and so does
/// an unlisted folder.
/// </summary>
public class FolderTests
{
    private static readonly string[] Projects =
    [
        "TinyNet.Core", "TinyNet.Autograd", "TinyNet.Layers", "TinyNet.Data", "TinyNet.Images", "TinyNet.Training",
        "TinyNet.Analysis", "TinyNet.Plots", "TinyNet.Ilgpu", "TinyNet.Bench",
    ];

    private static readonly string PeersProject = Path.Combine("TinyNet.Bench", "peers");

    // Math.Exp, and Where of a sequence, are no operations on tensors.
    private static readonly string[] MethodsOfTheRuntime =
    [
        .. new[] { typeof(Math), typeof(Array), typeof(Enumerable), typeof(MemoryExtensions) }
            .SelectMany(type => type.GetMethods())
            .Select(method => method.Name),
    ];

    // What both devices are written in; Tensors stands for its whole row.
    private static readonly string[] Words = ["Lanes", "Elementwise", "Random", "Tensors", "Errors"];

    // What every family of kernels is written in.
    private static readonly string[] Kernels = [.. Words, "Cpu/Vectors", "Cpu/Threads", "Cpu/Memory"];

    // Tensors, Memory and Devices belong together: a tensor is memory that a device has, and a device computes with tensors.
    private static readonly FolderArrows Core = new(
        new Dictionary<string, string[]>
        {
            ["Errors"] = [],
            ["Lanes"] = [],
            ["Elementwise"] = ["Lanes"],
            ["Random"] = ["Errors"],
            ["Tensors, Memory, Devices"] = ["Lanes", "Elementwise", "Random", "Errors"],
            ["Reference"] = Words,
            ["Cpu/Vectors"] = ["Lanes"],
            ["Cpu/Threads"] = ["Lanes", "Cpu/Vectors"],
            ["Cpu/Memory"] = Words,
            ["Cpu/Maps"] = Kernels,
            ["Cpu/Indexing"] = [.. Kernels, "Cpu/Maps"],
            ["Cpu/Reductions"] = [.. Kernels, "Cpu/Maps"],
            ["Cpu/Pooling"] = [.. Kernels, "Cpu/Maps", "Cpu/Reductions"],
            ["Cpu/Random"] = [.. Kernels, "Cpu/Maps"],
            ["Cpu/Softmax"] = [.. Kernels, "Cpu/Reductions"],
            ["Cpu/Normalization"] = [.. Kernels, "Cpu/Maps", "Cpu/Reductions"],
            ["Cpu/Resizing"] = [.. Kernels, "Cpu/Maps", "Cpu/Pooling"],
            ["Cpu/MatrixProduct"] = [.. Kernels, "Cpu/Maps"],
            ["Cpu/Attention"] = [.. Kernels, "Cpu/Maps", "Cpu/MatrixProduct"],
            ["Cpu/Recurrence"] = [.. Kernels, "Cpu/Maps", "Cpu/MatrixProduct"],
            ["Cpu/Convolution"] = [.. Kernels, "Cpu/Maps", "Cpu/MatrixProduct", "Cpu/Reductions", "Cpu/Normalization"],
            ["Cpu"] =
            [
                .. Kernels, "Cpu/Maps", "Cpu/Indexing", "Cpu/Reductions", "Cpu/Pooling", "Cpu/Random", "Cpu/Softmax", "Cpu/Normalization",
                "Cpu/Resizing", "Cpu/MatrixProduct", "Cpu/Attention", "Cpu/Recurrence", "Cpu/Convolution",
            ],
        },
        // The one place that knows both devices.
        new Dictionary<string, string[]> { ["Devices/Device.Known.cs"] = ["Cpu", "Reference"] });

    private static readonly FolderArrows Autograd = new(new Dictionary<string, string[]>
    {
        ["Tape"] = [],
        ["Operations"] = ["Tape"],
        ["Optimizers"] = ["Tape", "Operations"],
        ["Checking"] = ["Tape"],
        ["Schedules"] = ["Optimizers"],
    });

    private static readonly FolderArrows Layers = new(new Dictionary<string, string[]>
    {
        ["Modules"] = [],
        ["Initializers"] = [],
        ["Losses"] = [],
        ["Activations"] = ["Modules"],
        ["Normalization"] = ["Modules"],
        ["Pooling"] = ["Modules"],
        ["Regularization"] = ["Modules"],
        ["Resizing"] = ["Modules"],
        ["Inspection"] = ["Modules"],
        ["Weights"] = ["Modules"],
        ["Linear"] = ["Modules", "Initializers"],
        ["Convolution"] = ["Modules", "Initializers"],
        ["Embeddings"] = ["Modules", "Initializers"],
        ["Recurrent"] = ["Modules", "Activations"],
        ["Blocks"] = ["Modules", "Initializers", "Activations", "Linear", "Normalization"],
        ["Attention"] = ["Modules", "Initializers", "Activations", "Linear", "Normalization", "Regularization"],
    });

    private static readonly FolderArrows Data = new(new Dictionary<string, string[]>
    {
        ["Fields"] = [],
        ["Datasets"] = ["Fields"],
        ["Loader"] = ["Datasets"],
        ["Arrays"] = ["Fields", "Datasets"],
        ["Digits"] = ["Datasets", "Arrays", "Files"],
        ["Synthetic"] = ["Datasets", "Arrays"],
        ["Files"] = [],
        ["Downloads"] = ["Files"],
        ["Images"] = ["Fields", "Datasets", "Files", "Downloads"],
        ["Tables"] = ["Datasets", "Arrays", "Files"],
        ["Numpy"] = ["Files"],
        ["Text"] = ["Datasets", "Arrays", "Files"],
        ["Transforms"] = ["Fields", "Datasets"],
    });

    private static readonly FolderArrows Training = new(new Dictionary<string, string[]>
    {
        ["Metrics"] = [],
        ["History"] = [],
        ["Averaging"] = ["Checkpoints"],
        ["Checkpoints"] = ["History"],
        ["Loop"] = ["Metrics", "History", "Averaging", "Checkpoints"],
        ["Callbacks"] = ["History", "Loop"],
    });

    private static readonly FolderArrows Analysis = new(new Dictionary<string, string[]>
    {
        ["Statistics"] = [],
        ["Figures"] = ["Statistics"],
        ["Monitors"] = ["Statistics"],
        ["Diagnosis"] = ["Statistics", "Monitors", "Figures"],
        ["Probes"] = ["Statistics", "Figures"],
        ["Events"] = ["Statistics", "Monitors"],
        ["Reports"] = ["Figures", "Statistics", "Monitors", "Diagnosis", "Probes"],
    });

    private static readonly FolderArrows Plots = new(new Dictionary<string, string[]> { ["."] = [] });

    private static readonly FolderArrows Images = new(new Dictionary<string, string[]>
    {
        ["Decoding"] = [],
        ["Resizing"] = ["Decoding"],
        ["."] = ["Decoding", "Resizing"],
    });

    // What every family of kernels of the GPU is written in; the device and what runs it belong together.
    private static readonly string[] GpuKernels = ["Lanes", "Views", "."];

    private static readonly string[] GpuFamilies =
    [
        "Maps", "Indexing", "Reductions", "Statistics", "Pooling", "Random", "Softmax", "Normalization", "Updates", "Recurrence",
        "MatrixProduct", "Attention", "Convolution",
    ];

    private static readonly FolderArrows Ilgpu = new(
        new Dictionary<string, string[]>
        {
            ["Lanes"] = [],
            ["., Runtime"] = ["Lanes"],
            ["Views"] = ["."],
            ["Maps"] = GpuKernels,
            ["Indexing"] = GpuKernels,
            ["Reductions"] = GpuKernels,
            ["Statistics"] = GpuKernels,
            ["Pooling"] = GpuKernels,
            ["Random"] = GpuKernels,
            ["Softmax"] = GpuKernels,
            ["Normalization"] = [.. GpuKernels, "Reductions"],
            ["Updates"] = GpuKernels,
            ["Recurrence"] = [.. GpuKernels, "MatrixProduct"],
            ["MatrixProduct"] = GpuKernels,
            ["Attention"] = [.. GpuKernels, "MatrixProduct"],
            ["Convolution"] = [.. GpuKernels, "MatrixProduct"],
        },
        // They say who computes what.
        new Dictionary<string, string[]> { ["IlgpuDevice.cs"] = GpuFamilies, ["IlgpuDevice.Products.cs"] = GpuFamilies });

    private static readonly FolderArrows Bench = new(new Dictionary<string, string[]>
    {
        ["Common"] = [],
        ["Peer"] = ["Common"],
        ["Onnx"] = ["Common", "Peer"],
        ["Ratio"] = ["Common", "Peer", "Onnx"],
        ["Benchmarks"] = ["Peer"],
        ["Devices"] = ["Common", "Peer"],
        ["Soak"] = ["Common"],
        ["Loader"] = ["Common", "Peer"],
        ["Monitor"] = ["Common", "Peer"],
        ["Crash"] = ["Common", "Peer", "Fingerprint"],
        ["Docs"] = ["Common", "Devices"],
        ["Conformance/Cases"] = [],
        ["Conformance/Families"] = ["Conformance/Cases"],
        ["Conformance"] = ["Common", "Conformance/Cases", "Conformance/Families"],
        ["Fingerprint"] = ["Common", "Peer", "Conformance", "Conformance/Cases"],
        ["Hunt/Numbers"] = ["Common"],
        ["Hunt/Api"] = ["Common", "Fingerprint"],
        ["Hunt/Files"] = ["Common"],
        ["Hunt"] = ["Common", "Peer", "Hunt/Numbers", "Hunt/Api", "Hunt/Files"],
        ["Inlining"] = ["Common", "Peer"],
        ["."] =
        [
            "Common", "Peer", "Onnx", "Ratio", "Benchmarks", "Devices", "Soak", "Loader", "Monitor", "Crash", "Docs", "Conformance",
            "Fingerprint", "Hunt", "Inlining",
        ],
    });

    // A program of its own in a folder of Bench.
    private static readonly FolderArrows Peers = new(new Dictionary<string, string[]>
    {
        ["Library"] = [],
        ["TorchSharp"] = ["Library"],
        ["OnnxRuntime"] = ["Library"],
        ["."] = ["Library", "TorchSharp", "OnnxRuntime"],
    });

    [Fact]
    public void The_folders_of_Core_use_only_what_their_arrows_allow() => Check("TinyNet.Core", Core);

    [Fact]
    public void The_folders_of_Autograd_use_only_what_their_arrows_allow() => Check("TinyNet.Autograd", Autograd);

    [Fact]
    public void The_folders_of_Layers_use_only_what_their_arrows_allow() => Check("TinyNet.Layers", Layers);

    [Fact]
    public void The_folders_of_Data_use_only_what_their_arrows_allow() => Check("TinyNet.Data", Data);

    [Fact]
    public void The_folders_of_Training_use_only_what_their_arrows_allow() => Check("TinyNet.Training", Training);

    [Fact]
    public void The_folders_of_Analysis_use_only_what_their_arrows_allow() => Check("TinyNet.Analysis", Analysis);

    [Fact]
    public void The_folders_of_Plots_use_only_what_their_arrows_allow() => Check("TinyNet.Plots", Plots);

    [Fact]
    public void The_folders_of_Images_use_only_what_their_arrows_allow() => Check("TinyNet.Images", Images);

    [Fact]
    public void The_folders_of_Ilgpu_use_only_what_their_arrows_allow() => Check("TinyNet.Ilgpu", Ilgpu);

    [Fact]
    public void The_folders_of_Bench_use_only_what_their_arrows_allow() => Check("TinyNet.Bench", Bench);

    [Fact]
    public void The_folders_of_the_peers_use_only_what_their_arrows_allow() => Check(PeersProject, Peers);

    private static void Check(string project, FolderArrows arrows)
    {
        var files = Sources(project);
        var methods = Projects.Where(other => other != project).SelectMany(Sources).SelectMany(file => file.Methods.Others)
            .Concat(MethodsOfTheRuntime)
            .ToHashSet();
        string[] faults = [.. arrows.Faults(files, methods)];

        Assert.NotEmpty(files);
        Assert.True(faults.Length == 0, $"{project}:\n{string.Join('\n', faults)}");
    }

    private static bool IsIn(string folder, string file) => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static SourceFile[] Sources(string project) =>
    [
        .. Repository.Files(".cs")
            .Where(file => IsIn(project, file) && (project == PeersProject || !IsIn(PeersProject, file)))
            .Select(file => new SourceFile(file[(project.Length + 1)..], Repository.Read(file))),
    ];
}
