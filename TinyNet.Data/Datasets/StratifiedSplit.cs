using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>A split that gives both sides the same share of every class.</summary>
public static class StratifiedSplit
{
    /// <summary>
    /// Chooses from each class evenly spaced samples, by a rule instead of random numbers. With f the fraction and r = 0, 1, … the rank
    /// of a sample among those of its class in the order given, it is held out where ⌊(r + 1) f + ½⌋ exceeds ⌊r f + ½⌋. A class of n
    /// samples thus gives n f of them, rounded to the nearest; for f = 1/5 they are the third of each five.
    /// </summary>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="heldOutFraction">The part f of each class to hold out, between 0 and 1.</param>
    /// <param name="seed">Draws the samples: the rule takes them in a random order instead of the one given. Null draws none.</param>
    /// <returns>The indices kept and those held out, each ascending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1, or a label is no class.</exception>
    public static (int[] Kept, int[] HeldOut) Indices(ReadOnlySpan<int> labels, int classes, double heldOutFraction,
        ulong? seed = null)
    {
        Require.NotNegative(classes);
        Require.Inside(0, 1, heldOutFraction);
        var ranks = new Dictionary<int, int>();
        var kept = new List<int>(labels.Length);
        var heldOut = new List<int>();
        int[] order = new int[labels.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (seed is { } drawn)
        {
            new RandomStream(drawn).Shuffle(order.AsSpan());
        }

        foreach (int i in order)
        {
            int label = labels[i];
            if ((uint)label >= (uint)classes)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"the label of sample {i} is outside 0..{classes - 1}");
            }

            int rank = ranks.GetValueOrDefault(label);
            ranks[label] = rank + 1;
            bool isHeldOut = HeldOutOfFirst(rank + 1, heldOutFraction) > HeldOutOfFirst(rank, heldOutFraction);
            (isHeldOut ? heldOut : kept).Add(i);
        }

        kept.Sort();
        heldOut.Sort();
        return ([.. kept], [.. heldOut]);
    }

    /// <summary>How many of the first <paramref name="count"/> samples of a class are held out.</summary>
    private static double HeldOutOfFirst(int count, double fraction) => Math.Floor((count * fraction) + 0.5);
}
