using TinyNet.Autograd;

namespace TinyNet.ExtensionTests;

// <extending>
/// <summary>
/// baseRate · min(t / warmup, √(warmup / t)) with t = step + 1: a straight line up, then down with the root (A. Vaswani et al., "Attention
/// is all you need", NIPS 2017, section 5.3).
/// </summary>
internal sealed class InverseRootSchedule(int warmup) : Schedule
{
    public override double LearningRate(int step, double baseRate) =>
        baseRate * Math.Min((step + 1.0) / warmup, Math.Sqrt(warmup / (step + 1.0)));
}
// </extending>

/// <summary>
/// A scheduler with a memory: the rates grow a little with every loss that is lower than the one before, and are halved by one that is
/// higher ("bold driver", R. Battiti, "Accelerated backpropagation learning", 1989).
/// </summary>
internal sealed class BoldDriver(Optimizer optimizer)
{
    /// <summary>The loss to beat: all that is remembered.</summary>
    public double LastLoss { get; set; } = double.PositiveInfinity;

    public void Step(double loss)
    {
        foreach (var group in optimizer.Groups)
        {
            group.LearningRate *= loss > LastLoss ? 0.5f : 1.125f;
        }

        LastLoss = loss;
    }
}
