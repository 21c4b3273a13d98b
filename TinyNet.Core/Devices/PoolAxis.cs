namespace TinyNet.Core;

/// <summary>
/// The parts of an axis, each of which pooling turns into one element: windows that slide over the axis (<see cref="Sliding"/>), or a
/// number of parts that cover it evenly (<see cref="Even"/>).
/// </summary>
public readonly record struct PoolAxis
{
    private readonly WindowAxis _window;
    private readonly Flag _countsPadding;

    private PoolAxis(int length, int parts, in WindowAxis window, bool countsPadding) =>
        (Length, Parts, _window, _countsPadding) = (length, parts, window, countsPadding);

    /// <summary>The elements of the axis.</summary>
    public int Length { get; }

    /// <summary>The number of parts.</summary>
    public int Parts { get; }

    private bool IsSliding => _window.Size > 0;

    /// <summary>The windows that lie wholly on the axis and its padding.</summary>
    /// <param name="window">How the window slides.</param>
    /// <param name="length">The elements of the axis.</param>
    /// <param name="ceiling">Whether a last window counts that reaches beyond, if it does not start in the padding behind.</param>
    /// <param name="countsPadding">Whether padding counts in the size of a part.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The length or the padding is negative, the size, the stride or the dilation is not positive, or there are more windows than an
    /// integer counts.
    /// </exception>
    public static PoolAxis Sliding(in WindowAxis window, int length, bool ceiling, bool countsPadding = false)
    {
        window.EnsureSlides(length);
        long room = (long)length + window.PadBefore + window.PadAfter - window.Span;
        int parts = !ceiling ? window.Windows(length)
            : room > -window.Stride ? WindowAxis.Count(BlockCount.Of(room, window.Stride) + 1) : 0;
        bool startsBehind = ceiling && (parts - 1L) * window.Stride >= (long)length + window.PadBefore;
        return new PoolAxis(length, startsBehind ? parts - 1 : parts, window, countsPadding);
    }

    /// <summary>Part i of n covers the elements from ⌊i · length / n⌋ to ⌈(i + 1) · length / n⌉ − 1: neighbors may share one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the number of parts not positive.</exception>
    public static PoolAxis Even(int length, int parts) =>
        new(Require.NotNegative(length), Require.Positive(parts), default, countsPadding: false);

    /// <summary>A part by its index, from 0 on; any other has no elements.</summary>
    public PoolPart Part(int index)
    {
        if ((uint)index >= (uint)Parts)
        {
            return default;
        }

        if (!IsSliding)
        {
            int from = (int)((long)index * Length / Parts), to = (int)BlockCount.Of((long)(index + 1) * Length, Parts);
            return new PoolPart(from, 1, to - from, to - from);
        }

        int start = index * _window.Stride - _window.PadBefore, step = _window.Dilation;
        int before = start < 0 ? BlockCount.Of(-start, step) : 0, first = start + before * step;
        int inside = first < Length ? Math.Min(_window.Size - before, BlockCount.Of(Length - first, step)) : 0;
        int size = _countsPadding ? Math.Min(_window.Size, Length + _window.PadAfter - start) : inside;
        return new PoolPart(first, step, Math.Max(0, inside), size);
    }

    /// <summary>
    /// The first and the last part that may hold a position: no other does. The last is before the first where the axis has no such
    /// position.
    /// </summary>
    public (int First, int Last) PartsAround(int position)
    {
        if ((uint)position >= (uint)Length)
        {
            return (0, -1);
        }

        if (!IsSliding)
        {
            return ((int)((long)position * Parts / Length), (int)(((long)(position + 1) * Parts - 1) / Length));
        }

        int place = position + _window.PadBefore;
        return (Math.Max(0, place - _window.Span + _window.Stride) / _window.Stride, Math.Min(Parts - 1, place / _window.Stride));
    }
}

/// <summary>The parts of an image, each of which pooling turns into one pixel: those of both axes, crossed.</summary>
/// <param name="Height">The parts from top to bottom.</param>
/// <param name="Width">The parts from left to right.</param>
public readonly record struct PoolGrid(PoolAxis Height, PoolAxis Width);

/// <summary>The elements first, first + step, … of an axis.</summary>
/// <param name="First">The first that lies inside the axis.</param>
/// <param name="Step">The step to the next.</param>
/// <param name="Count">How many lie inside.</param>
/// <param name="Size">What an average divides the sum by: the count, and the padding where that counts too.</param>
public readonly record struct PoolPart(int First, int Step, int Count, int Size)
{
    /// <summary>Which of the elements stands at a position; −1 where none does.</summary>
    public int IndexOf(int position)
    {
        if (position < First || Step < 1)
        {
            return -1;
        }

        int index = (position - First) / Step;
        return index < Count && First + index * Step == position ? index : -1;
    }
}
