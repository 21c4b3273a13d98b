namespace TinyNet.Analysis;

/// <summary>The gradients of an activation applied over and over.</summary>
/// <param name="Name">The activation.</param>
/// <param name="Magnitudes">The mean of the gradient's magnitude at the input of each layer, the first layer first.</param>
public sealed record PureGradientFlow(string Name, IReadOnlyList<double> Magnitudes)
{
    /// <summary>A row for each layer.</summary>
    public Table ToTable() => new(
        $"gradient through {Magnitudes.Count} times {Name}", ["layer", "mean |gradient|"],
        [.. Magnitudes.Select((magnitude, i) => (object?[])[i + 1, magnitude])]);

    /// <summary>The magnitude over the depth that the gradient has passed.</summary>
    public Figure ToFigure() => new(
        $"Gradient through {Magnitudes.Count} times {Name}",
        new Panel("", new Axis("layers passed on the way back") { IsWhole = true }, new Axis("mean |gradient|") { IsLog = true },
            new Line(Name, [.. Enumerable.Range(1, Magnitudes.Count).Select(i => (double)i)], [.. Magnitudes.Reverse()])
            { HasMarkers = true }));
}

/// <summary>The gradient of a layer's weights.</summary>
/// <param name="Path">The path of the layer.</param>
/// <param name="Norm">The L2 norm; nan where no gradient came, as with frozen weights.</param>
public sealed record LayerGradient(string Path, double Norm);

/// <summary>The gradients of the weights of a network.</summary>
/// <param name="Name">The network.</param>
/// <param name="Layers">Its layers with weights, the one next to the input first.</param>
public sealed record NetworkGradientFlow(string Name, IReadOnlyList<LayerGradient> Layers)
{
    /// <summary>
    /// The largest norm by the smallest: infinite where some are 0 and some are not, nan where all are 0, or there are none.
    /// </summary>
    public double Ratio => Norms.Length == 0 ? double.NaN : Norms.Max() / Norms.Min();

    /// <summary>The norm of the first layer by that of the last: how much is left at the input; nan where both are 0.</summary>
    public double FirstByLast => Norms.Length == 0 ? double.NaN : Norms[0] / Norms[^1];

    /// <summary>How many layers have a gradient of exactly 0.</summary>
    public int ZeroLayers => Norms.Count(norm => norm == 0);

    private double[] Norms => [.. Layers.Select(layer => layer.Norm).Where(norm => !double.IsNaN(norm))];

    /// <summary>A row for each layer.</summary>
    public Table ToTable() => new(
        $"gradients of weights: {Name}", ["layer", "path", "L2 norm"],
        [.. Layers.Select((layer, i) => (object?[])[i + 1, layer.Path, double.IsNaN(layer.Norm) ? null : layer.Norm])]);

    /// <summary>The norm of each layer.</summary>
    public Figure ToFigure() => new GradientFlowStudy([this]).ToFigure();

    internal Line ToLine() =>
        new(Name, [.. Enumerable.Range(1, Layers.Count).Select(i => (double)i)], [.. Layers.Select(layer => layer.Norm)])
        {
            HasMarkers = true,
        };
}

/// <summary>The gradients of the weights of several networks.</summary>
/// <param name="Networks">The networks.</param>
public sealed record GradientFlowStudy(IReadOnlyList<NetworkGradientFlow> Networks)
{
    /// <summary>A row for each network.</summary>
    public Table ToTable() => new(
        "gradients of weights", ["network", "layers", "first layer", "last layer", "first / last", "max / min", "layers with 0"],
        [.. Networks.Select(network => (object?[])
        [
            network.Name, network.Layers.Count, network.Layers[0].Norm, network.Layers[^1].Norm, network.FirstByLast, network.Ratio,
            network.ZeroLayers,
        ])]);

    /// <summary>The norm of each layer of all networks.</summary>
    public Figure ToFigure()
    {
        var zeros = Networks.Where(network => network.ZeroLayers > 0).ToArray();
        return new Figure(
            Networks.Count == 1 ? $"Gradients of weights: {Networks[0].Name}" : "Gradients of weights",
            new Panel("", new Axis("layer") { IsWhole = true }, new Axis("L2 norm of the weights' gradient") { IsLog = true },
                [.. Networks.Select(network => network.ToLine())]))
        {
            Note = zeros.Length == 0 ? null : $"Left out, as they are 0: {string.Join(", ", zeros.Select(Share))}.",
        };

        static string Share(NetworkGradientFlow network) =>
            $"{network.ZeroLayers} of {network.Layers.Count} layers of {network.Name}";
    }
}
