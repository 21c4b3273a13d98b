using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Datasets over datasets: images that are changed when they are read, on the threads of the loader.</summary>
/// <remarks>
/// Random numbers are a function of the seed, the epoch of the loader, the index of the sample in the dataset that is extended here, and
/// the place of the transform in the list: the data are the same bits for any number of threads and batches ahead, in every run. Parts
/// taken of the result (<see cref="Dataset{TBatch}.Split"/>, <see cref="Dataset{TBatch}.Subset"/>) have the same images as the whole.
/// </remarks>
public static class DatasetTransforms
{
    extension<TBatch>(Dataset<TBatch> dataset)
    {
        /// <summary>The dataset with its first field of numbers changed by transforms, one after another; random ones by seed 0.</summary>
        /// <param name="transforms">What changes the images, in order.</param>
        /// <exception cref="ArgumentException">The dataset has no field of numbers, or its first one is a sequence.</exception>
        /// <exception cref="ShapeException">It has no images [channels, height, width], or a transform does not take them.</exception>
        public Dataset<TBatch> Transform(params ReadOnlySpan<Transform> transforms) => dataset.Transform(0, transforms);

        /// <summary>The dataset with its first field of numbers changed by transforms, one after another.</summary>
        /// <param name="seed">Where the random numbers of the transforms start from.</param>
        /// <param name="transforms">What changes the images, in order.</param>
        /// <exception cref="ArgumentException">The dataset has no field of numbers, or its first one is a sequence.</exception>
        /// <exception cref="ShapeException">It has no images [channels, height, width], or a transform does not take them.</exception>
        public Dataset<TBatch> Transform(ulong seed, params ReadOnlySpan<Transform> transforms)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            return new TransformedDataset<TBatch>(dataset, seed, field: null, transforms);
        }

        /// <summary>The dataset with one of its fields changed by transforms, one after another.</summary>
        /// <param name="seed">Where the random numbers of the transforms start from.</param>
        /// <param name="field">The name of the field with the images.</param>
        /// <param name="transforms">What changes the images, in order.</param>
        /// <exception cref="ArgumentException">The dataset has no field of numbers of this name, or it is a sequence.</exception>
        /// <exception cref="ShapeException">It has no images [channels, height, width], or a transform does not take them.</exception>
        public Dataset<TBatch> Transform(ulong seed, string field, params ReadOnlySpan<Transform> transforms)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            ArgumentNullException.ThrowIfNull(field);
            return new TransformedDataset<TBatch>(dataset, seed, field, transforms);
        }
    }

    extension(Dataset<ClassificationBatch> dataset)
    {
        /// <summary>
        /// Mixes each sample with another one, which is drawn from the whole dataset: x = λ x₁ + (1 − λ) x₂, and the targets, which become
        /// probabilities of the classes, in the same way, with λ from Beta(α, α) (H. Zhang, M. Cisse, Y. N. Dauphin and D. Lopez-Paz,
        /// "mixup: Beyond empirical risk minimization", ICLR 2018). The loss is <c>CrossEntropy</c>, which takes probabilities too.
        /// </summary>
        /// <param name="seed">Where the random numbers start from.</param>
        /// <param name="alpha">
        /// The parameter α: near 0 samples stay almost alone, with 1 every λ is as likely. The paper has 0.2 for ImageNet and 1 for CIFAR.
        /// </param>
        /// <returns>A dataset of <see cref="SoftClassificationBatch"/>; its labels are those of the first sample of each pair.</returns>
        /// <exception cref="ArgumentException">
        /// The dataset has no classes or no field of numbers, or its first one is a sequence.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">α is not above 0.</exception>
        public Dataset<SoftClassificationBatch> Mixup(ulong seed, float alpha = 0.2f)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            return new MixupDataset(dataset, seed, alpha);
        }

        /// <summary>
        /// The dataset with its classes as probabilities, 1 for the class of a sample: what a model that learns from
        /// <see cref="Mixup"/> is scored on.
        /// </summary>
        /// <exception cref="ArgumentException">
        /// The dataset has no classes or no field of numbers, or its first one is a sequence.
        /// </exception>
        public Dataset<SoftClassificationBatch> OneHot()
        {
            ArgumentNullException.ThrowIfNull(dataset);
            return new OneHotDataset(dataset);
        }
    }
}
