namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, int axis, bool logarithm, Tensor destination)
    {
        var from = new ReferenceLines(x, axis);
        var to = new ReferenceLines(destination, axis);
        for (int line = 0; line < from.Count; line++)
        {
            double max = double.NegativeInfinity;
            for (int k = 0; k < from.Length; k++)
            {
                max = Math.Max(max, from[line, k]);
            }

            // The sum without one of the largest, whose exponential is 1: in 1 + small numbers those would be rounded away.
            double sumLessOne = -1;
            for (int k = 0; k < from.Length; k++)
            {
                sumLessOne += from[line, k] == max ? 1 : 0;
            }

            for (int k = 0; k < from.Length; k++)
            {
                sumLessOne += from[line, k] == max ? max - max : Math.Exp(from[line, k] - max);
            }

            double logSum = DoubleMath.Log1p(sumLessOne), sum = 1 + sumLessOne;
            for (int k = 0; k < from.Length; k++)
            {
                double shifted = from[line, k] - max;
                to[line, k] = logarithm ? shifted - logSum : Math.Exp(shifted) / sum;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void SoftmaxGradient(Tensor y, Tensor gradient, int axis, bool logarithm, Tensor xGradient)
    {
        var outputs = new ReferenceLines(y, axis);
        var gradients = new ReferenceLines(gradient, axis);
        var to = new ReferenceLines(xGradient, axis);
        for (int line = 0; line < outputs.Count; line++)
        {
            double sum = 0;
            for (int k = 0; k < outputs.Length; k++)
            {
                sum += logarithm ? gradients[line, k] : gradients[line, k] * outputs[line, k];
            }

            for (int k = 0; k < outputs.Length; k++)
            {
                double output = outputs[line, k], g = gradients[line, k];
                to[line, k] = logarithm ? OfLogarithm(output, g, sum) : output * (g - sum);
            }
        }

        // g − e^y Σ g, which loses nothing where e^y is near 1 and g is that of this element alone.
        static double OfLogarithm(double y, double g, double sum) =>
            y <= 0 && double.IsFinite(sum) ? -g * DoubleMath.Expm1(y) - Math.Exp(y) * (sum - g) : g - Math.Exp(y) * sum;
    }

    /// <inheritdoc/>
    protected internal override void CrossEntropy(Tensor logits, IndexTensor labels, Tensor logProbabilities, Tensor losses)
    {
        Softmax(logits, 1, logarithm: true, logProbabilities);
        var rows = new ReferenceLines(logProbabilities, 1);
        var to = new ReferenceElements(losses);
        for (int row = 0; row < rows.Count; row++)
        {
            to[row] = -rows[row, labels.Values[row]];
        }
    }

    /// <inheritdoc/>
    protected internal override void CrossEntropyGradient(
        Tensor logProbabilities, IndexTensor labels, Tensor gradient, Tensor logitsGradient)
    {
        var rows = new ReferenceLines(logProbabilities, 1);
        var gradients = new ReferenceElements(gradient);
        var to = new ReferenceLines(logitsGradient, 1);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int k = 0; k < rows.Length; k++)
            {
                double logProbability = rows[row, k];
                to[row, k] = gradients[row] * (k == labels.Values[row] ? DoubleMath.Expm1(logProbability) : Math.Exp(logProbability));
            }
        }
    }
}
