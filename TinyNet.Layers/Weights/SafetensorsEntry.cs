namespace TinyNet.Layers;

/// <summary>A tensor in a <see cref="SafetensorsFile"/>.</summary>
public sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, string type, long[] shape, long begin, long end) =>
        (Name, Type, Shape, Begin, End) = (name, type, shape, begin, end);

    /// <summary>The name: <c>features.0.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The type of the numbers, as the format calls it: <c>F32</c>, <c>BF16</c>, <c>I64</c> and so on.</summary>
    public string Type { get; }

    /// <summary>The sizes along the axes; a file may have larger ones than a <see cref="Core.Shape"/>.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Where the data begin, counted from the first byte after the header.</summary>
    internal long Begin { get; }

    /// <summary>Where the data end.</summary>
    internal long End { get; }

    /// <summary>Name, type and shape.</summary>
    public override string ToString() => $"{Name}: {Type} {Show(Shape)}";

    internal static string Show(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
