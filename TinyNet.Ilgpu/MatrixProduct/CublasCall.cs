using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Products as <see cref="Cublas"/> takes them: each factor has rows or columns whose elements are neighbors.</summary>
internal readonly record struct CublasCall
{
    // What the library is asked for has at least so many multiply-adds: below that a launch costs more than it saves.
    private const long LeastWork = 1 << 22;

    // Its sums are chains of floats of unknown length.
    private const int MostDepth = FloatChain.Terms * FloatChain.Totals;

    /// <summary>The rows of the result.</summary>
    public int Lines { get; private init; }

    /// <summary>The columns of the result.</summary>
    public int Columns { get; private init; }

    /// <summary>The terms of a sum.</summary>
    public int Depth { get; private init; }

    /// <summary>Whether to add to what is there.</summary>
    public bool Accumulate { get; private init; }

    /// <summary>The left factor.</summary>
    public MatrixReader A { get; private init; }

    /// <summary>The right factor.</summary>
    public MatrixReader B { get; private init; }

    /// <summary>The result.</summary>
    public MatrixWriter C { get; private init; }

    /// <summary>Whether the columns of a, and not its rows, have neighbors.</summary>
    public bool IsATransposed { get; private init; }

    /// <summary>The same of b.</summary>
    public bool IsBTransposed { get; private init; }

    /// <summary>From a row (or column) of a to the next.</summary>
    public int AStride { get; private init; }

    /// <summary>The same of b.</summary>
    public int BStride { get; private init; }

    /// <summary>From a row of the result to the next.</summary>
    public int CStride { get; private init; }

    /// <summary>Whether products are large enough to ask the library for them, and not too deep.</summary>
    public static bool IsLarge(int lines, int columns, int depth) => (long)lines * columns * depth >= LeastWork && depth <= MostDepth;

    /// <summary>The call for products, null where they are small or lie in memory otherwise.</summary>
    public static CublasCall? TryOf(in TileTask task, in MatrixReader a, in MatrixReader b, in MatrixWriter c)
    {
        bool isLarge = IsLarge(task.Lines, task.Columns, task.Depth);
        bool isOneAxis = a.Lines.Rank <= 1 && c.Lines.Rank <= 1;
        int cStride = StrideOf(c.AtLine.Step0, task.Lines, task.Columns);
        int aStride = StrideOf(a, task.Lines, task.Depth), bStride = StrideOf(b, task.Columns, task.Depth);
        if (!isLarge || !isOneAxis || c.ColumnStep != 1 || !(a.AlongLines || a.DepthStep == 1) || !(b.AlongLines || b.DepthStep == 1)
            || Math.Min(aStride, Math.Min(bStride, cStride)) == 0)
        {
            return null;
        }

        return new CublasCall
        {
            Lines = task.Lines,
            Columns = task.Columns,
            Depth = task.Depth,
            Accumulate = c.Accumulate,
            A = a,
            B = b,
            C = c,
            IsATransposed = a.AlongLines,
            IsBTransposed = !b.AlongLines,
            AStride = aStride,
            BStride = bStride,
            CStride = cStride,
        };
    }

    private static int StrideOf(in MatrixReader factor, int lines, int depth) =>
        factor.AlongLines ? StrideOf(factor.DepthStep, depth, lines) : StrideOf(factor.AtLine.Step0, lines, depth);

    /// <summary>The distance of rows of a length; 0 where they overlap, which the library does not take.</summary>
    private static int StrideOf(int step, int rows, int length) => rows <= 1 ? Math.Max(step, length) : step >= length ? step : 0;
}
