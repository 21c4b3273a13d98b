using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What convolutions share: the settings, and a weight and a bias that start by them.</summary>
public abstract class ConvolutionLayer : Module<Tensor, Tensor>, IFeatureLayer
{
    private readonly string _description;

    private protected ConvolutionLayer(
        in ConvolutionSettings settings, Initializer? weightInitializer, Initializer? biasInitializer, RandomStream? random)
    {
        CheckChannels(settings.InChannels, settings.OutChannels, settings.Groups);
        Window = settings.Window();
        (InChannels, OutChannels, Groups) = (settings.InChannels, settings.OutChannels, settings.Groups);
        random ??= RandomStream.Default;
        var fans = settings.Fans;
        var drawn = (weightInitializer ?? Initializer.FanInUniform).Make(settings.DrawnShape, fans, random);
        Weight = AddParameter(
            "weight", TapsOutside(drawn, settings.IsOfSequences), fileAxes: settings.IsOfSequences ? [2, 1, 0] : [3, 2, 0, 1]);
        Bias = settings.HasBias
            ? AddParameter("bias", (biasInitializer ?? Initializer.FanInUniform).Make([OutChannels], fans, random))
            : null;
        _description = $"{GetType().Name}({settings})";
    }

    /// <summary>The weight, with the axes that the layer's remarks name.</summary>
    public Parameter Weight { get; }

    /// <summary>The bias [out], if there is one.</summary>
    public Parameter? Bias { get; }

    /// <summary>The groups of channels.</summary>
    public int Groups { get; }

    /// <summary>The channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>The channels of the output.</summary>
    public int OutChannels { get; }

    private protected Window Window { get; }

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => InChannels;

    int? IFeatureLayer.OutputFeatures => OutChannels;

    /// <inheritdoc/>
    public override string Describe() => _description;

    /// <summary>Refuses channels that do not fall into the groups.</summary>
    private static void CheckChannels(int inChannels, int outChannels, int groups)
    {
        Require.Positive(inChannels);
        Require.Positive(outChannels);
        Require.Positive(groups);
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException(
                $"{inChannels} to {outChannels} channels in {groups} groups: make both multiples of the groups", nameof(groups));
        }
    }

    /// <summary>
    /// A weight that an initializer made as [outer, inner, height, width], as [height, width, inner, outer]: so the kernels read it
    /// without a copy. That of sequences has no height.
    /// </summary>
    private static Tensor TapsOutside(Tensor drawn, bool isOfSequences)
    {
        var weight = drawn.View(drawn.Layout.Permute([2, 3, 1, 0]), drawn.Origin).Keep();
        return isOfSequences ? weight.View(weight.Layout.Squeeze(0), weight.Origin) : weight;
    }
}

/// <summary>The settings of a convolution: how they are checked and shown, and what follows from them.</summary>
internal readonly record struct ConvolutionSettings(
    int InChannels, int OutChannels,
    Extent KernelSize, Extent Stride, ConvolutionPadding Padding, Extent Dilation,
    int Groups, bool HasBias)
{
    /// <summary>Whether the layer works on sequences, images of one row: of its sizes only the width counts.</summary>
    public bool IsOfSequences { get; init; }

    /// <summary>Whether the layer is the gradient of a convolution to its input.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>What the output of a transposed convolution grows by at its ends.</summary>
    public Extent OutputPadding { get; init; }

    /// <summary>The shape [outer, inner, height, width] in which initializers see the weight.</summary>
    public Shape DrawnShape => [Outer, Inner, KernelHeight, KernelSize.Width];

    /// <summary>The fans of that shape.</summary>
    public Fans Fans => new(Inner * KernelHeight * KernelSize.Width, Outer * KernelHeight * KernelSize.Width);

    private int KernelHeight => IsOfSequences ? 1 : KernelSize.Height;

    private int Outer => IsTransposed ? InChannels : OutChannels;

    private int Inner => (IsTransposed ? OutChannels : InChannels) / Groups;

    /// <summary>The window over images.</summary>
    public Window Window()
    {
        var window = Padding.Window(KernelSize, Stride, Dilation);
        EnsureSmall(OutputPadding);
        return IsOfSequences ? window with { Height = new WindowAxis(1) } : window;
    }

    /// <summary>The channels and the size of the window, and of the others what differs from the defaults.</summary>
    public override string Describe() =>
        $"{InChannels} -> {OutChannels}, kernel {KernelSize}{Unless(Stride, 1, "stride")}"
        + (Padding == default ? "" : $", padding {Padding}")
        + Unless(OutputPadding, 0, "output padding")
        + Unless(Dilation, 1, "dilation")
        + (Groups == 1 ? "" : $", {Groups} groups")
        + (HasBias ? "" : ", no bias");

    private void EnsureSmall(Extent outputPadding)
    {
        outputPadding.EnsureNotNegative(nameof(outputPadding));
        if (outputPadding.Height >= Math.Max(Stride.Height, Dilation.Height)
            || outputPadding.Width >= Math.Max(Stride.Width, Dilation.Width))
        {
            throw new ArgumentOutOfRangeException(
                nameof(outputPadding),
                $"{outputPadding}",
                $"with stride {Stride} and dilation {Dilation} an output padding is to be less than one of them along each axis");
        }
    }

    private static string Unless(Extent value, Extent usual, string name) => value == usual ? "" : $", {name} {value}";
}
