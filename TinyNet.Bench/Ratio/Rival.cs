namespace TinyNet.Bench;

/// <summary>A library that does the same work.</summary>
internal enum PeerLibrary
{
    TorchSharp,
    OnnxRuntime,
}

/// <summary>What TinyNet is compared with: a library, as its user has it or in whatever way it is fastest.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Library">The library.</param>
/// <param name="AtBest">Whether variants, other allocators among them, count too.</param>
/// <param name="LeastRatio">Each ratio is to be at least this; 0 where there is no such aim.</param>
/// <param name="LeastMean">The geometric mean of the ratios is to be at least this; 0 where there is no such aim.</param>
internal sealed record Rival(string Name, PeerLibrary Library, bool AtBest, double LeastRatio = 0, double LeastMean = 0)
{
    public static readonly Rival TorchSharp = new("TorchSharp", PeerLibrary.TorchSharp, AtBest: false, LeastMean: 2.6);

    public static readonly Rival BestTorchSharp =
        new("TorchSharp at its best", PeerLibrary.TorchSharp, AtBest: true, LeastRatio: 1, LeastMean: 2.2);

    public static readonly Rival OnnxRuntime = new("OnnxRuntime", PeerLibrary.OnnxRuntime, AtBest: true, LeastRatio: 1);

    public static IReadOnlyList<Rival> All { get; } = [TorchSharp, BestTorchSharp, OnnxRuntime];

    /// <summary>Whether the library has such a workload: onnxruntime only has inference.</summary>
    public static bool Has(PeerLibrary library, string workload) =>
        library == PeerLibrary.TorchSharp || workload.StartsWith(OnnxModels.Prefix, StringComparison.Ordinal);
}
