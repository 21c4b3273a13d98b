using TinyNet.Core;

namespace TinyNet.Tests.Training;

/// <summary>Logits and labels with everything that can happen: ties, nan, infinities, classes never seen, ignored labels.</summary>
internal sealed record ClassSamples(float[] Logits, int[] Labels, int Classes)
{
    public const int Ignored = -100;

    /// <summary>
    /// Samples whose logits are among a few numbers, so that there are ties. The last class is neither label nor prediction, the one
    /// before no label.
    /// </summary>
    public static ClassSamples Random(int count, int classes, ulong seed)
    {
        var random = new RandomStream(seed);
        float[] logits = new float[count * classes];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < classes; c++)
            {
                logits[i * classes + c] = c == classes - 1 ? float.NegativeInfinity : random.Next(20) switch
                {
                    0 => float.NaN,
                    1 => float.PositiveInfinity,
                    2 => -1e30f,
                    var other => other % 7,
                };
            }

            labels[i] = random.Next(10) == 0 ? Ignored : random.Next(classes - 2);
        }

        return new ClassSamples(logits, labels, classes);
    }

    /// <summary>Samples that are predicted as given.</summary>
    public static ClassSamples Of(int[] labels, int[] predicted, int classes)
    {
        float[] logits = new float[labels.Length * classes];
        for (int i = 0; i < labels.Length; i++)
        {
            logits[i * classes + predicted[i]] = 1;
        }

        return new ClassSamples(logits, labels, classes);
    }

    /// <summary>The samples from one on, as a batch.</summary>
    public (Tensor Output, IndexTensor Target) Batch(int from, int count, Device? device = null) =>
        (Tensor.From(Logits.AsSpan(from * Classes, count * Classes), [count, Classes], device),
            IndexTensor.From(Labels.AsSpan(from, count)));

    /// <summary>All samples as one batch.</summary>
    public (Tensor Output, IndexTensor Target) All(Device? device = null) => Batch(0, Labels.Length, device);

    /// <summary>
    /// The classes by falling logits, by the definition: nan first, then the largest, of equal ones the first.
    /// </summary>
    public int[] Ranking(int sample) =>
    [
        .. Enumerable.Range(0, Classes)
            .OrderByDescending(c => float.IsNaN(Logits[sample * Classes + c]))
            .ThenByDescending(c => Logits[sample * Classes + c])
            .ThenBy(c => c),
    ];

    /// <summary>Label and prediction of what is not ignored.</summary>
    public (int Label, int Predicted)[] Pairs() =>
    [
        .. Enumerable.Range(0, Labels.Length).Where(i => Labels[i] != Ignored).Select(i => (Labels[i], Ranking(i)[0])),
    ];
}
