namespace TinyNet.Core;

/// <summary>
/// One step of a recurrent layer, of B samples with H hidden units and G gates, as <see cref="Device.RecurrentUnits"/> and its gradient
/// work on it. Every tensor's last axis is dense.
/// </summary>
public readonly struct RecurrentStepTask
{
    /// <summary>[B, G·H]: a + b, or a alone where the step keeps b apart. What the gradient reads takes its place, then ∂L/∂a.</summary>
    public required Tensor Gates { get; init; }

    /// <summary>[B, G·H]: b, where the step keeps it apart; ∂L/∂b takes its place.</summary>
    public Tensor? StateSum { get; init; }

    /// <summary>[B, H]: the states before the step.</summary>
    public required Tensor StateBefore { get; init; }

    /// <summary>[B, H]: the states after the step.</summary>
    public required Tensor StateAfter { get; init; }

    /// <summary>[B, H]: the cells before the step, where it has them.</summary>
    public Tensor? CellBefore { get; init; }

    /// <summary>[B, H]: the cells after the step.</summary>
    public Tensor? CellAfter { get; init; }

    /// <summary>[B, H]: the gradient of the states after the step that comes from the result of the layer. Null forward.</summary>
    public Tensor? ResultGradient { get; init; }

    /// <summary>
    /// [B, H]: the gradient of the states after the step that comes from the steps behind it. That of the states before takes its place,
    /// as far as it does not pass through b. Null forward.
    /// </summary>
    public Tensor? StateGradient { get; init; }

    /// <summary>[B, H]: the gradient of the cells after the step; that of the cells before takes its place. Null forward.</summary>
    public Tensor? CellGradient { get; init; }
}
