using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Batch normalization of x [N, C, ..]: y = (x − mean) / √(variance + ε) · weight + bias, for each channel. While training, mean
/// and variance are those of the batch, the variance over n, and running statistics follow them:
/// running = (1 − momentum) · running + momentum · statistic, the variance there over n − 1. In evaluation the running statistics
/// stand in.
/// </summary>
/// <remarks>
/// Running statistics are floats, as in PyTorch: exact to half the spacing of floats at the mean, and infinite where the variance is 3.4e38
/// or more (deviations from 1.8e19), so that evaluation then gives the bias. A batch itself is normalized right whatever the magnitude
/// of its values. A batch that is refused changes no statistics and is not counted.
/// S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift", ICML 2015,
/// arXiv:1502.03167. Parameters and buffers have PyTorch's names: weight, bias, running_mean, running_var and num_batches_tracked, which,
/// as a float, counts up to 2²⁴.
/// </remarks>
public abstract class BatchNorm : Module<Tensor, Tensor>, IFeatureLayer, ITakesElementwise
{
    private readonly float? _momentum;
    private readonly Tensor? _batches;

    // What the number of batches is while its buffer is as it was left here.
    private (Storage? Storage, int Version, float Batches) _known;

    private protected BatchNorm(int features, float epsilon, float? momentum, bool affine, bool trackRunningStatistics)
    {
        Require.Positive(features);
        Features = features;
        Epsilon = Require.NotNegative(epsilon);
        _momentum = momentum is { } given ? Require.Probability(given, nameof(momentum)) : null;
        if (affine)
        {
            Weight = AddParameter("weight", Tensor.Ones([features]));
            Bias = AddParameter("bias", Tensor.Zeros([features]));
        }

        if (trackRunningStatistics)
        {
            RunningMean = AddBuffer("running_mean", Tensor.Zeros([features]));
            RunningVariance = AddBuffer("running_var", Tensor.Ones([features]));
            _batches = AddBuffer("num_batches_tracked", Tensor.FromScalar(0));
        }
    }

    /// <summary>The number of channels C.</summary>
    public int Features { get; }

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <summary>The weight [C], initially 1, if there is one.</summary>
    public Parameter? Weight { get; }

    /// <summary>The bias [C], initially 0, if there is one.</summary>
    public Parameter? Bias { get; }

    /// <summary>The running mean [C], initially 0, if statistics are tracked.</summary>
    public Tensor? RunningMean { get; }

    /// <summary>The running variance [C], initially 1, if statistics are tracked.</summary>
    public Tensor? RunningVariance { get; }

    int IFeatureLayer.FeatureAxis => 1;

    int? IFeatureLayer.InputFeatures => Features;

    int? IFeatureLayer.OutputFeatures => Features;

    /// <inheritdoc/>
    public override string Describe()
    {
        string epsilon = Epsilon == 1e-5f ? "" : FormattableString.Invariant($", epsilon {Epsilon}");
        string momentum = _momentum is { } given ? FormattableString.Invariant($"{given}") : "of an average";
        return $"{GetType().Name}({Features}{epsilon}{(_momentum is 0.1f ? "" : $", momentum {momentum}")}"
            + $"{(Weight is null ? ", no weight and bias" : "")}{(RunningMean is null ? ", no running statistics" : "")})";
    }

    internal override Tensor ForwardFused(Tensor input, in FusedLayers fused)
    {
        CheckShape(input);
        bool counts = Counts(input);
        var y = fused.Function!.BatchNorm(input, Weight, Bias, RunningMean, RunningVariance, IsTraining, Momentum(counts), Epsilon);
        Count(counts);
        return y;
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input)
    {
        CheckShape(input);
        bool counts = Counts(input);
        var y = input.BatchNorm(Weight, Bias, RunningMean, RunningVariance, IsTraining, Momentum(counts), Epsilon);
        Count(counts);
        return y;
    }

    /// <summary>Refuses an input of the wrong number of axes or channels.</summary>
    private protected abstract void CheckShape(Tensor input);

    /// <summary>Refuses an input whose rank is not one of two, or which has other channels.</summary>
    private protected void CheckRank(Tensor input, int rank, int otherRank, string axes)
    {
        Operation.Check("BatchNorm", input);
        if (input.Rank != rank && input.Rank != otherRank)
        {
            throw new ShapeException("BatchNorm", $"an input of shape {input.Shape}", $"{GetType().Name} takes the axes {axes}");
        }

        if (input.Shape[1] != Features)
        {
            throw new ShapeException("BatchNorm", $"an input of shape {input.Shape}", $"the input needs {Features} channels (axis 1)");
        }
    }

    /// <summary>Whether running statistics follow a batch.</summary>
    private bool Counts(Tensor input) => _batches is not null && IsTraining && input.Length > 0;

    /// <summary>How much of the running statistics a batch replaces; without a momentum they are the average of all batches.</summary>
    private double Momentum(bool counts) => counts ? _momentum ?? 1.0 / (Batches() + 1) : 0;

    /// <summary>The number of batches so far, which is read only after somebody else has written it: on a GPU that waits for it.</summary>
    private float Batches()
    {
        if (_known.Storage != _batches!.Storage || _known.Version != _batches.Storage.Version)
        {
            _known = (_batches.Storage, _batches.Storage.Version, _batches.Item());
        }

        return _known.Batches;
    }

    /// <summary>Counts a batch, which comes last: one that is refused is none.</summary>
    private void Count(bool counts)
    {
        if (counts)
        {
            _batches!.Device.Map(new AffineOp(scale: 1, shift: 1), _batches, _batches);
            _batches.Storage.MarkWritten();
            _known = _momentum is null ? (_batches.Storage, _batches.Storage.Version, _known.Batches + 1) : default;
        }
    }
}

/// <summary>Batch normalization of vectors [N, C] or sequences [N, C, L]. <inheritdoc cref="BatchNorm" path="/summary/node()"/></summary>
/// <remarks><inheritdoc cref="BatchNorm" path="/remarks/node()"/></remarks>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">The number of channels C.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="momentum">How much of the running statistics a batch replaces; null for the average of all batches.</param>
    /// <param name="affine">Whether there are weight and bias.</param>
    /// <param name="trackRunningStatistics">
    /// Whether there are running statistics; without them evaluation normalizes by those of the batch.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public BatchNorm1d(int features, float epsilon = 1e-5f, float? momentum = 0.1f, bool affine = true, bool trackRunningStatistics = true)
        : base(features, epsilon, momentum, affine, trackRunningStatistics)
    {
    }

    private protected override void CheckShape(Tensor input) => CheckRank(input, 2, 3, "[batch, channels] or [batch, channels, length]");
}

/// <summary>Batch normalization of images [N, C, H, W]. <inheritdoc cref="BatchNorm" path="/summary/node()"/></summary>
/// <remarks><inheritdoc cref="BatchNorm" path="/remarks/node()"/></remarks>
public sealed class BatchNorm2d : BatchNorm, IFixedNormalization
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">The number of channels C.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="momentum">How much of the running statistics a batch replaces; null for the average of all batches.</param>
    /// <param name="affine">Whether there are weight and bias.</param>
    /// <param name="trackRunningStatistics">
    /// Whether there are running statistics; without them evaluation normalizes by those of the batch.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public BatchNorm2d(int features, float epsilon = 1e-5f, float? momentum = 0.1f, bool affine = true, bool trackRunningStatistics = true)
        : base(features, epsilon, momentum, affine, trackRunningStatistics)
    {
    }

    bool IFixedNormalization.HasFixedStatistics => !IsTraining && RunningMean is not null && RunningVariance is not null;

    ChannelStatistics IFixedNormalization.FixedStatistics =>
        ChannelStatistics.Running(RunningMean!, RunningVariance!, Epsilon, Weight, Bias);

    private protected override void CheckShape(Tensor input) => CheckRank(input, 4, 4, "[batch, channels, height, width]");
}
