namespace TinyNet.Core;

/// <summary>The weights of a convolution, [taps, channels of a group, outputs], as seen from source to result in one direction.</summary>
internal unsafe struct TapWeights
{
    public float* Pointer;

    /// <summary>Taps of a window along its width.</summary>
    public int Columns;

    public int Groups;

    /// <summary>Channels of the source, and of the result, in one group.</summary>
    public int SourceChannels;
    public int ResultChannels;

    public nint TapStride;
    public nint GroupStride;
    public nint SourceStride;
    public nint ResultStride;

    /// <summary>Whether every channel has one window of its own.</summary>
    public readonly bool IsDepthwise => Groups > 1 && SourceChannels == 1 && ResultChannels == 1;

    /// <summary>Forward: from the window's channels to outputs.</summary>
    public static TapWeights Forward(Tensor weight, int groups) => Of(weight, groups, forward: true);

    /// <summary>Backward: from outputs to the window's channels.</summary>
    public static TapWeights Backward(Tensor weight, int groups) => Of(weight, groups, forward: false);

    private static TapWeights Of(Tensor weight, int groups, bool forward)
    {
        var sizes = weight.Shape.Sizes;
        int channels = sizes[2], outputs = sizes[3], groupOutputs = outputs / groups;
        return new TapWeights
        {
            Pointer = weight.Pointer(),
            Columns = sizes[1],
            Groups = groups,
            SourceChannels = forward ? channels : groupOutputs,
            ResultChannels = forward ? groupOutputs : channels,
            TapStride = (nint)channels * outputs,
            GroupStride = groupOutputs,
            SourceStride = forward ? outputs : 1,
            ResultStride = forward ? 1 : outputs,
        };
    }
}
