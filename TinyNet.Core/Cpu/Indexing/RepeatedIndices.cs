using System.Numerics.Tensors;

namespace TinyNet.Core;

/// <summary>
/// The indices that come so often that one float should not take up all that is added there. Each has a row of floats, and one of doubles
/// that it moves to when it has taken up enough. Most index operations have none.
/// </summary>
internal readonly unsafe ref struct RepeatedIndices
{
    private readonly Scratch<int> _rows;
    private readonly Scratch<double> _totals;
    private readonly bool _areCounted;

    public RepeatedIndices(Device device, int* indices, int indexCount, int count, int inner)
    {
        if (indexCount <= FloatChain.Terms || !MayRepeat(indices, indexCount))
        {
            return;
        }

        _areCounted = true;
        _rows = new Scratch<int>(device, count, "IndexAdd");
        int* rows = _rows.Pointer;
        new Span<int>(rows, count).Clear();
        for (int i = 0; i < indexCount; i++)
        {
            rows[indices[i]]++;
        }

        int repeated = 0;
        for (int k = 0; k < count; k++)
        {
            rows[k] = rows[k] > FloatChain.Terms ? repeated++ : -1;
        }

        if (repeated > 0)
        {
            // For each a row of doubles, one of floats, and how many terms are in the latter.
            try
            {
                _totals = new Scratch<double>(device, repeated * RowTotals.Size(inner), "IndexAdd");
            }
            catch
            {
                _rows.Dispose();
                throw;
            }

            Totals = new RowTotals(rows, _totals.Pointer, inner);
        }
    }

    /// <summary>Whether an index may come often: those with the same last bits, which share a count, come often together.</summary>
    private static bool MayRepeat(int* indices, int indexCount)
    {
        const int size = 4096;
        int* counts = stackalloc int[size];
        new Span<int>(counts, size).Clear();
        for (int i = 0; i < indexCount; i++)
        {
            counts[indices[i] & (size - 1)]++;
        }

        return TensorPrimitives.Max(new ReadOnlySpan<int>(counts, size)) > FloatChain.Terms;
    }

    /// <summary>Where the sums of the repeated indices are.</summary>
    public RowTotals Totals { get; }

    public void Dispose()
    {
        if (Totals.AreSet)
        {
            _totals.Dispose();
        }

        if (_areCounted)
        {
            _rows.Dispose();
        }
    }
}

/// <summary>The sums of the rows of repeated indices; default where no index is.</summary>
internal readonly unsafe struct RowTotals(int* rows, double* memory, int inner)
{
    /// <summary>Doubles of the memory of an index.</summary>
    public static long Size(int inner) => inner + (inner + 1L) / 2 + 1;

    /// <summary>Whether there are repeated indices.</summary>
    public bool AreSet => rows != null;

    /// <summary>Whether an index is repeated.</summary>
    public bool Has(int index) => rows[index] >= 0;

    /// <summary>Empties the sums of an index.</summary>
    public void Clear(int index) => new Span<double>(Memory(index), (int)Size(inner)).Clear();

    /// <summary>Adds a row.</summary>
    public void Add(int index, ReadOnlySpan<float> row)
    {
        double* totals = Memory(index);
        var sums = new Span<float>(totals + inner, inner);
        var terms = (int*)(totals + Size(inner) - 1);
        TensorPrimitives.Add(sums, row, sums);
        if (++*terms == FloatChain.Terms)
        {
            Move(totals);
            *terms = 0;
        }
    }

    /// <summary>Adds the sums to a row of the result.</summary>
    public void AddTo(int index, Span<float> row)
    {
        double* totals = Memory(index);
        Move(totals);
        for (int i = 0; i < inner; i++)
        {
            row[i] = (float)(row[i] + totals[i]);
        }
    }

    private double* Memory(int index) => memory + rows[index] * (nint)Size(inner);

    private void Move(double* totals)
    {
        float* sums = (float*)(totals + inner);
        for (int i = 0; i < inner; i++)
        {
            totals[i] += sums[i];
            sums[i] = 0;
        }
    }
}
