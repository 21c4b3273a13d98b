using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Applies an element-wise operation, one's own included: <c>new Elementwise&lt;SnakeOp&gt;(new SnakeOp(2, 0.5f))</c>.</summary>
/// <typeparam name="TOp">The operation: value and derivative.</typeparam>
public class Elementwise<TOp>(TOp op = default) : Module<Tensor, Tensor>, IFeatureLayer, IElementwise where TOp : struct, IUnaryOp
{
    // The fused operation does not keep the input of the activation.
    bool IElementwise.CanFollow => !Tape.IsRecordingNow || (TOp.DerivativeReads & Operands.Input) == 0;

    /// <inheritdoc/>
    public override string Describe() =>
        GetType() == typeof(Elementwise<TOp>) ? $"Elementwise<{typeof(TOp).Name}>()" : $"{GetType().Name}()";

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor input) => input.Apply(op);

    Tensor IElementwise.Linear(Tensor input, Parameter weight, Parameter? bias) => input.Linear(weight, bias, op);

    Tensor IElementwise.Convolve(
        Tensor input, Parameter weight, Parameter? bias, in Window window, int groups, ChannelStatistics? normalization) =>
        input.Convolve(weight, bias, window, groups, normalization, op);

    Tensor IElementwise.BatchNorm(
        Tensor input, Parameter? weight, Parameter? bias, Tensor? runningMean, Tensor? runningVariance,
        bool training, double momentum, float epsilon) =>
        input.BatchNorm(weight, bias, runningMean, runningVariance, training, momentum, epsilon, op);
}
