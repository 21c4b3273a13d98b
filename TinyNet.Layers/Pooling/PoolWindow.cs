using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The settings that pooling layers share: how they are checked, run and shown.</summary>
internal static class PoolWindow
{
    /// <summary>A window whose stride, where none is given, is its size.</summary>
    public static Window Of(Extent kernelSize, Extent? stride, Extent padding, Extent dilation)
    {
        var (size, step) = (kernelSize.EnsurePositive(nameof(kernelSize)), (stride ?? kernelSize).EnsurePositive(nameof(stride)));
        dilation.EnsurePositive(nameof(dilation));
        padding.EnsureNotNegative(nameof(padding));
        if (2 * padding.Height > size.Height || 2 * padding.Width > size.Width)
        {
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"padding is at most half the window of {size}");
        }

        return new Window(
            new WindowAxis(size.Height, step.Height, dilation.Height, padding.Height, padding.Height),
            new WindowAxis(size.Width, step.Width, dilation.Width, padding.Width, padding.Width));
    }

    /// <summary>A window over sequences: images of one row.</summary>
    public static Window OfSequence(int kernelSize, int? stride, int padding, int dilation) =>
        Of((1, kernelSize), stride is { } step ? (1, step) : null, (0, padding), (1, dilation));

    /// <summary>The layer with what differs from the defaults.</summary>
    public static string Name(string type, Extent kernelSize, Extent? stride, Extent padding, Extent dilation, bool ceiling) =>
        $"{type}({kernelSize}{(stride is { } s && s != kernelSize ? $", stride {s}" : "")}{(padding == 0 ? "" : $", padding {padding}")}"
        + $"{(dilation == 1 ? "" : $", dilation {dilation}")}{(ceiling ? ", ceiling" : "")})";

    /// <summary>Sequences [N, C, L] as images of one row.</summary>
    public static Tensor AsImages(string name, Tensor input)
    {
        Operation.Check(name, input);
        return input.Rank == 3 ? input.Unsqueeze(2) : throw new ShapeException(name, $"an input of shape {input.Shape}", "sequences have the axes [batch, channels, length]");
    }
}
