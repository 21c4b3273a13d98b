using System.Numerics.Tensors;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// (x − m) / s with a mean m and a deviation s for each channel: of images [channels, height, width], or of the columns of a table
/// [channels]. The deviations are those of all values of a channel, √(Σ (x − m)² / n).
/// </summary>
/// <remarks>
/// The known constants are those of the training images, with pixels from 0 to 1, rounded to four digits. What is written there as source
/// has the numbers; those of MNIST and Fashion-MNIST are what <see cref="Measure"/> gives for the official files.
/// </remarks>
public sealed class Normalize : Transform
{
    private readonly float[] _mean, _deviation;

    /// <summary>Makes the transform.</summary>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="deviation">The deviation of each channel.</param>
    /// <exception cref="ArgumentException">There is no channel, or not as many deviations as means.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A mean is no number, or a deviation not above 0.</exception>
    public Normalize(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        ChannelScales.Ensure(nameof(Normalize), mean, deviation);
        (_mean, _deviation) = (mean.ToArray(), deviation.ToArray());
    }

    /// <summary>MNIST: <see href="https://github.com/pytorch/examples/blob/main/mnist/main.py"/>.</summary>
    public static Normalize Mnist { get; } = new([0.1307f], [0.3081f]);

    /// <summary>Fashion-MNIST: measured on the official files.</summary>
    public static Normalize FashionMnist { get; } = new([0.2860f], [0.3530f]);

    /// <summary>CIFAR-10: <see href="https://github.com/kuangliu/pytorch-cifar/issues/19"/>.</summary>
    public static Normalize Cifar10 { get; } = new([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]);

    /// <summary>CIFAR-100: <see href="https://gist.github.com/weiaicunzai/e623931921efefd4c331622c344d8151"/>.</summary>
    public static Normalize Cifar100 { get; } = new([0.5071f, 0.4865f, 0.4409f], [0.2673f, 0.2564f, 0.2762f]);

    /// <summary>ImageNet: <see href="https://pytorch.org/vision/stable/models.html"/>, which pretrained networks expect.</summary>
    public static Normalize ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>The mean of each channel.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>The deviation of each channel.</summary>
    public ReadOnlySpan<float> Deviation => _deviation;

    /// <inheritdoc/>
    internal override bool TakesRows => true;

    /// <summary>
    /// Measures the channels over all samples of a dataset, as they are in epoch 0, in double precision; the same bits for any number of
    /// threads. Take the training part: the test is normalized by what training has seen. A channel that is the same everywhere gets a
    /// deviation of 1, so that it becomes 0.
    /// </summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="field">The name of the field of numbers; null for the first one.</param>
    /// <exception cref="ArgumentException">
    /// There is no sample or no such field, it is a sequence, or it holds what is no number.
    /// </exception>
    /// <exception cref="SampleException">A sample could not be read.</exception>
    /// <exception cref="ShapeException">The field has neither images [channels, height, width] nor rows [channels].</exception>
    public static Normalize Measure<TBatch>(Dataset<TBatch> dataset, string? field = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var numbers = NumberFields.Find(dataset, field);
        var (channels, _, _) = NumberFields.ImageShape("Normalize.Measure", dataset.Name, numbers, takesRows: true);
        if (dataset.Count == 0 || numbers.Length == 0)
        {
            throw new ArgumentException($"dataset '{dataset.Name}' has no numbers to measure", nameof(dataset));
        }

        var (means, deviations) = (new float[channels], new float[channels]);
        var moments = ChannelMoments.Of(dataset, numbers, channels);
        for (int channel = 0; channel < channels; channel++)
        {
            (means[channel], deviations[channel]) = ((float)moments[channel].Mean, (float)moments[channel].Deviation);
            if (!float.IsFinite(means[channel]) || !float.IsFinite(deviations[channel]))
            {
                throw new ArgumentException($"dataset '{dataset.Name}': channel {channel} of {numbers} holds nan, infinity or numbers too "
                    + "large to measure", nameof(dataset));
            }

            deviations[channel] = deviations[channel] == 0 ? 1 : deviations[channel];
        }

        return new Normalize(means, deviations);
    }

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(Normalize), ("mean", SettingsText.First(Mean)), ("deviation", SettingsText.First(Deviation)));

    /// <inheritdoc/>
    public override void EnsureFits(int channels, int height, int width)
    {
        if (channels != _mean.Length)
        {
            throw new ShapeException("Normalize", $"it has means of {_mean.Length} channels, and images of [{channels}, {height}, {width}] "
                + $"have {channels}", "use the constants of this dataset, or Normalize.Measure");
        }
    }

    /// <inheritdoc/>
    public override void Apply(ImageSpan image, RandomStream random)
    {
        for (int channel = 0; channel < _mean.Length; channel++)
        {
            var values = image.Channel(channel);
            TensorPrimitives.Subtract(values, _mean[channel], values);
            TensorPrimitives.Divide(values, _deviation[channel], values);
        }
    }
}
