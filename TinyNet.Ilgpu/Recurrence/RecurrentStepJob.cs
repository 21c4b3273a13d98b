using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>
/// The weights of a group's hidden units as the columns of a product: those of the first gate, then those of the next; behind the last gate
/// there is nothing.
/// </summary>
internal struct GateReader : ITileReader
{
    public ArrayView<float> Values;
    public int Offset, RowStep, Size, Gates, Units;

    /// <summary>The first unit of the group.</summary>
    public int First;

    /// <summary>Whether all vectors that are whole start at multiples of 4.</summary>
    public Flag AreAligned;

    private int _start, _left;

    public readonly Flag AlongLines => true;

    /// <summary>The columns of weights [H, G·H], whose rows are dense.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="gates">G.</param>
    /// <param name="units">The units of a group: a multiple of 4.</param>
    public static GateReader Of(Tensor weight, int gates, int units)
    {
        var layout = weight.Layout;
        int size = layout.Shape[0];
        return new()
        {
            Values = weight.Memory(),
            Offset = layout.Offset,
            RowStep = layout.Strides[0],
            Size = size,
            Gates = gates,
            Units = units,
            AreAligned = ((layout.Offset | layout.Strides[0] | size) & 3) == 0,
        };
    }

    public void Seek(in Place batch, int line)
    {
        int gate = line / Units, unit = First + line % Units;
        _left = gate < Gates ? Size - unit : 0;
        _start = Offset + gate * Size + unit;
    }

    public readonly Row4 Read(int depth, int end) =>
        Row4.Read(Values, _start + depth * RowStep, 1, depth < end ? _left : 0, AreAligned);
}

/// <summary>
/// A step of a recurrent layer: a group has the products of some samples with all gates of some hidden units, and then makes the step of
/// these units.
/// </summary>
internal struct RecurrentStepJob<TGrid, TStep> : IGpuJob
    where TGrid : struct, IThreadGrid
    where TStep : struct, IRecurrentStep
{
    public StepRows Step;
    public MatrixReader State;
    public GateReader Weight;
    public ArrayView<float> Bias;
    public int BiasOffset, BiasStep;
    public Flag HasBias;

    /// <summary>The hidden units of a group, and the groups side by side that have all of them.</summary>
    public int Units, Across;

    public readonly void Run()
    {
        int first = Grid.IdxX % Across * Units, line = Grid.IdxX / Across * TileLoop<TGrid, OneTile>.Side;
        var memory = SharedMemory.Allocate<Row4>(4 * TGrid.Side * TGrid.Side);
        var state = State;
        var weight = Weight;
        weight.First = first;
        state.Seek(default, line + TileLoop<TGrid, OneTile>.LineOf(state.AlongLines));
        weight.Seek(default, TileLoop<TGrid, OneTile>.LineOf(weight.AlongLines));
        var totals = default(OneTile);
        for (int start = 0; start < Step.Size; start += FloatChain.Terms)
        {
            var sums = default(OneTile);
            int end = Step.Size - start > FloatChain.Terms ? start + FloatChain.Terms : Step.Size;
            TileLoop<TGrid, OneTile>.MultiplyAdd(ref sums, memory, state, weight, start, end);
            totals.Add(sums);
        }

        // The square takes the place of the factors: [side, side / 4].
        int at = Group.IdxX / TGrid.Side * 4 * TGrid.Side + Group.IdxX % TGrid.Side;
        memory[at] = totals.Line0;
        memory[at + TGrid.Side] = totals.Line1;
        memory[at + 2 * TGrid.Side] = totals.Line2;
        memory[at + 3 * TGrid.Side] = totals.Line3;
        Group.Barrier();
        var square = memory.Cast<float>();
        for (int i = Group.IdxX; i < TileLoop<TGrid, OneTile>.Side * Units; i += TileLoop<TGrid, OneTile>.GroupSize)
        {
            int row = i / Units, column = i % Units, sample = line + row, unit = first + column;
            if (sample < Step.Batch & unit < Step.Size)
            {
                Run(square, row * TileLoop<TGrid, OneTile>.Side + column, sample, unit);
            }
        }
    }

    /// <summary>The step of one unit of a sample, whose products with the gates are some way apart.</summary>
    private readonly void Run(ArrayView<float> square, int index, int sample, int unit)
    {
        for (int gate = 0; gate < TStep.Gates; gate++)
        {
            int column = gate * Step.Size + unit;
            float sum = square[index + gate * Units];
            var b = new GpuLane(HasBias ? GpuMath.Add(sum, Bias[BiasOffset + column * BiasStep]) : sum);
            if (TStep.KeepsStateSum)
            {
                Step.StateSum.Set(sample, column, b);
            }
            else
            {
                Step.Gates.Set(sample, column, Step.Gates.Get(sample, column) + b);
            }
        }

        RecurrentStep.Forward<TStep, GpuLane, GpuUnit>(new GpuUnit(Step, sample, unit));
        if (Step.IsPaddingAt(sample))
        {
            Step.StateAfter.Set(sample, unit, Step.StateBefore.Get(sample, unit));
            if (TStep.HasCell)
            {
                Step.CellAfter.Set(sample, unit, Step.CellBefore.Get(sample, unit));
            }
        }
    }
}
