using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Activations by name.</summary>
public static class Activation
{
    private static readonly SortedDictionary<string, Func<Module<Tensor, Tensor>>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["relu"] = static () => new ReLU(),
        ["sigmoid"] = static () => new Sigmoid(),
        ["softmax"] = static () => new Softmax(),
        ["tanh"] = static () => new Tanh(),
    };

    /// <summary>The names that <see cref="FromName"/> takes.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>A new module of a name such as <c>relu</c>.</summary>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static Module<Tensor, Tensor> FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Known.TryGetValue(name, out var create)
            ? create()
            : throw new ArgumentException($"no activation '{name}'; known are {string.Join(", ", Names)}", nameof(name));
    }
}
