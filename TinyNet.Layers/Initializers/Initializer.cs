using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>How many inputs and outputs each unit of a layer has.</summary>
/// <param name="In">Inputs of an output unit.</param>
/// <param name="Out">Outputs that an input unit feeds.</param>
public readonly record struct Fans(int In, int Out);

/// <summary>How a parameter starts.</summary>
public abstract class Initializer
{
    /// <summary>Uniform in ±1/√(fan in), PyTorch's default for dense and convolutional layers, weights and biases.</summary>
    public static Initializer FanInUniform { get; } = new FanInUniformInitializer();

    /// <summary>A new tensor.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="fans">The fans of the layer.</param>
    /// <param name="random">Where random numbers come from.</param>
    public abstract Tensor Create(Shape shape, Fans fans, RandomStream random);

    private sealed class FanInUniformInitializer : Initializer
    {
        public override Tensor Create(Shape shape, Fans fans, RandomStream random)
        {
            float bound = 1 / MathF.Sqrt(fans.In);
            return Tensor.Uniform(shape, random, -bound, bound);
        }
    }
}
