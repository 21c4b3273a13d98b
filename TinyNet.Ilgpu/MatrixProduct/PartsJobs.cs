using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>Keeps the sums of the parts of a product's depth: [batch, part, line, column].</summary>
internal struct PartsWriter : ITileWriter
{
    public ArrayView<float> Sums;
    public int Parts, Lines, Columns;

    public readonly void Write(in TilePlace at, int line, int column, in Row4 sums)
    {
        if (line < Lines)
        {
            int index = ((at.BatchIndex * Parts + at.Part) * Lines + line) * Columns + column;
            Put(at, index, column, sums.X0);
            Put(at, index + 1, column + 1, sums.X1);
            Put(at, index + 2, column + 2, sums.X2);
            Put(at, index + 3, column + 3, sums.X3);
        }
    }

    private readonly void Put(in TilePlace at, int index, int column, float sum)
    {
        if (column < Columns)
        {
            Sums[index] = at.IsFirst ? sum : GpuMath.Add(Sums[index], sum);
        }
    }
}

/// <summary>Adds up the sums of parts in double precision, in their order: a thread an element.</summary>
internal struct PartsJob<TWriter> : IGpuJob where TWriter : struct, IResultWriter
{
    public ArrayView<float> Sums;
    public WalkAxes Batches;
    public int Count, Parts, Lines, Columns;
    public TWriter Writer;

    public readonly void Run()
    {
        int matrix = Lines * Columns;
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            int batch = i / matrix, element = i % matrix, index = batch * Parts * matrix + element;
            double total = 0;
            for (int part = 0; part < Parts; part++, index += matrix)
            {
                total += Sums[index];
            }

            Writer.WriteTotal(Batches.At(batch), element / Columns, element % Columns, total);
        }
    }
}
