using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Pooling of images [N, C, H, W], or of sequences [N, C, L], which are images of one row.</summary>
public abstract class PoolingLayer : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly string _name, _settings;
    private readonly bool _isOfSequences;

    private protected PoolingLayer(string name, string settings, bool isOfSequences) =>
        (_name, _settings, _isOfSequences) = (name, settings, isOfSequences);

    int IFeatureLayer.FeatureAxis => 1;

    /// <inheritdoc/>
    public override string Describe() => $"{_name}({_settings})";

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input)
    {
        if (!_isOfSequences)
        {
            return Pool(input);
        }

        Operation.Check(_name, input);
        return input.Rank == 3
            ? Pool(input.Unsqueeze(2)).Squeeze(2)
            : throw new ShapeException(_name, $"an input of shape {input.Shape}", "sequences have the axes [batch, channels, length]");
    }

    private protected abstract Tensor Pool(Tensor images);
}

/// <summary>Pooling under each place of a window.</summary>
public abstract class WindowPooling : PoolingLayer
{
    /// <summary>Pooling of images.</summary>
    private protected WindowPooling(string name, Extent kernelSize, Extent? stride, Extent padding, Extent dilation, bool ceiling)
        : base(name, Settings(kernelSize, stride, padding, dilation, ceiling), isOfSequences: false) =>
        (Window, Ceiling) = (WindowOf(kernelSize, stride ?? kernelSize, padding, dilation), ceiling);

    /// <summary>Pooling of sequences.</summary>
    private protected WindowPooling(string name, int kernelSize, int? stride, int padding, int dilation, bool ceiling)
        : base(name, Settings(kernelSize, stride, padding, dilation, ceiling), isOfSequences: true) =>
        (Window, Ceiling) = (WindowOf((1, kernelSize), (1, stride ?? kernelSize), (0, padding), (1, dilation)), ceiling);

    private protected Window Window { get; }

    /// <summary>Whether the number of places is rounded up.</summary>
    private protected bool Ceiling { get; }

    /// <summary>The size of the window, and of the other settings what differs from the defaults.</summary>
    private static string Settings(Extent kernelSize, Extent? stride, Extent padding, Extent dilation, bool ceiling) =>
        $"{kernelSize}{(stride is { } step && step != kernelSize ? $", stride {step}" : "")}{(padding == 0 ? "" : $", padding {padding}")}"
        + $"{(dilation == 1 ? "" : $", dilation {dilation}")}{(ceiling ? ", ceiling" : "")}";

    private static Window WindowOf(Extent kernelSize, Extent stride, Extent padding, Extent dilation)
    {
        kernelSize.EnsurePositive(nameof(kernelSize));
        stride.EnsurePositive(nameof(stride));
        dilation.EnsurePositive(nameof(dilation));
        padding.EnsureNotNegative(nameof(padding));
        var window = new Window(
            new WindowAxis(kernelSize.Height, stride.Height, dilation.Height, padding.Height, padding.Height),
            new WindowAxis(kernelSize.Width, stride.Width, dilation.Width, padding.Width, padding.Width));
        Autograd.Pooling.CheckPadding(window.Height, nameof(padding));
        Autograd.Pooling.CheckPadding(window.Width, nameof(padding));
        return window;
    }
}

/// <summary>Pooling of each of a number of parts that cover an image or a sequence evenly.</summary>
public abstract class AdaptivePooling : PoolingLayer
{
    /// <summary>Pooling of images.</summary>
    private protected AdaptivePooling(string name, Extent outputSize) : base(name, $"{outputSize}", isOfSequences: false) =>
        OutputSize = outputSize.EnsurePositive(nameof(outputSize));

    /// <summary>Pooling of sequences.</summary>
    private protected AdaptivePooling(string name, int outputSize) : base(name, $"{outputSize}", isOfSequences: true) =>
        OutputSize = (1, Require.Positive(outputSize));

    private protected Extent OutputSize { get; }
}
