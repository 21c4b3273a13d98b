using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What a recurrent layer or cell remembers: its state h, which is its output too, and, of an LSTM, its cell c.</summary>
/// <param name="Hidden">
/// h: [layers · directions, batch, hidden] of a layer, in the order of its parameters; [batch, hidden] of a cell.
/// </param>
/// <param name="Cell">c, of the same shape; null where there is none.</param>
public readonly record struct RecurrentState(Tensor Hidden, Tensor? Cell = null) : ITensorRecord
{
    /// <summary>The state without history, to carry on with in the next step of truncated backpropagation.</summary>
    /// <exception cref="ArgumentNullException">There is no hidden state, as in <c>default</c>.</exception>
    public RecurrentState Keep()
    {
        TensorRecords.EnsureThere("RecurrentState.Keep", (nameof(Hidden), Hidden));
        return new RecurrentState(Hidden.Keep(), Cell?.Keep());
    }

    /// <summary>Refuses a state of another shape, or with a cell too many or too few.</summary>
    internal void EnsureFits(string layer, in Shape shape, bool hasCell)
    {
        TensorRecords.EnsureThere(layer, (nameof(Hidden), Hidden));
        Operation.Check(layer, Hidden);
        if (Hidden.Shape != shape)
        {
            throw new ShapeException(layer, $"a hidden state of shape {Hidden.Shape}", $"give {shape}");
        }

        if (hasCell != Cell is not null)
        {
            throw new TensorException(
                layer,
                Cell is null ? "a state without cell" : $"a state with a cell of shape {Cell.Shape}",
                hasCell ? $"give a cell of shape {shape}" : "give no cell");
        }

        if (Cell is not null && Cell.Shape != shape)
        {
            throw new ShapeException(layer, $"a state with a cell of shape {Cell.Shape}", $"give {shape}");
        }
    }

    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with { Hidden = visitor.Visit(nameof(Hidden), Hidden), Cell = visitor.Visit(nameof(Cell), Cell) };
    }
}

/// <summary>What a recurrent layer works on.</summary>
/// <param name="Sequence">[batch, time, features], or [time, batch, features] for a layer with <c>batchFirst: false</c>.</param>
/// <param name="State">The initial state; null for zeros.</param>
/// <param name="Lengths">
/// How many steps of each sample count, 0 to time; null if all do. What comes after is padding, whatever is in it.
/// </param>
public readonly record struct RecurrentInput(Tensor Sequence, RecurrentState? State = null, IndexTensor? Lengths = null) : ITensorRecord
{
    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with
        {
            Sequence = visitor.Visit(nameof(Sequence), Sequence),
            State = State is { } state ? (RecurrentState)state.VisitTensors(visitor) : null,
            Lengths = visitor.Visit(nameof(Lengths), Lengths),
        };
    }
}

/// <summary>What a recurrent layer gives.</summary>
/// <param name="Output">
/// The hidden states of the last layer at every step, both directions joined: [batch, time, directions · hidden], or time first; 0
/// in padding.
/// </param>
/// <param name="State">
/// The state of every layer and direction after its last step: for the reverse direction that is the first in time.
/// </param>
public readonly record struct RecurrentOutput(Tensor Output, RecurrentState State) : ITensorRecord
{
    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return new RecurrentOutput(visitor.Visit(nameof(Output), Output), (RecurrentState)State.VisitTensors(visitor));
    }
}

/// <summary>What a recurrent cell works on: one step.</summary>
/// <param name="Input">[batch, features].</param>
/// <param name="State">The state before the step; null for zeros.</param>
public readonly record struct CellInput(Tensor Input, RecurrentState? State = null) : ITensorRecord
{
    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with
        {
            Input = visitor.Visit(nameof(Input), Input),
            State = State is { } state ? (RecurrentState)state.VisitTensors(visitor) : null,
        };
    }
}
