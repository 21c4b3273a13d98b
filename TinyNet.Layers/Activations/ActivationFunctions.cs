using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Activations as functions of tensors, with the settings of the modules of their names; those that learn nothing, that is.
/// <c>Sigmoid</c>, <c>Tanh</c>, <c>Softmax</c> and <c>LogSoftmax</c> stand beside the other functions, in TinyNet.Autograd.
/// </summary>
public static class ActivationFunctions
{
    extension(Tensor x)
    {
        /// <summary><inheritdoc cref="ApproximateTanhOp" path="/summary/node()"/></summary>
        public Tensor ApproximateTanh() => x.Apply(default(ApproximateTanhOp));

        /// <summary><inheritdoc cref="CELUOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">α is not positive.</exception>
        public Tensor Celu(float alpha = 1) => x.Apply(new CELUOp(alpha));

        /// <summary><inheritdoc cref="ClippedSigmoidOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
        public Tensor ClippedSigmoid(float limit = 500) => x.Apply(new ClippedSigmoidOp(limit));

        /// <summary>y = e^(−d t) tanh x, with the decay d and the time t; dy/dx = e^(−d t) (1 − tanh² x).</summary>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The decay is negative, the time is not finite, or so far below 0 that e^(−d t) is infinite.
        /// </exception>
        public Tensor DecayTanh(float time, float decay = 0.1f) =>
            x.Apply(new ScaledTanhOp(MathF.Exp(-Require.NotNegative(decay) * Require.Finite(time)), 1));

        /// <summary><inheritdoc cref="ELUOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">α is not finite.</exception>
        public Tensor Elu(float alpha = 1) => x.Apply(new ELUOp(alpha));

        /// <summary><inheritdoc cref="GELUOp" path="/summary/node()"/></summary>
        public Tensor Gelu() => x.Apply(default(GELUOp));

        /// <summary><inheritdoc cref="TanhGELUOp" path="/summary/node()"/></summary>
        public Tensor TanhGelu() => x.Apply(default(TanhGELUOp));

        /// <summary>a σ(b) of the halves a and b of an axis, which is half as long in the result.</summary>
        /// <exception cref="ShapeException">There is no such axis, or its length is odd.</exception>
        public Tensor Glu(int axis = -1) => GLU.Gated(x, axis, "GLU", default(GLUOp));

        /// <summary>
        /// e^(−z²/2) b with z = (a − mean) / deviation of the halves a and b of an axis, which is half as long in the result.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">The mean is not finite, or the deviation not positive.</exception>
        /// <exception cref="ShapeException">There is no such axis, or its length is odd.</exception>
        public Tensor GaussianGlu(float mean = 0, float deviation = 1, int axis = -1) =>
            GLU.Gated(x, axis, "GaussianGLU", new GaussianGLUOp(mean, deviation));

        /// <summary>a max(b, 0) of the halves a and b of an axis, which is half as long in the result.</summary>
        /// <exception cref="ShapeException">There is no such axis, or its length is odd.</exception>
        public Tensor Reglu(int axis = -1) => GLU.Gated(x, axis, "ReGLU", default(ReGLUOp));

        /// <summary>a b Φ(b) of the halves a and b of an axis, which is half as long in the result.</summary>
        /// <exception cref="ShapeException">There is no such axis, or its length is odd.</exception>
        public Tensor Geglu(int axis = -1) => GLU.Gated(x, axis, "GEGLU", default(GEGLUOp));

        /// <summary>a b σ(b) of the halves a and b of an axis, which is half as long in the result.</summary>
        /// <exception cref="ShapeException">There is no such axis, or its length is odd.</exception>
        public Tensor Swiglu(int axis = -1) => GLU.Gated(x, axis, "SwiGLU", default(SwiGLUOp));

        /// <summary><inheritdoc cref="HardShrinkOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">λ is negative.</exception>
        public Tensor HardShrink(float lambda = 0.5f) => x.Apply(new HardShrinkOp(lambda));

        /// <summary><inheritdoc cref="SoftShrinkOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">λ is negative.</exception>
        public Tensor SoftShrink(float lambda = 0.5f) => x.Apply(new SoftShrinkOp(lambda));

        /// <summary><inheritdoc cref="TanhShrinkOp" path="/summary/node()"/></summary>
        public Tensor TanhShrink() => x.Apply(default(TanhShrinkOp));

        /// <summary><inheritdoc cref="HardSigmoidOp" path="/summary/node()"/></summary>
        public Tensor HardSigmoid() => x.Apply(default(HardSigmoidOp));

        /// <summary><inheritdoc cref="HardSwishOp" path="/summary/node()"/></summary>
        public Tensor HardSwish() => x.Apply(default(HardSwishOp));

        /// <summary><inheritdoc cref="HardTanhOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">high is less than low, or one is nan.</exception>
        public Tensor HardTanh(float low = -1, float high = 1) => x.Apply(new HardTanhOp(low, high));

        /// <summary><inheritdoc cref="ReLUOp" path="/summary/node()"/></summary>
        public Tensor Relu() => x.Apply(default(ReLUOp));

        /// <summary>y = min(max(x, 0), 6); dy/dx = 1 inside, 0 on the bounds and outside.</summary>
        public Tensor Relu6() => x.Apply(new HardTanhOp(0, 6));

        /// <summary><inheritdoc cref="LeakyReLUOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
        public Tensor LeakyRelu(float negativeSlope = 0.01f) => x.Apply(new LeakyReLUOp(negativeSlope));

        /// <summary>
        /// y = x for x &gt; 0, else a x, with a uniform in [lower, upper) for each element: <see cref="RReLU"/> while training. In
        /// evaluation it is <c>LeakyRelu((lower + upper) / 2)</c>.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A slope is not finite, or upper is less than lower.</exception>
        public Tensor RRelu(RandomStream random, float lower = 1 / 8f, float upper = 1 / 3f) => RReLU.Randomized(x, random, lower, upper);

        /// <summary><inheritdoc cref="LogSigmoidOp" path="/summary/node()"/></summary>
        public Tensor LogSigmoid() => x.Apply(default(LogSigmoidOp));

        /// <summary><inheritdoc cref="MishOp" path="/summary/node()"/></summary>
        public Tensor Mish() => x.Apply(default(MishOp));

        /// <summary><inheritdoc cref="PiecewiseLinearTanhOp" path="/summary/node()"/></summary>
        public Tensor PiecewiseLinearTanh() => x.Apply(default(PiecewiseLinearTanhOp));

        /// <summary><inheritdoc cref="QuantizedClipOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">The number of bits is out of range.</exception>
        public Tensor QuantizedClip(int bits = 8) => x.Apply(new QuantizedClipOp(bits));

        /// <summary><inheritdoc cref="QuantizedSigmoidOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">The number of bits is out of range.</exception>
        public Tensor QuantizedSigmoid(int bits = 8) => x.Apply(new QuantizedSigmoidOp(bits));

        /// <summary><inheritdoc cref="ScaledTanhOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">A number is not finite.</exception>
        public Tensor ScaledTanh(float scale = 1.7159f, float slope = 2 / 3f) => x.Apply(new ScaledTanhOp(scale, slope));

        /// <summary><inheritdoc cref="SELUOp" path="/summary/node()"/></summary>
        public Tensor Selu() => x.Apply(default(SELUOp));

        /// <summary><inheritdoc cref="SiLUOp" path="/summary/node()"/></summary>
        public Tensor Silu() => x.Apply(default(SiLUOp));

        /// <summary><inheritdoc cref="SwishOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">β is not finite.</exception>
        public Tensor Swish(float beta = 1) => x.Apply(new SwishOp(beta));

        /// <summary>y = x + sin²(a x) / a, with the frequency a; dy/dx = 1 + sin(2 a x).</summary>
        /// <exception cref="ArgumentOutOfRangeException">a is not positive, or so small that 1/a is infinite.</exception>
        public Tensor Snake(float frequency = 1) => x.Apply(SnakeOp.Scaled(frequency));

        /// <summary>y = x + sin²(a x), with the frequency a; dy/dx = 1 + a sin(2 a x).</summary>
        /// <exception cref="ArgumentOutOfRangeException">a is not finite.</exception>
        public Tensor UnscaledSnake(float frequency = 1) => x.Apply(new SnakeOp(frequency, 1));

        /// <summary>yᵢ = e^(−xᵢ) / Σ e^(−xⱼ) along an axis: the smallest has the most.</summary>
        /// <exception cref="ShapeException">There is no such axis.</exception>
        public Tensor Softmin(int axis = -1) => (-x).Softmax(axis);

        /// <summary><inheritdoc cref="SoftplusOp" path="/summary/node()"/></summary>
        /// <exception cref="ArgumentOutOfRangeException">β is not positive, or the threshold is nan.</exception>
        public Tensor Softplus(float beta = 1, float threshold = 20) => x.Apply(new SoftplusOp(beta, threshold));

        /// <summary><inheritdoc cref="SoftsignOp" path="/summary/node()"/></summary>
        public Tensor Softsign() => x.Apply(default(SoftsignOp));

        /// <summary><inheritdoc cref="ThresholdOp" path="/summary/node()"/></summary>
        public Tensor Threshold(float threshold = 0, float value = 0) => x.Apply(new ThresholdOp(threshold, value));
    }
}
