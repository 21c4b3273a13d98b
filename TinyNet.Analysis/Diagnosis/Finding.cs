namespace TinyNet.Analysis;

/// <summary>How bad a <see cref="Finding"/> is, or a <see cref="PageFinding"/>.</summary>
public enum Severity
{
    /// <summary>As it should be, which a page may say too.</summary>
    Good,

    /// <summary>It may be meant so, or may slow learning down.</summary>
    Warning,

    /// <summary>The network does not learn as it is.</summary>
    Critical,
}

/// <summary>What is wrong in a <see cref="Finding"/>.</summary>
public enum FindingKind
{
    /// <summary>There are nan or infinities.</summary>
    NotFinite,

    /// <summary>Gradients become tiny on their way to the first layers.</summary>
    Vanishing,

    /// <summary>Gradients or updates are so large that steps leave the region in which the gradient tells anything.</summary>
    Exploding,

    /// <summary>Units of an activation give nothing for any sample.</summary>
    DeadUnits,

    /// <summary>Values of a bounded activation are at its bounds, where its slope is next to none.</summary>
    SaturatedUnits,

    /// <summary>Parameters do not change.</summary>
    NotLearning,

    /// <summary>The loss on what is learned from falls, and that on other data never does.</summary>
    Memorizing,
}

/// <summary>Something that keeps a network from learning, with the figure that shows it.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Severity">How bad that is.</param>
/// <param name="Subject">The dotted path of the layer or parameter; empty where it is the whole run.</param>
/// <param name="Problem">What was seen, in words.</param>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">Its value.</param>
/// <param name="Threshold">The value from which on it is a finding.</param>
/// <param name="Remedy">What usually helps.</param>
public sealed record Finding(
    FindingKind Kind, Severity Severity, string Subject, string Problem, string Measure, double Value, double Threshold, string Remedy)
{
    /// <summary>The finding in one line.</summary>
    public override string ToString() =>
        $"{(Subject.Length == 0 ? "the run" : Subject)}: {Problem} ({Measure} {Table.Show(Value)}, threshold "
        + $"{Table.Show(Threshold)}): {Remedy}";
}
