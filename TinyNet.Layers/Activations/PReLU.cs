using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>y = a for a &gt; 0, else a · b; ∂y/∂a = 1 for a &gt; 0, else b; ∂y/∂b = 0 for a &gt; 0, else a.</summary>
public readonly struct PReLUOp : IBinaryOp
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Select(a > T.Zero, a, a * b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => T.Select(a > T.Zero, gradient, gradient * b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => T.Select(a > T.Zero, T.Zero, gradient * a);
}

/// <summary>
/// Leaky rectified linear unit whose slope is learned: y = x for x &gt; 0, else w x; dy/dx = 1 for x &gt; 0, else w;
/// ∂y/∂w = 0 for x &gt; 0, else x. One slope for all, or one for each channel, which is axis 1.
/// </summary>
/// <remarks>
/// Range: all numbers for positive w.
/// Paper: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers: surpassing human-level performance on ImageNet
/// classification", ICCV 2015, arXiv:1502.01852.
/// </remarks>
public sealed class PReLU : Module<Tensor, Tensor>, IFeatureLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">The number of slopes: 1, the default, or the size of axis 1.</param>
    /// <param name="initialSlope">What they start with; 0.25 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of slopes is not positive.</exception>
    public PReLU(int channels = 1, float initialSlope = 0.25f)
    {
        Require.Positive(channels);
        Weight = AddParameter("weight", Tensor.Full([channels], initialSlope));
    }

    /// <summary>The slopes w.</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override string Describe() => Weight.Length == 1 ? "PReLU()" : $"PReLU({Weight.Length})";

    internal static Tensor Compute(Tensor x, Tensor weight)
    {
        if (weight.Length > 1 && (x.Rank < 2 || x.Shape[1] != weight.Length))
        {
            throw new ShapeException(
                "PReLU",
                $"{weight.Length} slopes for a tensor of shape {x.Shape}",
                "give as many slopes as axis 1 is long, or one for all");
        }

        if (x.Rank == 1)
        {
            return x.Apply(weight, default(PReLUOp));
        }

        int[] sizes = new int[Math.Max(x.Rank - 1, 0)];
        sizes.AsSpan().Fill(1);
        if (sizes.Length > 0)
        {
            sizes[0] = weight.Length;
        }

        return x.Apply(weight.Reshape(sizes), default(PReLUOp));
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => Compute(input, Weight);
}
