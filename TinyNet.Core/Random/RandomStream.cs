namespace TinyNet.Core;

/// <summary>
/// A stream of random numbers: a seed and a position. Whoever needs n numbers reserves n positions and computes them with
/// <see cref="Philox"/>, on any device and with any number of threads.
/// </summary>
public sealed class RandomStream(ulong seed)
{
    private ulong _position;

    /// <summary>The stream that layers take their initial weights and dropout masks from where they are not given one.</summary>
    public static RandomStream Default { get; private set; } = new(0);

    /// <summary>The seed.</summary>
    public ulong Seed { get; private set; } = seed;

    /// <summary>How many words have been reserved. Setting it goes back or forth in the stream, to resume a run.</summary>
    public ulong Position
    {
        get => Volatile.Read(ref _position);
        set => Volatile.Write(ref _position, value);
    }

    /// <summary>The seed and the position, in one line.</summary>
    public override string ToString() => SettingsText.Of(nameof(RandomStream), ("seed", Seed), ("position", Position));

    /// <summary>Starts <see cref="Default"/> anew from a seed.</summary>
    public static void Reseed(ulong seed) => Default = new RandomStream(seed);

    /// <summary>An integer uniform in [0, limit), by multiplication (D. Lemire, 2019), without bias.</summary>
    public int Next(int limit)
    {
        Require.Positive(limit);
        uint threshold = (uint)(-limit) % (uint)limit;
        while (true)
        {
            ulong product = (ulong)Philox.Word(Seed, Reserve(1).Position) * (uint)limit;
            if ((uint)product >= threshold)
            {
                return (int)(product >> 32);
            }
        }
    }

    /// <summary>A number uniform in [low, high): the one that the first element of <c>Tensor.Uniform</c> would be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">low is above high, or a bound or their distance is not finite.</exception>
    public float Uniform(float low = 0, float high = 1)
    {
        Require.Interval(low, high);
        return Philox.ToUniform(Philox.Word(Seed, Reserve(1).Position), low, high);
    }

    /// <summary>A normally distributed number: the one that the first element of <c>Tensor.Normal</c> would be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not finite, or the standard deviation negative, not finite, or so large that numbers drawn would not be finite.
    /// </exception>
    public float Normal(float mean = 0, float standardDeviation = 1)
    {
        EnsureFiniteNormals(mean, standardDeviation);
        ulong position = Reserve(2).Position;
        double number = Philox.ToNormals(Philox.Word(Seed, position), Philox.Word(Seed, position + 1)).First;
        return (float)(mean + standardDeviation * number);
    }

    /// <summary>Puts a span into random order (R. Durstenfeld's form of the Fisher–Yates shuffle).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = Next(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>A stream of its own, for a part that must not disturb the others.</summary>
    public RandomStream Fork() => new(((ulong)Philox.Word(Seed, Reserve(2).Position) << 32) | Philox.Word(~Seed, Position));

    /// <summary>Becomes the stream of a seed, from its start: one object for many streams, which one after another are used.</summary>
    internal void Restart(ulong seed) => (Seed, Position) = (seed, 0);

    /// <summary>Refuses what normally distributed numbers that are finite do not have.</summary>
    internal static void EnsureFiniteNormals(float mean, float standardDeviation)
    {
        Require.Finite(mean);
        Require.NotNegative(standardDeviation);
        if (!float.IsFinite(Math.Abs(mean) + Philox.LargestNormal * standardDeviation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, FormattableString.Invariant($"about {mean} some numbers would be infinite"));
        }
    }

    /// <summary>Takes the next positions of the stream, from a multiple of 4 on so that blocks are not shared.</summary>
    internal RandomRange Reserve(int count)
    {
        ulong size = ((ulong)count + 3) & ~3UL;
        return new RandomRange(Seed, Interlocked.Add(ref _position, size) - size);
    }
}

/// <summary>Reserved positions of a stream.</summary>
/// <param name="Seed">The seed of the stream.</param>
/// <param name="Position">The first position, a multiple of 4.</param>
public readonly record struct RandomRange(ulong Seed, ulong Position);
