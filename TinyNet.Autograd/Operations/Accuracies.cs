using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>How often predictions are right.</summary>
public static class Accuracies
{
    extension(Tensor x)
    {
        /// <summary>
        /// The part of the labels [N, ..] that are among the classes with the largest logits [N, C, ..], or probabilities: from 0 to 1, nan
        /// where there are no labels. Of equal logits the first count as larger, and nan as largest.
        /// </summary>
        /// <param name="labels">The right classes.</param>
        /// <param name="top">How many classes a prediction has: 5 for the top-5 accuracy.</param>
        /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
        /// <exception cref="ArgumentOutOfRangeException">The prediction has no class, or more than there are.</exception>
        /// <exception cref="ShapeException">The logits have no classes, or the labels another shape.</exception>
        /// <exception cref="TensorException">A label is no class, and not ignored.</exception>
        public double Accuracy(IndexTensor labels, int top = 1, int? ignoreIndex = null)
        {
            ClassPredictions.Check("Accuracy", x, labels, top, ignoreIndex);
            var (counted, right) = new ClassPredictions(x, labels, top, ignoreIndex).Count();
            return (double)right / counted;
        }
    }
}
