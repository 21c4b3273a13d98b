using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

// <extending>
/// <summary>By how much predictions are too high in the mean, as a part of the mean target.</summary>
public sealed class RelativeBias : Metric<Tensor, Tensor>
{
    private double _predicted, _right;

    public override string Name => "relative_bias";

    public override double Value => _predicted / _right - 1;

    public override double[] State
    {
        get => [_predicted, _right];
        set => (_predicted, _right) = value is [var predicted, var right]
            ? (predicted, right)
            : throw new ArgumentException("RelativeBias: its state is two numbers", nameof(value));
    }

    public override void Add(Tensor output, Tensor target)
    {
        _predicted += output.Sum().Item();
        _right += target.Sum().Item();
    }

    public override void Clear() => (_predicted, _right) = (0, 0);
}
// </extending>
