using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>What a network took for what, and where it was surest of what was wrong.</summary>
internal sealed record ClassificationReview(ConfusionMatrix Confusion, IReadOnlyList<string> ClassNames, IReadOnlyList<Picture> Mistakes)
{
    private const int LargeBatch = 250, MostMistakes = 24;

    /// <summary>Looks at what a network says of images.</summary>
    /// <param name="model">The network.</param>
    /// <param name="images">The images as the network sees them.</param>
    /// <param name="pictures">The same images as people see them: numbers from 0 to 1.</param>
    public static ClassificationReview Of(
        Module<Tensor, Tensor> model, Dataset<ClassificationBatch> images, Dataset<ClassificationBatch> pictures)
    {
        var confusion = new ConfusionMatrix(images.ClassNames);
        var mistakes = new List<(int Index, int Guess, float Share)>();
        using var loader = new DataLoader(images, LargeBatch);
        int first = 0;
        foreach (var (pixels, labels) in loader)
        {
            var scores = model.Predict(pixels);
            confusion.Add(scores, labels);
            float[] shares = scores.Softmax().ToArray();
            int classes = images.Classes;
            for (int i = 0; i < labels.Length; i++)
            {
                var row = shares.AsSpan(i * classes, classes);
                int guess = row.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(row));
                if (guess >= 0 && guess != labels.Values[i])
                {
                    mistakes.Add((first + i, guess, row[guess]));
                }
            }

            first += labels.Length;
        }

        string[] names = images.ClassNames.ToArray();
        var worst = mistakes.OrderByDescending(mistake => mistake.Share).Take(MostMistakes);
        return new ClassificationReview(
            confusion, names,
            [.. worst.Select(mistake => Show(pictures, mistake.Index, $"{names[mistake.Guess]} {mistake.Share:P0}", names))]);
    }

    private static Picture Show(Dataset<ClassificationBatch> pictures, int index, string guess, string[] names)
    {
        var (pixels, labels) = pictures.Load(index);
        return new Picture(
            $"{names[labels.Values[0]]}, taken for {guess}", pixels.Shape[3], pixels.Shape[2], pixels.Shape[1], pixels.ToArray());
    }
}
