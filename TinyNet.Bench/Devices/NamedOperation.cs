using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>An operation of one tensor by name: an activation, or one of some others.</summary>
/// <param name="Run">Does it.</param>
/// <param name="Module">The module that it is of; null where it is of none.</param>
internal sealed record NamedOperation(Func<Tensor, Tensor> Run, Module? Module = null)
{
    /// <summary>The product of a square matrix with itself.</summary>
    public const string MatrixProduct = "matmul";

    private static readonly SortedDictionary<string, Func<int, NamedOperation>> Others = new(StringComparer.Ordinal)
    {
        ["add"] = static _ => new(static x => x + x),
        ["layer_norm"] = static width => Of(new LayerNorm(width)),
        [MatrixProduct] = static _ => new(static x => x.MatMul(x)),
        ["sum"] = static _ => new(static x => x.Sum()),
    };

    /// <summary>The names of those that are no activations.</summary>
    public static IReadOnlyCollection<string> OtherNames => Others.Keys;

    /// <summary>All names.</summary>
    public static string[] Names => [.. Activation.Names, .. OtherNames];

    /// <summary>An operation of a name, on the default device.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="width">The last size of the tensors that it will be given.</param>
    public static NamedOperation Find(string name, int width) =>
        Others.TryGetValue(name, out var make) ? make(width) : Of(Activation.FromName(name));

    private static NamedOperation Of(Module<Tensor, Tensor> module) => new(module.Forward, module);
}
