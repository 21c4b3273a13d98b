using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>What a <see cref="FocalLoss"/> compares: scores [N, classes] before the softmax, and the N classes that are right.</summary>
internal readonly record struct Scored(Tensor Scores, IndexTensor Classes) : ITensorRecord
{
    public void ForEachTensor(Action<string, Tensor> action) => action(nameof(Scores), Scores);
}

/// <summary>
/// The mean over the samples of −(1 − p)^γ · ln p, where p is the softmax of the right class: samples that are easy count less
/// (T.-Y. Lin et al., "Focal loss for dense object detection", ICCV 2017).
/// </summary>
internal sealed class FocalLoss(float gamma = 2) : Module<Scored, Tensor>
{
    protected override Tensor ForwardCore(Scored input)
    {
        var logarithm = input.Scores.LogSoftmax().Gather(axis: 1, input.Classes.Reshape([input.Classes.Length, 1]));
        return -((1 - logarithm.Exp()).Pow(gamma) * logarithm).Mean();
    }
}
