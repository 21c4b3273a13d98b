using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

// <extending>
/// <summary>Two inputs of the same number of rows, [N, a] and [N, b].</summary>
internal readonly record struct Pair(Tensor First, Tensor Second) : ITensorRecord
{
    public ITensorRecord VisitTensors(TensorVisitor visitor) =>
        new Pair(visitor.Visit(nameof(First), First), visitor.Visit(nameof(Second), Second));
}
// </extending>

/// <summary>A module of two inputs: tanh(Σᵢⱼ firstᵢ · weightᵢⱼ · secondⱼ + bias) for every row.</summary>
internal sealed class Bilinear : Module<Pair, Tensor>
{
    private readonly Parameter _weight, _bias;
    private readonly bool _isRight;

    public Bilinear(int first, int second, RandomStream random, bool isRight = true)
    {
        _weight = AddParameter("weight", Tensor.Normal([first, second], random));
        _bias = AddParameter("bias", 0.25f);
        _isRight = isRight;
    }

    protected override Tensor ForwardCore(Pair input)
    {
        var sum = (input.First.MatMul(_weight) * input.Second).Sum(axes: 1) + _bias;
        return _isRight ? sum.Tanh() : sum.Apply(new WrongSquare());
    }
}

/// <summary>x², with a derivative that is wrong by a thousandth.</summary>
internal readonly struct WrongSquare : IUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Const(2.002) * x;
}
