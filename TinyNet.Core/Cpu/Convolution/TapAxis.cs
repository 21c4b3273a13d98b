namespace TinyNet.Core;

/// <summary>
/// Along one axis, which elements of a source meet which taps of a window for some evenly spaced elements of a result. Element
/// First + j · Step of the result, j = 0..Count−1, is the sum over t = 0..Taps−1 of source element j · SourceStep + Offset(t) − SourcePad
/// times weight Tap(t); what lies outside the source is 0.
/// </summary>
/// <remarks>
/// A convolution is one such axis. Its gradient to the input is one for each remainder of the position by the stride: only
/// every so many taps reach elements of that remainder.
/// </remarks>
internal struct TapAxis
{
    public int First;
    public int Step;
    public int Count;
    public int SourceStep;
    public int SourcePad;

    /// <summary>The number of taps; they are in the order of their offsets.</summary>
    public int Taps;
    private int _firstTap, _tapStep, _firstOffset;

    /// <summary>From the source element of one tap to that of the next.</summary>
    public int OffsetStep { get; private set; }

    public readonly int Tap(int t) => _firstTap + t * _tapStep;

    public readonly int Offset(int t) => _firstOffset + t * OffsetStep;

    /// <summary>The padded source elements that the first <paramref name="count"/> elements of the result span, from 0 on.</summary>
    public readonly int Reach(int count) => (count - 1) * SourceStep + (Taps == 0 ? 0 : Offset(Taps - 1)) + 1;

    /// <summary>Windows over a source: the convolution itself.</summary>
    public static TapAxis Forward(in WindowAxis window, int windows) => new()
    {
        Step = 1,
        Count = windows,
        SourceStep = window.Stride,
        SourcePad = window.PadBefore,
        Taps = window.Size,
        _tapStep = 1,
        OffsetStep = window.Dilation,
    };

    /// <summary>
    /// From windows back to the elements under them, for elements at a remainder of the stride: window o has element i under tap t if
    /// o · stride + t · dilation − padding = i.
    /// </summary>
    public static TapAxis Backward(in WindowAxis window, int remainder, int length)
    {
        int stride = window.Stride, common = Common(stride, window.Dilation), tap = window.Size - 1;
        // So many windows would begin in front of the first for the last tap.
        int reach = window.Span - 1 - window.PadBefore, pad = reach > 0 ? (reach - 1) / stride + 1 : 0;
        var axis = new TapAxis
        {
            First = remainder,
            Step = stride,
            Count = remainder < length ? (length - remainder - 1) / stride + 1 : 0,
            SourceStep = 1,
            SourcePad = pad,
            _tapStep = -stride / common,
            OffsetStep = window.Dilation / common,
        };
        while (tap >= 0 && Distance(window, remainder, tap) % stride != 0)
        {
            tap--;
        }

        if (tap >= 0)
        {
            axis._firstTap = tap;
            axis._firstOffset = Distance(window, remainder, tap) / stride + pad;
            axis.Taps = tap / (stride / common) + 1;
        }

        return axis;
    }

    private static int Distance(in WindowAxis window, int remainder, int tap) => remainder + window.PadBefore - tap * window.Dilation;

    private static int Common(int a, int b) => b == 0 ? a : Common(b, a % b);
}
