using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>A factor whose elements can be read one by one, at the line of a cursor.</summary>
internal interface IElementReader : ITileReader
{
    /// <summary>An element of the line.</summary>
    float At(int depth);
}

/// <summary>Reading elements one by one, where they do not lie beside each other.</summary>
internal static class ElementReading
{
    /// <summary>Four elements from a place on, of which some are left; the others are 0.</summary>
    public static Row4 Four<TReader>(in TReader reader, int depth, int left) where TReader : struct, IElementReader => new(
        left > 0 ? reader.At(depth) : 0f,
        left > 1 ? reader.At(depth + 1) : 0f,
        left > 2 ? reader.At(depth + 2) : 0f,
        left > 3 ? reader.At(depth + 3) : 0f);
}

/// <summary>
/// Products of groups so thin that a square would be mostly empty, as of one channel each: a thread makes a part of one sum. Neighbors have
/// neighboring columns and groups, which lie beside each other in memory.
/// </summary>
internal struct ThinProductJob<TLeft, TRight, TWriter> : IGpuJob
    where TLeft : struct, IElementReader
    where TRight : struct, IElementReader
    where TWriter : struct, IResultWriter
{
    /// <summary>The number of parts of sums, and the numbers of what makes it.</summary>
    public int Count, Groups, Lines, Columns, Parts;

    /// <summary>The terms of a sum, and of a part.</summary>
    public int Depth, PartDepth;

    public TLeft Left;
    public TRight Right;
    public TWriter Writer;

    /// <summary>[group, part, line, column], for <see cref="PartsJob{TWriter}"/> where there are several.</summary>
    public ArrayView<float> Sums;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            int column = i % Columns, rest = i / Columns, group = rest % Groups;
            rest /= Groups;
            int line = rest % Lines, part = rest / Lines;
            var batch = default(Place);
            batch.X0 = group;
            var left = Left;
            var right = Right;
            left.Seek(batch, line);
            right.Seek(batch, column);
            int k = part * PartDepth, end = Depth - k > PartDepth ? k + PartDepth : Depth;
            double total = 0;
            while (k < end)
            {
                float sum = 0;
                int chain = end - k > FloatChain.Terms ? k + FloatChain.Terms : end;
                for (; k < chain; k++)
                {
                    sum = GpuMath.FusedMultiplyAdd(left.At(k), right.At(k), sum);
                }

                total += sum;
            }

            if (Parts == 1)
            {
                Writer.WriteTotal(batch, line, column, total);
            }
            else
            {
                Sums[((group * Parts + part) * Lines + line) * Columns + column] = (float)total;
            }
        }
    }
}
