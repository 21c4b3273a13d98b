using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Which numbers an operand may hold.</summary>
internal enum Domain
{
    /// <summary>Any number.</summary>
    Any,

    /// <summary>Numbers above 0.</summary>
    Positive,

    /// <summary>Numbers in [0, 1], often near an end.</summary>
    Probability,

    /// <summary>1 or −1.</summary>
    Sign,

    /// <summary>0 or 1.</summary>
    Flag,

    /// <summary>Logarithms of probabilities, −∞ among them.</summary>
    LogProbability,
}

/// <summary>Random numbers of one case: shapes, and operands of patterns that are hard on floats.</summary>
internal sealed class Draw(int seed)
{
    private static readonly double[] Exponents = [-40, -30, -25, -20, -10, -3, 0, 0, 3, 10, 14, 20, 30];
    private readonly Random _random = new(seed);

    /// <summary>A whole number below a bound.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>Whether something with one chance in some number happens.</summary>
    public bool OneIn(int chances) => _random.Next(chances) == 0;

    /// <summary>One of several.</summary>
    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>A size of an axis: often small, at times beyond a register.</summary>
    public int Size() => OneOf(1, 2, 3, 4, 5, 7, 16, 17, 33, 70);

    /// <summary>Rows of numbers; at times few and long.</summary>
    public Shape Rows() => OneIn(40) ? [1 + Below(2), 5000 + Below(20000)] : [1 + Below(5), Size()];

    /// <summary>A shape of up to three axes.</summary>
    public Shape AnyShape() => Below(4) switch { 0 => [Size()], 1 => [1 + Below(3), 1 + Below(4), Size()], _ => Rows() };

    /// <summary>Numbers of a random pattern.</summary>
    public NumberOperand Of(in Shape shape, Domain domain = Domain.Any, bool hasGradient = true)
    {
        double center = 0;
        var values = new float[shape.Length];
        if (domain is Domain.Any or Domain.Positive)
        {
            center = Fill(values);
            for (int i = 0; i < values.Length && domain == Domain.Positive; i++)
            {
                values[i] = values[i] == 0 ? 1 : MathF.Abs(values[i]);
            }
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = domain switch
                {
                    Domain.Probability => Probability(),
                    Domain.Sign => OneIn(2) ? 1 : -1,
                    Domain.Flag => _random.Next(2),
                    _ => MathF.Log(Probability()),
                };
            }
        }

        return new NumberOperand(values, shape, domain, center, hasGradient);
    }

    /// <summary>Numbers for the gradient of a result: mostly ordinary ones.</summary>
    public float[] Cotangent(int length)
    {
        var values = new float[length];
        double scale = OneIn(4) ? Math.Pow(10, OneOf(Exponents) / 2) : 1;
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(scale * Normal());
        }

        return values;
    }

    /// <summary>Numbers of a random pattern without denormal ones, which optimizers flush.</summary>
    public NumberOperand Normal(in Shape shape)
    {
        var operand = Of(shape);
        return operand with { Values = Array.ConvertAll(operand.Values, value => float.IsSubnormal(value) ? 0 : value) };
    }

    /// <summary>Labels below a number of classes.</summary>
    public IndexTensor Labels(in Shape shape, int classes)
    {
        var values = new int[shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _random.Next(classes);
        }

        return IndexTensor.From(values, shape);
    }

    /// <summary>Fills with numbers of one pattern, and returns the offset that they have in common.</summary>
    private double Fill(float[] values)
    {
        int pattern = _random.Next(10);
        double scale = Math.Pow(10, OneOf(Exponents)), center = OneOf(16777216.0, 1e7, -16777216.0, 1e5, 300.0);
        float equal = (float)(OneIn(2) ? Normal() : scale * Normal());
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = pattern switch
            {
                0 => (float)Normal(),
                1 or 2 => Bounded(scale * Normal()),
                3 => Bounded(Math.Pow(10, OneOf(Exponents)) * Normal()),
                4 => OneIn(2) ? 0 : Bounded(scale * Normal()),
                5 => equal,
                6 => (float)(center + 2 * _random.Next(6)),
                7 => (float)(30 * (2 * _random.NextDouble() - 1)),
                8 => OneIn(3) ? _random.Next(-3, 4) : (float)(3 * Normal()),
                _ => (float)(0.001 * Normal()),
            };
        }

        return pattern == 6 ? center : 0;
    }

    private float Probability() => _random.Next(6) switch
    {
        0 => 0,
        1 => 1,
        2 => (float)Math.Pow(10, -12 * _random.NextDouble()),
        3 => (float)(1 - Math.Pow(10, -7 * _random.NextDouble())),
        _ => (float)_random.NextDouble(),
    };

    /// <summary>A float as large as floats get.</summary>
    private static float Bounded(double value) => (float)Math.Clamp(value, -3e38, 3e38);

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}

/// <summary>An operand: its floats, and the offset that they have in common.</summary>
/// <param name="Values">The elements in row-major order.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Domain">Which numbers it may hold.</param>
/// <param name="Center">The offset: what a float loses is counted by the distances from it.</param>
/// <param name="HasGradient">Whether the operand has a gradient.</param>
internal sealed record NumberOperand(float[] Values, Shape Shape, Domain Domain, double Center, bool HasGradient);
