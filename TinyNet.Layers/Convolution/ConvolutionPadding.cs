using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The zeros around an image: a number, a pair (height, width), or <see cref="Same"/>.</summary>
public readonly record struct ConvolutionPadding
{
    private readonly Extent _size;
    private readonly bool _isSame;

    private ConvolutionPadding(Extent size, bool isSame) => (_size, _isSame) = (size, isSame);

    /// <summary>As many as keep the size of the image, where the stride is 1; what is left of an odd total goes to the end.</summary>
    public static ConvolutionPadding Same { get; } = new(0, isSame: true);

    /// <summary>None: a window lies wholly inside the image.</summary>
    public static ConvolutionPadding Valid => default;

    /// <summary>The same number on all sides.</summary>
    public static implicit operator ConvolutionPadding(int size) => new(((Extent)size).EnsureNotNegative("padding"), isSame: false);

    /// <summary>A pair (above and below, left and right).</summary>
    public static implicit operator ConvolutionPadding((int Height, int Width) sizes) =>
        new(((Extent)sizes).EnsureNotNegative("padding"), isSame: false);

    /// <summary>As in <c>1</c>, <c>1 x 2</c> or <c>same</c>.</summary>
    public override string ToString() => _isSame ? "same" : _size.ToString();

    internal Window Window(Extent size, Extent stride, Extent dilation)
    {
        size.EnsurePositive("kernelSize");
        stride.EnsurePositive("stride");
        dilation.EnsurePositive("dilation");
        if (_isSame && stride != 1)
        {
            throw new ArgumentException(
                $"padding 'same' with stride {stride}: it keeps the size of an image only with stride 1; give the padding in numbers",
                nameof(stride));
        }

        return new Window(
            Axis(size.Height, stride.Height, dilation.Height, _size.Height),
            Axis(size.Width, stride.Width, dilation.Width, _size.Width));
    }

    private WindowAxis Axis(int size, int stride, int dilation, int pad)
    {
        if (!_isSame)
        {
            return new WindowAxis(size, stride, dilation, pad, pad);
        }

        int same = new WindowAxis(size, stride, dilation).Span - 1;
        return new WindowAxis(size, stride, dilation, same / 2, same - same / 2);
    }
}
