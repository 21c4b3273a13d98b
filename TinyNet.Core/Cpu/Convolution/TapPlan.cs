namespace TinyNet.Core;

/// <summary>
/// One sweep of a convolution: evenly spaced pixels of the result, the taps that reach them, and the packed weights. Where the channels of
/// neighboring taps are neighbors in memory, they form one segment.
/// </summary>
internal unsafe struct TapPlan
{
    public TapAxis Rows;
    public TapAxis Columns;

    /// <summary>Taps along the width that one segment holds.</summary>
    private int _tapsPerSegment;

    /// <summary>Where the packed weights of this sweep begin.</summary>
    public int WeightOffset;

    public int SegmentLength;

    public static TapPlan Of(in TapAxis rows, in TapAxis columns, in TapWeights weights)
    {
        bool joins = weights.Groups == 1 && columns.OffsetStep == 1 && columns.Taps > 0;
        var plan = new TapPlan { Rows = rows, Columns = columns, _tapsPerSegment = joins ? columns.Taps : 1 };
        plan.SegmentLength = plan._tapsPerSegment * weights.SourceChannels;
        return plan;
    }

    /// <summary>Segments of a window.</summary>
    public readonly int Segments => Rows.Taps * Columns.Taps / _tapsPerSegment;

    /// <summary>Multiply-adds for an element of the result.</summary>
    public readonly int Depth => Segments * SegmentLength;

    /// <summary>
    /// Writes where the segments lie from a pixel on, given the elements from one row, and pixel, of the source to the next.
    /// </summary>
    public readonly void Locate(nint rowStride, nint pixelStride, nint* segments)
    {
        for (int row = 0; row < Rows.Taps; row++)
        {
            for (int column = 0; column < Columns.Taps; column += _tapsPerSegment)
            {
                *segments++ = Rows.Offset(row) * rowStride + Columns.Offset(column) * pixelStride;
            }
        }
    }

    /// <summary>Packs the weights of a depthwise window: the taps in their order, each with all channels.</summary>
    public readonly void PackDepthwise(in TapWeights weights, float* target)
    {
        target += WeightOffset;
        for (int row = 0; row < Rows.Taps; row++)
        {
            for (int column = 0; column < Columns.Taps; column++, target += weights.Groups)
            {
                float* source = weights.Pointer + (Rows.Tap(row) * weights.Columns + Columns.Tap(column)) * weights.TapStride;
                new ReadOnlySpan<float>(source, weights.Groups).CopyTo(new Span<float>(target, weights.Groups));
            }
        }
    }

    /// <summary>
    /// Packs the weights of all groups into panels of two vectors, the last of one if that holds its columns; what is left of a panel is 0.
    /// </summary>
    public readonly void Pack(in TapWeights weights, int vectorLength, float* target)
    {
        target += WeightOffset;
        nint sourceStride = weights.SourceStride, resultStride = weights.ResultStride;
        for (int group = 0; group < weights.Groups; group++)
        {
            for (int first = 0; first < weights.ResultChannels; first += 2 * vectorLength)
            {
                int columns = Math.Min(2 * vectorLength, weights.ResultChannels - first), width = PanelWidth(columns, vectorLength);
                if (columns < width)
                {
                    new Span<float>(target, Depth * width).Clear();
                }

                for (int row = 0; row < Rows.Taps; row++)
                {
                    for (int column = 0; column < Columns.Taps; column++, target += weights.SourceChannels * width)
                    {
                        nint tap = Rows.Tap(row) * weights.Columns + Columns.Tap(column);
                        float* source = weights.Pointer + tap * weights.TapStride + group * weights.GroupStride + first * resultStride;
                        StridedCopy.Gather(source, sourceStride, resultStride, weights.SourceChannels, columns, target, width);
                    }
                }
            }
        }
    }

    /// <summary>Floats of packed weights of all groups.</summary>
    public readonly long PackedLength(in TapWeights weights, int vectorLength)
    {
        if (weights.IsDepthwise)
        {
            return (long)Depth * weights.Groups;
        }

        int whole = weights.ResultChannels / (2 * vectorLength) * 2 * vectorLength, rest = weights.ResultChannels - whole;
        return (long)Depth * (whole + (rest > 0 ? PanelWidth(rest, vectorLength) : 0)) * weights.Groups;
    }

    /// <summary>Floats of a panel for so many columns.</summary>
    public static int PanelWidth(int columns, int vectorLength) => columns <= vectorLength ? vectorLength : 2 * vectorLength;
}

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
