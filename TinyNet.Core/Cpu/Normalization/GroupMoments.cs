using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// By what groups of channels are normalized: means and deviations [P, S, G] of one part or two, which somebody keeps alive.
/// </summary>
internal readonly unsafe struct GroupMoments(Tensor means, Tensor deviations, double epsilon)
{
    private readonly float* _means = means.Pointer(), _deviations = deviations.Pointer();
    private readonly int _groups = deviations.Shape.Sizes[1] * deviations.Shape.Sizes[2];
    private readonly bool _hasRests = means.Shape.Sizes[0] == 2;

    public double Mean(int group) => TwoFloats.Join(_means[group], Rest(_means, group));

    /// <summary>1 / √(deviation² + ε).</summary>
    public double Inverse(int group)
    {
        double deviation = TwoFloats.Join(_deviations[group], Rest(_deviations, group));
        return 1 / Math.Sqrt(deviation * deviation + epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Normalizer Normalizer(int group, out double inverse)
    {
        inverse = Inverse(group);
        return TinyNet.Core.Normalizer.Of(_means[group], Rest(_means, group), inverse);
    }

    private float Rest(float* moments, int group) => _hasRests ? moments[_groups + group] : 0;
}
