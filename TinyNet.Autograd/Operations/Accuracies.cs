using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>How often predictions are right.</summary>
public static class Accuracies
{
    extension(Tensor x)
    {
        /// <summary>
        /// The part of the labels [N, ..] that are among the classes with the largest logits [N, C, ..], or probabilities: from 0 to 1, nan
        /// where there are no labels. Of equal logits the first count as larger.
        /// </summary>
        /// <param name="labels">The right classes.</param>
        /// <param name="top">How many classes a prediction has: 5 for the top-5 accuracy.</param>
        /// <param name="ignoreIndex">A label that does not count, as in the losses; null for none.</param>
        /// <exception cref="ArgumentOutOfRangeException">The prediction has no class, or more than there are.</exception>
        /// <exception cref="ShapeException">The logits have no classes, or the labels another shape.</exception>
        /// <exception cref="TensorException">A label is no class, and not ignored.</exception>
        public double Accuracy(IndexTensor labels, int top = 1, int? ignoreIndex = null)
        {
            Operation.Check("Accuracy", x);
            ArgumentNullException.ThrowIfNull(labels);
            if (x.Rank < 2 || x.Shape.Sizes[1] == 0 || labels.Shape != x.Shape.Without(1))
            {
                throw new ShapeException("Accuracy", $"logits of shape {x.Shape} with labels of shape {labels.Shape}",
                    "give logits [N, C, ..] and labels [N, ..]");
            }

            int classes = x.Shape.Sizes[1];
            Require.Between(1, classes, top);
            var predicted = (top == 1 ? x.ArgMax(1, keepDims: true) : x.TopK(top, 1).Indices).Values;
            int counted = 0, right = 0, inner = x.Rank == 2 ? 1 : labels.Length / Math.Max(1, labels.Shape.Sizes[0]);
            for (int i = 0; i < labels.Length; i++)
            {
                int label = labels.Values[i];
                if (label == ignoreIndex)
                {
                    continue;
                }

                if ((uint)label >= (uint)classes)
                {
                    throw new TensorException("Accuracy", $"label {label} with {classes} to choose from (labels of shape {labels.Shape})",
                        $"valid are 0 to {classes - 1}, and what is ignored");
                }

                counted++;
                for (int k = 0; k < top; k++)
                {
                    right += predicted[(i / inner * top + k) * inner + i % inner] == label ? 1 : 0;
                }
            }

            return (double)right / counted;
        }
    }
}
