using System.Numerics.Tensors;
using TinyNet.Autograd;
using TinyNet.Layers;
using Tensor = TinyNet.Core.Tensor;

namespace TinyNet.Bench;

/// <summary>An operation on one or two vectors, with what System.Numerics.Tensors has for it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Ours">The operation on tensors.</param>
/// <param name="Primitives">The same on spans, into a result that is as long or longer; null where there is no such thing.</param>
internal sealed record Kernel(string Name, Func<Tensor, Tensor, Tensor> Ours, Action<float[], float[], float[]>? Primitives = null)
{
    private const int Levels = byte.MaxValue;

    /// <summary>All that are measured.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new("copy", static (a, _) => a.Copy(), static (x, _, result) => x.CopyTo(result.AsSpan())),
        new("add", static (a, b) => a + b, static (x, y, result) => TensorPrimitives.Add(x, y, result)),
        new("multiply", static (a, b) => a * b, static (x, y, result) => TensorPrimitives.Multiply(x, y, result)),
        new("relu", static (a, _) => a.Relu(), static (x, _, result) => TensorPrimitives.Max(x, 0f, result)),
        new("sigmoid", static (a, _) => a.Sigmoid(), static (x, _, result) => TensorPrimitives.Sigmoid<float>(x, result)),
        new("quantized_sigmoid", static (a, _) => a.QuantizedSigmoid(), QuantizedSigmoid),
        new("tanh", static (a, _) => a.Tanh(), static (x, _, result) => TensorPrimitives.Tanh<float>(x, result)),
        new("approximate_tanh", static (a, _) => a.ApproximateTanh()),
        new("gelu", static (a, _) => a.Gelu()),
        new("exp", static (a, _) => a.Exp(), static (x, _, result) => TensorPrimitives.Exp<float>(x, result)),
        new("log", static (a, _) => a.Log(), static (x, _, result) => TensorPrimitives.Log<float>(x, result)),
        new("sin", static (a, _) => a.Sin(), static (x, _, result) => TensorPrimitives.Sin<float>(x, result)),
        new("erf", static (a, _) => a.Erf()),
        new("pow", static (a, b) => a.Pow(b), static (x, y, result) => TensorPrimitives.Pow<float>(x, y, result)),
        new("sum", static (a, _) => a.Sum(), static (x, _, result) => result[0] = TensorPrimitives.Sum<float>(x)),
        new("max", static (a, _) => a.Max(), static (x, _, result) => result[0] = TensorPrimitives.Max<float>(x)),
        new("dot", static (a, b) => a.MatMul(b), static (x, y, result) => result[0] = TensorPrimitives.Dot<float>(x, y)),
    ];

    /// <summary>Four passes: there is no function for it.</summary>
    private static void QuantizedSigmoid(float[] x, float[] other, float[] result)
    {
        TensorPrimitives.Sigmoid<float>(x, result);
        TensorPrimitives.Multiply(result, Levels, result);
        TensorPrimitives.Round<float>(result, result);
        TensorPrimitives.Divide(result, Levels, result);
    }
}
