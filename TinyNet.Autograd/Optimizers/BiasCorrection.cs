using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>What a decaying mean that starts at 0 lacks at first.</summary>
internal static class BiasCorrection
{
    /// <summary>1 − βᵗ, to full precision for a β near 1 too, where the power would round to 1.</summary>
    public static double Of(double beta, int steps) => -DoubleMath.Expm1(steps * Math.Log(beta));
}
