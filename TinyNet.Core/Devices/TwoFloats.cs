namespace TinyNet.Core;

/// <summary>
/// A number as two floats: the nearest one, and the rest times 2²⁴, which is a float for every number: the rest of a denormal one is
/// smaller than any float.
/// </summary>
internal static class TwoFloats
{
    /// <summary>2⁻²⁴, what the second float counts.</summary>
    public const float RestUnit = 1f / (1 << 24);

    /// <summary>A number as two floats.</summary>
    public static (float Nearest, float Remainder) Split(double value)
    {
        float nearest = (float)value;
        return (nearest, float.IsFinite(nearest) ? (float)((value - nearest) / RestUnit) : 0);
    }

    /// <summary>The number that two floats are.</summary>
    public static double Join(double nearest, double rest) => nearest + rest * RestUnit;
}
