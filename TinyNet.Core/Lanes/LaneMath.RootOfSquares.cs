using System.Runtime.CompilerServices;

namespace TinyNet.Core;

// √(a x² + b y²), of which the sum under the root may be no float though the root is one. Weights are at most 1 and at least 2⁻²⁴, or 0.
// A denormal root is 0: what decays for ever would end there, and processors compute slowly with it.
internal static partial class LaneMath
{
    // Powers of two round nothing. Above the least sum, what is lost of a square that is no normal float does not count beside the sum.
    private const float LeastSum = 8.271806e-25f, LargestSum = 1.329228e36f, Up = 1.2676506e30f, Down = 7.888609e-31f;

    /// <summary>The straight path serves all but sums that are tiny or huge, which are computed again; zeros are their roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T RootOfSquares<T>(T x, float xWeight, T y, float yWeight) where T : struct, IFloatLane<T>
    {
        T sum = Sum(x, xWeight, y, yWeight);
        if (!T.Any((sum < T.Const(LeastSum)) | (sum > T.Const(LargestSum))))
        {
            return T.Sqrt(sum);
        }

        return T.Any((T.Abs(x) + T.Abs(y)) > T.Zero) ? ScaledRootOfSquares(x, xWeight, y, yWeight) : sum;
    }

    /// <summary>The same under a power of two for each element, without branches: 1 where the sum is ordinary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ScaledRootOfSquares<T>(T x, float xWeight, T y, float yWeight) where T : struct, ILane<T>
    {
        T sum = Sum(x, xWeight, y, yWeight), isSmall = sum < T.Const(LeastSum), isLarge = sum > T.Const(LargestSum);
        T scale = T.Select(isSmall, T.Const(Up), T.Select(isLarge, T.Const(Down), T.One));
        T back = T.Select(isSmall, T.Const(Down), T.Select(isLarge, T.Const(Up), T.One));

        // What has no weight is not in the sum, and scaled by it could become infinite.
        T scaledX = xWeight == 0 ? x : x * scale, scaledY = yWeight == 0 ? y : y * scale;
        T root = T.Sqrt(Sum(scaledX, xWeight, scaledY, yWeight)) * back;
        return T.Select(root < T.Const(MinNormal), T.Zero, root);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(T x, float xWeight, T y, float yWeight) where T : struct, ILane<T> =>
        T.MultiplyAdd(T.Const(xWeight) * x, x, T.Const(yWeight) * y * y);
}
