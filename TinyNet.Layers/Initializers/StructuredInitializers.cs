using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>1 on the diagonal of a matrix.</summary>
internal sealed class EyeInitializer : Initializer
{
    public override Tensor Create(Shape shape, Fans fans, RandomStream random)
    {
        if (shape.Rank != 2)
        {
            throw new ShapeException("Eye", $"shape {shape}", "the identity is a matrix: use two axes");
        }

        float[] values = Allocation.OnHost<float>(shape, "Eye");
        for (int i = 0; i < Math.Min(shape[0], shape[1]); i++)
        {
            values[i * shape[1] + i] = 1;
        }

        return Tensor.From(values, shape);
    }
}

/// <summary>1 at the center of the kernel from each channel to itself.</summary>
internal sealed class DiracInitializer(int groups) : Initializer
{
    public override Tensor Create(Shape shape, Fans fans, RandomStream random)
    {
        if (shape.Rank < 3 || shape[0] % groups != 0)
        {
            throw new ShapeException(
                "Dirac",
                $"shape {shape} with {groups} groups",
                "give a kernel [out, in, ..] whose output channels the groups divide");
        }

        int kernel = 1, center = 0;
        foreach (int size in shape.Sizes[2..])
        {
            kernel *= size;
            center = center * size + size / 2;
        }

        float[] values = Allocation.OnHost<float>(shape, "Dirac");
        int channels = shape[0] / groups;
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < Math.Min(channels, shape[1]); i++)
            {
                values[((group * channels + i) * shape[1] + i) * kernel + center] = 1;
            }
        }

        return Tensor.From(values, shape);
    }
}

/// <summary>Orthonormal rows or columns: normal numbers, made orthonormal in double precision by two passes of Gram and Schmidt.</summary>
internal sealed class OrthogonalInitializer(double gain) : Initializer
{
    public override Tensor Create(Shape shape, Fans fans, RandomStream random)
    {
        if (shape.Rank < 2)
        {
            throw new ShapeException("Orthogonal", $"shape {shape}", "only matrices are orthogonal: use two axes or more");
        }

        int rows = shape[0], columns = rows == 0 ? 0 : shape.Length / rows;
        bool isWide = rows <= columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        float[] drawn = Tensor.Normal([count, length], random, device: Device.Cpu).ToArray();
        double[] vectors = Allocation.OnHost<double>(shape, "Orthogonal");
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, double>(drawn, vectors);
        for (int i = 0; i < count; i++)
        {
            var vector = vectors.AsSpan(i * length, length);
            // The second pass removes what rounding left of the others in the first.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    Subtract(vector, vectors.AsSpan(j * length, length));
                }
            }

            Scale(vector, 1 / Math.Sqrt(Dot(vector, vector)));
        }

        float[] values = Allocation.OnHost<float>(shape, "Orthogonal");
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < length; j++)
            {
                values[isWide ? i * length + j : j * count + i] = (float)(gain * vectors[i * length + j]);
            }
        }

        return Tensor.From(values, shape);
    }

    private static void Subtract(Span<double> vector, ReadOnlySpan<double> direction)
    {
        double part = Dot(vector, direction);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] -= part * direction[i];
        }
    }

    private static void Scale(Span<double> vector, double factor)
    {
        foreach (ref double x in vector)
        {
            x *= factor;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);
}

/// <summary>Normal numbers of an interval: Φ⁻¹ of uniform numbers between Φ of its ends, all by logarithms.</summary>
internal sealed class TruncatedNormalInitializer : Initializer
{
    private readonly float _mean, _deviation, _low, _high;
    private readonly double _part, _logTo;
    private readonly bool _isMirrored;

    public TruncatedNormalInitializer(float mean, float deviation, float low, float high)
    {
        (_mean, _deviation, _low, _high) = (mean, Require.Positive(deviation), low, high);
        double a = ((double)low - mean) / deviation, b = ((double)high - mean) / deviation;
        // The lower tail keeps its digits in double, the upper one does not: an interval above the mean is mirrored.
        _isMirrored = a > 0;
        double logFrom = NormalDistribution.LogCumulative(_isMirrored ? -b : a);
        _logTo = NormalDistribution.LogCumulative(_isMirrored ? -a : b);
        _part = 1 - Math.Exp(logFrom - _logTo);
        if (!(low < high) || !(_part > 0))
        {
            throw new ArgumentException(
                $"no part of a normal distribution with mean {mean} and standard deviation {deviation} is in [{low}, {high}]",
                nameof(high));
        }
    }

    public override Tensor Create(Shape shape, Fans fans, RandomStream random)
    {
        float[] values = Tensor.Uniform(shape, random, device: Device.Cpu).ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            // A uniform number stands for an interval of width 2⁻²⁴: its middle.
            double z = NormalDistribution.Quantile(_logTo + Math.Log(1 - _part * (1 - 0.5 / (1 << 24) - values[i])));
            values[i] = Math.Clamp((float)(_mean + _deviation * (_isMirrored ? -z : z)), _low, _high);
        }

        return Tensor.From(values, shape);
    }
}
