using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// What makes numbers of a mean and a deviation such of mean 0: n = (x − Center) · Scale + Shift. The mean is <see cref="TwoFloats"/>; the
/// rest goes into the shift.
/// </summary>
internal readonly record struct Normalizer(float Center, float Scale, float Shift)
{
    // 2⁻¹²⁰. Of numbers with a smaller scale one may lie further from the mean than floats go. The mean, subtracted last, costs
    // as many roundings of a result as it is deviations away from 0: at most 2⁸.
    private const double LeastScale = 7.52316384526264e-37;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Normalizer Of(float mean, float rest, double scale) => scale < LeastScale
        ? new Normalizer(0, (float)scale, (float)(-TwoFloats.Join(mean, rest) * scale))
        : new Normalizer(mean, (float)scale, (float)-(TwoFloats.Join(0, rest) * scale));
}
