using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>How many inputs and outputs each unit of a layer has.</summary>
/// <param name="In">Inputs of an output unit.</param>
/// <param name="Out">Outputs that an input unit feeds.</param>
public readonly record struct Fans(int In, int Out)
{
    /// <summary>
    /// Those of a weight [out, in, kernel..], as convolutions have it (and PyTorch everything): channels times the size of the
    /// kernel.
    /// </summary>
    /// <exception cref="ShapeException">The weight has less than two axes.</exception>
    public static Fans OfOutIn(Shape weight)
    {
        if (weight.Rank < 2)
        {
            throw new ShapeException(
                "Fans",
                $"a weight of shape {weight}",
                "fans are of weights with two axes or more; give those of the layer");
        }

        int kernel = 1;
        foreach (int size in weight.Sizes[2..])
        {
            kernel *= size;
        }

        return new Fans(weight[1] * kernel, weight[0] * kernel);
    }
}

/// <summary>Which fan an initializer goes by.</summary>
public enum FanMode
{
    /// <summary>The inputs: the forward signal keeps its size.</summary>
    In,

    /// <summary>The outputs: gradients keep their size.</summary>
    Out,
}
