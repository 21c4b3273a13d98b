using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Uniform numbers, with the very bits of the processor.</summary>
internal struct UniformJob : IGpuJob
{
    public int Count;
    public ulong Seed, Position;
    public float Low, Width, Largest;
    public WalkAxes Axes;
    public ArrayView<float> Destination;
    public Steps AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            uint word = Philox.Word(Seed, Position + (ulong)i);
            float value = GpuMath.Add(Low, GpuMath.Multiply(Width, Philox.ToUniform(word)));
            Destination[AtDestination.IndexOf(Axes.At(i))] = value < Largest ? value : Largest;
        }
    }
}

/// <summary>Normal numbers: each thread computes the pair that its own belongs to.</summary>
internal struct NormalJob : IGpuJob
{
    // A word is a fraction of 2³².
    private const double Unit = 1 / 4294967296.0;

    public int Count;
    public ulong Seed, Position;
    public double Mean, Deviation;
    public WalkAxes Axes;
    public ArrayView<float> Destination;
    public Steps AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            ulong pair = Position + (ulong)(i & ~1);
            uint first = Philox.Word(Seed, pair), second = Philox.Word(Seed, pair + 1);
            double radius = GpuMath.Sqrt(-2 * GpuDoubleMath.Log((first + 1.0) * Unit));

            // cos(2πv) of the even ones, sin(2πv) of the odd ones: in quarters of a turn, of which the nearest is taken apart.
            double quarters = second * (4 * Unit), nearest = GpuMath.Round(quarters);
            int quarter = (int)nearest + ((i & 1) == 0 ? 1 : 0);
            double value = radius * GpuDoubleMath.SinOfQuarters(quarter & 3, quarters - nearest);
            Destination[AtDestination.IndexOf(Axes.At(i))] = (float)(Mean + Deviation * value);
        }
    }
}
