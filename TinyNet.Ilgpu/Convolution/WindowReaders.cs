using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>How the elements of a result meet those of a source under the taps of windows.</summary>
internal struct WindowTaps
{
    public TapAxis Down, Across;

    /// <summary>The size of the source.</summary>
    public int Height, Width;

    /// <summary>The channels under a tap, the taps of a row, and the rows and columns of the result.</summary>
    public Divisor Channels, TapsAcross, Rows, Columns;

    /// <summary>Splits a place along taps · channels.</summary>
    public readonly void Split(int place, out int down, out int across, out int channel)
    {
        int tap = Channels.Quotient(place);
        channel = place - tap * Channels.Value;
        down = TapsAcross.Quotient(tap);
        across = tap - down * TapsAcross.Value;
    }

    /// <summary>Splits the number of a pixel of the result.</summary>
    public readonly void SplitPixel(int pixel, out int image, out int row, out int column)
    {
        int rows = Columns.Quotient(pixel);
        column = pixel - rows * Columns.Value;
        image = Rows.Quotient(rows);
        row = rows - image * Rows.Value;
    }

    /// <summary>Whether a place of the source is no padding.</summary>
    public readonly bool Has(int y, int x) => (uint)y < (uint)Height && (uint)x < (uint)Width;
}

/// <summary>What lies under windows: a line is a pixel of the result, its elements are taps · channels.</summary>
internal struct WindowReader : IElementReader
{
    public ArrayView<float> Values;
    public ImageSteps Steps;
    public WindowTaps Taps;

    /// <summary>The number of pixels.</summary>
    public int Count;
    public Flag AreAligned;

    private int _start, _row, _column;
    private Flag _isLine;

    public readonly Flag AlongLines => false;

    public void Seek(in Place batch, int line)
    {
        _isLine = line < Count;
        Taps.SplitPixel(line, out int image, out int row, out int column);
        _start = Steps.Offset + batch.X0 * Taps.Channels.Value * Steps.Channel + image * Steps.Image;
        _row = row * Taps.Down.SourceStep - Taps.Down.SourcePad;
        _column = column * Taps.Across.SourceStep - Taps.Across.SourcePad;
    }

    public readonly Row4 Read(int depth, int end)
    {
        int left = _isLine ? end - depth : 0;
        return AreAligned
            ? Vector(left > 0 ? IndexOf(depth) : -1)
            : ElementReading.Four(this, depth, left);
    }

    public readonly float At(int depth)
    {
        int index = IndexOf(depth);
        return index < 0 ? 0f : Values[index];
    }

    private readonly Row4 Vector(int index) => Row4.Read(Values, index, 1, index < 0 ? 0 : 4, true);

    /// <summary>Where an element lies; negative in the padding.</summary>
    private readonly int IndexOf(int depth)
    {
        Taps.Split(depth, out int down, out int across, out int channel);
        int y = _row + Taps.Down.Offset(down), x = _column + Taps.Across.Offset(across);
        return Taps.Has(y, x) ? _start + y * Steps.Row + x * Steps.Column + channel * Steps.Channel : -1;
    }
}

/// <summary>
/// The transpose of <see cref="WindowReader"/>: a line is a channel under a tap, its elements are the pixels of the result.
/// </summary>
internal struct TransposedWindowReader : IElementReader
{
    public ArrayView<float> Values;
    public ImageSteps Steps;
    public WindowTaps Taps;

    /// <summary>The number of taps · channels.</summary>
    public int Count;

    /// <summary>Whether four channels are read at once.</summary>
    public Flag AreAligned;

    private int _start, _row, _column;
    private Flag _isLine;

    public readonly Flag AlongLines => AreAligned;

    public void Seek(in Place batch, int line)
    {
        _isLine = line < Count;
        Taps.Split(line, out int down, out int across, out int channel);
        _start = Steps.Offset + batch.X0 * Taps.Channels.Value * Steps.Channel + channel * Steps.Channel;
        _row = Taps.Down.Offset(down) - Taps.Down.SourcePad;
        _column = Taps.Across.Offset(across) - Taps.Across.SourcePad;
    }

    public readonly Row4 Read(int depth, int end)
    {
        int left = _isLine ? end - depth : 0;
        return AreAligned
            ? Vector(left > 0 ? IndexOf(depth) : -1)
            : ElementReading.Four(this, depth, left);
    }

    public readonly float At(int depth)
    {
        int index = IndexOf(depth);
        return index < 0 ? 0f : Values[index];
    }

    private readonly Row4 Vector(int index) => Row4.Read(Values, index, 1, index < 0 ? 0 : 4, true);

    private readonly int IndexOf(int depth)
    {
        Taps.SplitPixel(depth, out int image, out int row, out int column);
        int y = row * Taps.Down.SourceStep + _row, x = column * Taps.Across.SourceStep + _column;
        return Taps.Has(y, x) ? _start + image * Steps.Image + y * Steps.Row + x * Steps.Column : -1;
    }
}

/// <summary>The pixels of images: a line is a channel, its elements are the pixels.</summary>
internal struct PixelReader : IElementReader
{
    public ArrayView<float> Values;
    public ImageSteps Steps;
    public WindowTaps Taps;

    /// <summary>The number of channels.</summary>
    public int Count;
    public Flag AreAligned;

    private int _start, _left;

    public readonly Flag AlongLines => Steps.Channel == 1;

    public void Seek(in Place batch, int line)
    {
        _left = Count - line;
        _start = Steps.Offset + (batch.X0 * Count + line) * Steps.Channel;
    }

    public readonly Row4 Read(int depth, int end)
    {
        int left = _left > 0 ? end - depth : 0;
        return AlongLines
            ? Row4.Read(Values, IndexOf(depth), 1, left > 0 ? _left : 0, AreAligned)
            : ElementReading.Four(this, depth, left);
    }

    public readonly float At(int depth) => Values[IndexOf(depth)];

    private readonly int IndexOf(int depth)
    {
        Taps.SplitPixel(depth, out int image, out int row, out int column);
        return _start + image * Steps.Image + row * Steps.Row + column * Steps.Column;
    }
}

/// <summary>
/// The weights of taps, in the order in which <see cref="WindowReader"/> has the elements under them: a line is a channel of the result.
/// </summary>
internal struct TapWeightReader : IElementReader
{
    public ArrayView<float> Values;
    public WindowTaps Taps;

    /// <summary>Where the first group starts, and the steps to the next group, tap, channel of the source, and line.</summary>
    public int Offset, Group, Row, Column, Channel, Line;

    /// <summary>The number of lines.</summary>
    public int Count;
    public Flag AreAligned;

    private int _start, _left;

    public readonly Flag AlongLines => Line == 1;

    public void Seek(in Place batch, int line)
    {
        _left = Count - line;
        _start = Offset + batch.X0 * Group + line * Line;
    }

    public readonly Row4 Read(int depth, int end)
    {
        int left = _left > 0 ? end - depth : 0;
        if (AlongLines)
        {
            return Row4.Read(Values, IndexOf(depth), 1, left > 0 ? _left : 0, AreAligned);
        }

        return AreAligned
            ? Row4.Read(Values, IndexOf(depth), 1, left, true)
            : ElementReading.Four(this, depth, left);
    }

    public readonly float At(int depth) => Values[IndexOf(depth)];

    private readonly int IndexOf(int depth)
    {
        Taps.Split(depth, out int down, out int across, out int channel);
        return _start + Taps.Down.Tap(down) * Row + Taps.Across.Tap(across) * Column + channel * Channel;
    }
}
