using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>A factor that lies in memory with any strides.</summary>
internal struct MatrixReader : ITileReader
{
    public ArrayView<float> Values;

    /// <summary>Where a matrix of the batch starts, and where a line starts in it.</summary>
    public Steps AtBatch, AtLine;
    public WalkAxes Lines;
    public int Count, DepthStep;

    /// <summary>Whether all vectors that are whole start at multiples of 4.</summary>
    public Flag AreAligned;

    private int _start, _left;

    public Flag AlongLines { get; private set; }

    /// <summary>The lines of matrices.</summary>
    /// <param name="matrices">The tensor.</param>
    /// <param name="atBatch">Where each matrix starts.</param>
    /// <param name="lines">The axes that lines are along.</param>
    /// <param name="atLine">Where each line starts.</param>
    /// <param name="count">The number of lines.</param>
    /// <param name="depthStep">From an element of a line to the next.</param>
    public static MatrixReader Of(Tensor matrices, in Steps atBatch, in WalkAxes lines, in Steps atLine, int count, int depthStep)
    {
        bool alongLines = depthStep != 1 && lines.Rank == 1 && atLine.Step0 == 1;
        return new MatrixReader
        {
            Values = matrices.Memory(),
            AtBatch = atBatch,
            AtLine = atLine,
            Lines = lines,
            Count = count,
            DepthStep = depthStep,
            AlongLines = alongLines,
            AreAligned = (alongLines || depthStep == 1) && (atBatch.Offset + atLine.Offset) % 4 == 0 && AreMultiples(atBatch)
                && (alongLines ? depthStep % 4 == 0 : AreMultiples(atLine)),
        };
    }

    public void Seek(in Place batch, int line)
    {
        _left = Count - line;
        _start = AtBatch.IndexOf(batch) + AtLine.IndexOf(Lines.At(line));
    }

    public readonly Row4 Read(int depth, int end)
    {
        int index = _start + depth * DepthStep;
        return AlongLines
            ? Row4.Read(Values, index, 1, depth < end ? _left : 0, AreAligned)
            : Row4.Read(Values, index, DepthStep, _left > 0 ? end - depth : 0, AreAligned);
    }

    private static bool AreMultiples(in Steps steps) =>
        ((steps.Step0 | steps.Step1 | steps.Step2 | steps.Step3 | steps.Step4 | steps.Step5 | steps.Step6 | steps.Step7) & 3) == 0;
}

/// <summary>A product's result in memory with any strides: the sums, with a bias, or added to what is there.</summary>
internal struct MatrixWriter : IResultWriter
{
    public ArrayView<float> Values, Bias;
    public Steps AtBatch, AtLine;
    public WalkAxes Lines;
    public int LineCount, ColumnCount, ColumnStep, BiasOffset, BiasStep;
    public Flag HasBias, Accumulate;

    public readonly void Write(in TilePlace at, int line, int column, in Row4 sums)
    {
        if (line < LineCount)
        {
            int start = StartOf(at.Batch, line);
            Put(at, start, column, sums.X0);
            Put(at, start, column + 1, sums.X1);
            Put(at, start, column + 2, sums.X2);
            Put(at, start, column + 3, sums.X3);
        }
    }

    public readonly void WriteTotal(in Place batch, int line, int column, double total)
    {
        int index = StartOf(batch, line) + column * ColumnStep;
        if (HasBias)
        {
            total += Bias[BiasOffset + column * BiasStep];
        }

        Values[index] = (float)(Accumulate ? Values[index] + total : total);
    }

    private readonly int StartOf(in Place batch, int line) => AtBatch.IndexOf(batch) + AtLine.IndexOf(Lines.At(line));

    private readonly void Put(in TilePlace at, int start, int column, float sum)
    {
        if (column < ColumnCount)
        {
            int index = start + column * ColumnStep;
            if (HasBias && at.IsFirst)
            {
                sum = GpuMath.Add(sum, Bias[BiasOffset + column * BiasStep]);
            }

            Values[index] = Accumulate || !at.IsFirst ? GpuMath.Add(Values[index], sum) : sum;
        }
    }
}
