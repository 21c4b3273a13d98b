using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>How a parameter starts.</summary>
public abstract class Initializer
{
    /// <summary>Uniform in ±1/√(fan in), PyTorch's default for dense and convolutional layers, weights and biases.</summary>
    public static ScaledInitializer FanInUniform { get; } = new(isUniform: true, fans => 1 / Math.Sqrt(3.0 * Positive(fans.In, fans)));

    /// <summary>Uniform with standard deviation 1/√(fan in) (Y. LeCun et al., "Efficient backprop", 1998).</summary>
    public static ScaledInitializer LecunUniform { get; } = new(isUniform: true, fans => 1 / Math.Sqrt(Positive(fans.In, fans)));

    /// <summary>Normal with standard deviation 1/√(fan in) (Y. LeCun et al., "Efficient backprop", 1998).</summary>
    public static ScaledInitializer LecunNormal { get; } = new(isUniform: false, fans => 1 / Math.Sqrt(Positive(fans.In, fans)));

    /// <summary>All 0.</summary>
    public static Initializer Zeros { get; } = Constant(0);

    /// <summary>All 1.</summary>
    public static Initializer Ones { get; } = Constant(1);

    /// <summary>A matrix with 1 on its diagonal, else 0: a dense layer that begins as the identity.</summary>
    public static Initializer Eye { get; } = new EyeInitializer();

    /// <summary>All the same.</summary>
    public static Initializer Constant(float value) => new DrawnInitializer((shape, _) => Tensor.Full(shape, value));

    /// <summary>Uniform in [low, high).</summary>
    /// <exception cref="ArgumentOutOfRangeException">low is above high, or a bound or their distance is not finite.</exception>
    public static Initializer Uniform(float low, float high)
    {
        Require.Interval(low, high);
        return new DrawnInitializer((shape, random) => Tensor.Uniform(shape, random, low, high));
    }

    /// <summary>Normal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not finite, or the standard deviation negative, not finite, or so large that numbers drawn would not be finite.
    /// </exception>
    public static Initializer Normal(float mean = 0, float standardDeviation = 1)
    {
        RandomStream.EnsureFiniteNormals(mean, standardDeviation);
        return new DrawnInitializer((shape, random) => Tensor.Normal(shape, random, mean, standardDeviation));
    }

    /// <summary>Normal, but only what is in [low, high]: drawn by the inverse of the distribution function.</summary>
    /// <param name="mean">The mean before truncation.</param>
    /// <param name="standardDeviation">The standard deviation before truncation.</param>
    /// <param name="low">The least number.</param>
    /// <param name="high">The largest number.</param>
    /// <exception cref="ArgumentException">
    /// low is not below high, or no part worth the name of the distribution is between them.
    /// </exception>
    public static Initializer TruncatedNormal(float mean = 0, float standardDeviation = 1, float low = -2, float high = 2) =>
        new TruncatedNormalInitializer(mean, standardDeviation, low, high);

    /// <summary>
    /// Uniform with standard deviation gain · √(2 / (fan in + fan out)) (X. Glorot, Y. Bengio, "Understanding the difficulty of
    /// training deep feedforward neural networks", AISTATS 2010).
    /// </summary>
    /// <param name="gain">The scale for the activation that follows, see <see cref="Gain"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public static ScaledInitializer XavierUniform(double gain = 1) => Xavier(isUniform: true, gain);

    /// <summary>Normal with standard deviation gain · √(2 / (fan in + fan out)) (X. Glorot, Y. Bengio, AISTATS 2010).</summary>
    /// <param name="gain">The scale for the activation that follows, see <see cref="Gain"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public static ScaledInitializer XavierNormal(double gain = 1) => Xavier(isUniform: false, gain);

    /// <summary>Uniform with standard deviation gain / √fan (K. He et al., "Delving deep into rectifiers", ICCV 2015).</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain">The scale for the activation that follows, see <see cref="Gain"/>; null for ReLU's √2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite, or there is no such mode.</exception>
    public static ScaledInitializer KaimingUniform(FanMode mode = FanMode.In, double? gain = null) => Kaiming(isUniform: true, mode, gain);

    /// <summary>Normal with standard deviation gain / √fan (K. He et al., "Delving deep into rectifiers", ICCV 2015).</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain">The scale for the activation that follows, see <see cref="Gain"/>; null for ReLU's √2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite, or there is no such mode.</exception>
    public static ScaledInitializer KaimingNormal(FanMode mode = FanMode.In, double? gain = null) => Kaiming(isUniform: false, mode, gain);

    /// <summary>
    /// A random matrix with orthonormal rows or columns, whichever are fewer, times the gain; further axes count as columns
    /// (A. M. Saxe, J. L. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    /// networks", ICLR 2014).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initializer Orthogonal(double gain = 1)
    {
        Require.NotNegative(gain);
        return new OrthogonalInitializer(gain);
    }

    /// <summary>
    /// A kernel [out, in, ..] with 1 at the center where the output channel is the input channel, else 0: a convolution that begins
    /// as the identity.
    /// </summary>
    /// <param name="groups">Into how many groups the output channels fall; each begins again at input channel 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">groups is not positive.</exception>
    public static Initializer Dirac(int groups = 1)
    {
        Require.Positive(groups);
        return new DiracInitializer(groups);
    }

    /// <summary>A new tensor.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="fans">The fans of the layer.</param>
    /// <param name="random">Where random numbers come from.</param>
    /// <exception cref="ShapeException">The initializer makes no tensors of this shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A fan that the scale goes by is not positive.</exception>
    public abstract Tensor Create(Shape shape, Fans fans, RandomStream random);

    /// <summary>What <see cref="Create"/> makes, which may be somebody else's: refused unless it is there, and of the shape.</summary>
    internal Tensor Make(in Shape shape, Fans fans, RandomStream random)
    {
        var made = Create(shape, fans, random)
            ?? throw new TensorException(GetType().Name, $"it made null instead of shape {shape}", "return a tensor");
        return made.Shape == shape
            ? made
            : throw new ShapeException(GetType().Name, $"it made shape {made.Shape} instead of {shape}", "return what is asked for");
    }

    private static ScaledInitializer Xavier(bool isUniform, double gain)
    {
        Require.NotNegative(gain);
        return new ScaledInitializer(
            isUniform, fans => gain * Math.Sqrt(2.0 / ((double)Positive(fans.In, fans) + Positive(fans.Out, fans))));
    }

    private static ScaledInitializer Kaiming(bool isUniform, FanMode mode, double? gain)
    {
        double factor = gain ?? Gain.LeakyRelu(0);
        Require.NotNegative(factor, nameof(gain));
        Require.Defined(mode);
        return new ScaledInitializer(isUniform, fans => factor / Math.Sqrt(Positive(mode == FanMode.In ? fans.In : fans.Out, fans)));
    }

    private static int Positive(int fan, Fans fans) => fan > 0
        ? fan
        : throw new ArgumentOutOfRangeException(
            nameof(fans),
            fans,
            "the scale goes by a fan that is not positive: give the fans of the layer");

    private sealed class DrawnInitializer(Func<Shape, RandomStream, Tensor> draw) : Initializer
    {
        public override Tensor Create(Shape shape, Fans fans, RandomStream random) => draw(shape, random);
    }
}

/// <summary>Uniform or normal with mean 0 and a standard deviation by the fans of the layer.</summary>
public sealed class ScaledInitializer : Initializer
{
    private readonly Func<Fans, double> _standardDeviation;

    internal ScaledInitializer(bool isUniform, Func<Fans, double> standardDeviation) =>
        (IsUniform, _standardDeviation) = (isUniform, standardDeviation);

    /// <summary>Whether the numbers are uniform, else normal.</summary>
    public bool IsUniform { get; }

    /// <summary>The standard deviation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A fan that it goes by is not positive.</exception>
    public double StandardDeviation(Fans fans) => _standardDeviation(fans);

    /// <summary>√3 times the standard deviation: uniform numbers are in [−bound, bound).</summary>
    public double Bound(Fans fans) => Math.Sqrt(3) * StandardDeviation(fans);

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, Fans fans, RandomStream random)
    {
        float bound = (float)Bound(fans);
        return IsUniform ? Tensor.Uniform(shape, random, -bound, bound) : Tensor.Normal(shape, random, 0, (float)StandardDeviation(fans));
    }
}
