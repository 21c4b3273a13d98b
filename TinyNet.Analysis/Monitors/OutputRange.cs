using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>Where the outputs of an activation end that is bounded on both sides, as the sigmoid or the hyperbolic tangent are.</summary>
internal sealed record OutputRange(float Low, float High)
{
    // Far out, and twice as far: what is bounded gives the same there.
    private const float Far = 1e4f;
    private const float Tolerance = 1e-3f;

    // How near to an end, in ranges, counts as being there.
    private const float Margin = 0.01f;

    /// <summary>The range of a module, tried out; null where it is no element-wise one or not bounded on both sides.</summary>
    public static OutputRange? Of(Module module)
    {
        // At the lower end of ReLU6 half of the values are, as they are of ReLU.
        if (module is not IElementwise activation || module is ReLU6)
        {
            return null;
        }

        // As what follows a product with 1: hooks of the module are not for this.
        using var suspension = Tape.Suspend();
        using var scope = Tape.NoRecord();
        var one = new Parameter(Tensor.Ones([1, 1])) { IsFrozen = true };
        float[] ends = activation.Linear(Tensor.From([-2 * Far, -Far, Far, 2 * Far], [4, 1]), one, null).ToArray();
        float width = ends[2] - ends[1];
        return width > 0 && Math.Abs(ends[0] - ends[1]) <= Tolerance * width && Math.Abs(ends[3] - ends[2]) <= Tolerance * width
            ? new OutputRange(ends[0], ends[3])
            : null;
    }

    /// <summary>The share of values that are at an end.</summary>
    public double ShareAtBounds(ReadOnlySpan<float> values)
    {
        float margin = Margin * (High - Low);
        int count = 0;
        foreach (float value in values)
        {
            count += value <= Low + margin || value >= High - margin ? 1 : 0;
        }

        return (double)count / values.Length;
    }
}
