using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

// <extending>
/// <summary>
/// −(1 − p)^γ · ln p of every sample, where p is the softmax of the right class: samples that are easy count less (T.-Y. Lin et al.,
/// "Focal loss for dense object detection", ICCV 2017). Class weights, ignored labels and the reduction come with the base.
/// </summary>
internal sealed class FocalLoss(
    float gamma = 2, Tensor? classWeights = null, int? ignoreIndex = null, Reduction reduction = Reduction.Mean)
    : ClassLoss(classWeights, ignoreIndex, reduction)
{
    protected override Tensor Each(Tensor prediction, IndexTensor labels)
    {
        var logarithm = AtLabels(prediction.LogSoftmax(1), labels);
        return -(1f - logarithm.Exp()).Pow(gamma) * logarithm;
    }
}
// </extending>
