namespace TinyNet.Core;

/// <summary>
/// A recurrent layer in one direction over a sequence: T steps of B samples with H hidden units and G gates, as devices run it. A gate
/// is made of two sums, that of the input, a = x·W_ih + b_ih, and that of the state before, b = h·W_hh + b_hh. All tensors but weights
/// and biases are dense.
/// </summary>
public readonly struct RecurrenceTask
{
    /// <summary>x [T, B, in].</summary>
    public required Tensor Input { get; init; }

    /// <summary>W_ih [in, G·H].</summary>
    public required Tensor InputWeight { get; init; }

    /// <summary>b_ih [G·H], if there is one.</summary>
    public Tensor? InputBias { get; init; }

    /// <summary>
    /// [T, B, G·H], where a gradient will follow, else null. It holds a at first, then what the gradient reads, at last ∂L/∂a.
    /// </summary>
    public Tensor? Gates { get; init; }

    /// <summary>
    /// [T, B, G·H], where a gradient will follow and the step keeps b apart, else null. It holds b, at last ∂L/∂b. Where the step does not
    /// keep b apart, b is added to a.
    /// </summary>
    public Tensor? StateSum { get; init; }

    /// <summary>W_hh [H, G·H].</summary>
    public required Tensor StateWeight { get; init; }

    /// <summary>b_hh [G·H], if there is one.</summary>
    public Tensor? StateBias { get; init; }

    /// <summary>
    /// At least [T + 1, B, H]: the initial state is at 0 and that after step t at t + 1; in reverse the initial state is at T and
    /// that after step t at t. In padding the state stays as it is.
    /// </summary>
    public required Tensor States { get; init; }

    /// <summary>[T + 1, B, H], in the same order, where the step has a cell.</summary>
    public Tensor? Cells { get; init; }

    /// <summary>How many steps of each sample count; null if all do.</summary>
    public IndexTensor? Lengths { get; init; }

    /// <summary>Whether the last step comes first.</summary>
    public bool IsReverse { get; init; }

    /// <summary>T.</summary>
    public int Steps => Size(Input, 0);

    /// <summary>B.</summary>
    public int Batch => Size(Input, 1);

    /// <summary>H.</summary>
    public int HiddenSize => Size(StateWeight, 0);

    /// <summary>G·H.</summary>
    public int Width => Size(StateWeight, 1);

    /// <summary>Where the initial state is.</summary>
    public int First => IsReverse ? Steps : 0;

    /// <summary>All steps and samples of a dense tensor [T, B, ..] as the rows of a matrix.</summary>
    public static Tensor Rows(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        x.Layout.TryReshape([x.Shape[0] * x.Shape[1], x.Shape[2]], out var rows);
        return x.View(rows, x.Origin);
    }

    /// <summary>Which step is run at a place in the order of computation, and where the states before and after it are.</summary>
    public (int Step, int Before, int After) At(int place) =>
        IsReverse ? (Steps - 1 - place, Steps - place, Steps - 1 - place) : (place, place, place + 1);

    private static int Size(Tensor? tensor, int axis) => tensor is not null
        ? tensor.Shape[axis]
        : throw new InvalidOperationException("the recurrence task is empty: set what it requires");
}
