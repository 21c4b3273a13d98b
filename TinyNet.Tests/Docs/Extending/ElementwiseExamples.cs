using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Docs.Extending;

// <extending>
/// <summary>y = x + bend · (√(x² + 1) − 1); dy/dx = 1 + bend · x / √(x² + 1).</summary>
public readonly struct BentIdentityOp(float bend) : IUnaryOp
{
    public static Operands DerivativeReads => Operands.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T x) where T : struct, ILane<T> =>
        T.MultiplyAdd(T.Const(bend), Root(x) - T.One, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.MultiplyAdd(T.Const(bend), x / Root(x), T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Root<T>(T x) where T : struct, ILane<T> => T.Sqrt(T.MultiplyAdd(x, x, T.One));
}
// </extending>

// <extending>
/// <summary>y = (a − b)².</summary>
public readonly struct SquaredDifferenceOp : IBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => (a - b) * (a - b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientA<T>(T a, T b, T gradient) where T : struct, ILane<T> => T.Const(2) * gradient * (a - b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GradientB<T>(T a, T b, T gradient) where T : struct, ILane<T> => T.Const(2) * gradient * (b - a);
}
// </extending>

public class ElementwiseExamples
{
    [Fact]
    public void A_unary_operation_works_as_a_function_and_as_a_layer()
    {
        var x = Tensor.From([-2, -0.5f, 0, 1.5f]);

        // <extending>
        Tensor y = x.Apply(new BentIdentityOp(0.5f));
        var model = new Sequential(new Dense(4, 8), new Elementwise<BentIdentityOp>(new(0.5f)));
        GradCheck.Verify(input => input.Apply(new BentIdentityOp(0.5f)), x);
        // </extending>

        float[] expected = [-1.381966f, -0.440983f, 0, 1.901388f];
        Assert.All(expected.Zip(y.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Equal(new Shape(8), model.Forward(x).Shape);
    }

    [Fact]
    public void A_binary_operation_broadcasts()
    {
        Tensor a = Tensor.From([1, 2, 3, 4], [2, 2]), b = Tensor.From([1, -1]);

        // <extending>
        Tensor y = a.Apply(b, new SquaredDifferenceOp());
        GradCheck.Verify(x => x[0].Apply(x[1], new SquaredDifferenceOp()), a, b);
        // </extending>

        Assert.Equal([0, 9, 4, 25], y.ToArray());
    }
}
