namespace TinyNet.Analysis;

/// <summary>From which values on something is a <see cref="Finding"/>.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>How many of the newest steps that were looked at count; at most 32.</summary>
    public int Window { get; init; } = 10;

    /// <summary>Gradients vanish where their root mean square is less than this share of the largest of any layer.</summary>
    public double VanishingRatio { get; init; } = 1e-5;

    /// <summary>Steps explode where an update is larger than this share of the norm of a weight.</summary>
    public double ExplodingUpdate { get; init; } = 0.5;

    /// <summary>Gradients explode where their norm is more than so many times what it was at first.</summary>
    public double ExplodingGrowth { get; init; } = 1e4;

    /// <summary>Units are dead where more than this share of them gives nothing.</summary>
    public double DeadShare { get; init; } = 0.75;

    /// <summary>An activation is saturated where more than this share of its values is at a bound.</summary>
    public double SaturatedShare { get; init; } = 0.75;

    /// <summary>A parameter does not learn where an update is less than this share of its norm.</summary>
    public double StillUpdate { get; init; } = 1e-9;

    /// <summary>A run learns something where its loss falls by more than this share of that of its first epoch.</summary>
    public double LeastFall { get; init; } = 0.02;

    /// <summary>How many of the steps there have to be before one speaks of dead, saturated, vanishing or exploding.</summary>
    public int LeastSteps { get; init; } = 5;
}
