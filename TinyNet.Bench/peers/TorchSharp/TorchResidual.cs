using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TinyNet.Bench;

/// <summary>
/// A residual block, the mean of each channel, and a dense layer. Here and in the other models a tensor is disposed of as soon as only
/// the history needs it, which is what Python's reference counts do.
/// </summary>
internal sealed class TorchResidual : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _convolution1, _convolution2;
    private readonly BatchNorm2d _norm1, _norm2;
    private readonly Linear _head;
    private readonly bool _inPlace;

    public TorchResidual(bool inPlace = false)
        : base(nameof(TorchResidual))
    {
        _inPlace = inPlace;
        _convolution1 = nn.Conv2d(64, 64, 3, padding: 1, bias: false);
        _norm1 = nn.BatchNorm2d(64);
        _convolution2 = nn.Conv2d(64, 64, 3, padding: 1, bias: false);
        _norm2 = nn.BatchNorm2d(64);
        _head = nn.Linear(64, 10);
        RegisterComponents();
    }

    /// <summary>One in evaluation, with norms as after training: those of a new one hardly do anything.</summary>
    public static TorchResidual Trained()
    {
        var block = new TorchResidual();
        using var none = no_grad();
        foreach (var norm in new[] { block._norm1, block._norm2 })
        {
            norm.running_mean!.normal_();
            norm.running_var!.uniform_(0.5, 2);
            norm.weight.uniform_(0.5, 2);
            norm.bias!.normal_();
        }

        block.eval();
        return block;
    }

    public override Tensor forward(Tensor input)
    {
        using var t1 = _convolution1.call(input);
        using var t2 = _norm1.call(t1);
        t1.Dispose();
        using var t3 = F.relu(t2, _inPlace);
        t2.Dispose();
        using var t4 = _convolution2.call(t3);
        t3.Dispose();
        using var t5 = _norm2.call(t4);
        t4.Dispose();
        using var t6 = _inPlace ? t5.add_(input).alias() : t5 + input; // add_ returns t5 itself
        t5.Dispose();
        using var t7 = F.relu(t6, _inPlace);
        t6.Dispose();
        using var t8 = t7.mean([2, 3]);
        return _head.call(t8);
    }

    /// <summary>The same in evaluation, each norm folded into the convolution before it, for which TorchSharp has no function.</summary>
    public FoldedTorchResidual Fold() => new(Fold(_convolution1, _norm1), Fold(_convolution2, _norm2), _head);

    private static Conv2d Fold(Conv2d convolution, BatchNorm2d norm)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var scale = norm.weight / (norm.running_var! + norm.eps).sqrt();
        var folded = nn.Conv2d(64, 64, 3, padding: 1);
        folded.weight!.copy_(convolution.weight! * scale.view(-1, 1, 1, 1));
        folded.bias!.copy_(norm.bias! - norm.running_mean! * scale);
        return folded;
    }
}

/// <summary>The residual block without norms.</summary>
internal sealed class FoldedTorchResidual : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _convolution1, _convolution2;
    private readonly Linear _head;

    public FoldedTorchResidual(Conv2d convolution1, Conv2d convolution2, Linear head)
        : base(nameof(FoldedTorchResidual))
    {
        (_convolution1, _convolution2, _head) = (convolution1, convolution2, head);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var t1 = _convolution1.call(input);
        t1.relu_();
        using var t2 = _convolution2.call(t1);
        t1.Dispose();
        t2.add_(input).relu_();
        using var t3 = t2.mean([2, 3]);
        return _head.call(t3);
    }
}
