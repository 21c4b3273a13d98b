using System.Runtime.CompilerServices;
using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>
/// The sums of one thread, in registers: pieces of 4 by 4, one or two along each side. With T threads along a side of a group, the pieces
/// of a thread are 4 T apart, so that neighboring threads read neighboring numbers.
/// </summary>
internal interface IMicroTile
{
    /// <summary>The pieces along a side.</summary>
    static abstract int Pieces { get; }

    /// <summary>Adds the products of a column of the left matrix with a row of the right one.</summary>
    /// <param name="lefts">Shared memory, in vectors of 4.</param>
    /// <param name="left">Where the column of the first piece is.</param>
    /// <param name="rights">Shared memory, likewise.</param>
    /// <param name="right">Where the row of the first piece is.</param>
    /// <param name="threads">The threads along a side: how many vectors further the next piece is.</param>
    void MultiplyAdd(ArrayView<Row4> lefts, int left, ArrayView<Row4> rights, int right, int threads);

    /// <summary>Hands the sums to a writer.</summary>
    /// <param name="writer">Who takes them.</param>
    /// <param name="at">Of which product and part they are.</param>
    /// <param name="line">The first line.</param>
    /// <param name="column">The first column.</param>
    /// <param name="threads">The threads along a side.</param>
    void Write<TWriter>(in TWriter writer, in TilePlace at, int line, int column, int threads) where TWriter : struct, ITileWriter;
}

/// <summary>Sums of 4 lines and 4 columns.</summary>
internal struct OneTile : IMicroTile
{
    public Row4 Line0, Line1, Line2, Line3;

    public static int Pieces => 1;

    public void MultiplyAdd(ArrayView<Row4> lefts, int left, ArrayView<Row4> rights, int right, int threads) =>
        MultiplyAdd(lefts[left], rights[right]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(in Row4 left, in Row4 right)
    {
        Line0 = Row4.MultiplyAdd(left.X0, right, Line0);
        Line1 = Row4.MultiplyAdd(left.X1, right, Line1);
        Line2 = Row4.MultiplyAdd(left.X2, right, Line2);
        Line3 = Row4.MultiplyAdd(left.X3, right, Line3);
    }

    /// <summary>Adds other sums.</summary>
    public void Add(in OneTile other)
    {
        Line0 = Row4.MultiplyAdd(1, other.Line0, Line0);
        Line1 = Row4.MultiplyAdd(1, other.Line1, Line1);
        Line2 = Row4.MultiplyAdd(1, other.Line2, Line2);
        Line3 = Row4.MultiplyAdd(1, other.Line3, Line3);
    }

    public readonly void Write<TWriter>(in TWriter writer, in TilePlace at, int line, int column, int threads)
        where TWriter : struct, ITileWriter
    {
        writer.Write(at, line, column, Line0);
        writer.Write(at, line + 1, column, Line1);
        writer.Write(at, line + 2, column, Line2);
        writer.Write(at, line + 3, column, Line3);
    }
}

/// <summary>Sums of 8 lines and 8 columns.</summary>
internal struct FourTiles : IMicroTile
{
    private OneTile _topLeft, _topRight, _bottomLeft, _bottomRight;

    public static int Pieces => 2;

    public void MultiplyAdd(ArrayView<Row4> lefts, int left, ArrayView<Row4> rights, int right, int threads)
    {
        Row4 top = lefts[left], bottom = lefts[left + threads], west = rights[right], east = rights[right + threads];
        _topLeft.MultiplyAdd(top, west);
        _topRight.MultiplyAdd(top, east);
        _bottomLeft.MultiplyAdd(bottom, west);
        _bottomRight.MultiplyAdd(bottom, east);
    }

    public readonly void Write<TWriter>(in TWriter writer, in TilePlace at, int line, int column, int threads)
        where TWriter : struct, ITileWriter
    {
        _topLeft.Write(writer, at, line, column, threads);
        _topRight.Write(writer, at, line, column + 4 * threads, threads);
        _bottomLeft.Write(writer, at, line + 4 * threads, column, threads);
        _bottomRight.Write(writer, at, line + 4 * threads, column + 4 * threads, threads);
    }
}

/// <summary>The threads along a side of a group.</summary>
internal interface IThreadGrid
{
    /// <summary>Their number.</summary>
    static abstract int Side { get; }
}

/// <summary>The threads of a group for attention, whose kernels are so large that only those of few and of many threads are made.</summary>
internal interface IAttentionGrid : IThreadGrid;

/// <summary>16 threads.</summary>
internal struct Grid4 : IAttentionGrid
{
    public static int Side => 4;
}

/// <summary>64 threads.</summary>
internal struct Grid8 : IThreadGrid
{
    public static int Side => 8;
}

/// <summary>256 threads.</summary>
internal struct Grid16 : IAttentionGrid
{
    public static int Side => 16;
}
