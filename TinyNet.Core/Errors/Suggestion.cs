namespace TinyNet.Core;

/// <summary>What somebody may have meant who wrote a name that is not known.</summary>
public static class Suggestion
{
    /// <summary>
    /// <c> (did you mean 'relu'?)</c> for <c>rleu</c>, to follow the name in a message; empty where no known name is near. Near is what a
    /// letter changed, added, left out or swapped with the next makes of it: one letter, of longer names one in three. A digit is like no
    /// other, as <c>1.weight</c> is another layer than <c>0.weight</c>; and a single letter is like everything.
    /// </summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="known">The names that there are.</param>
    public static string For(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        string nearest = "";
        int least = name.Length == 1 ? 0 : Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            ArgumentNullException.ThrowIfNull(candidate, nameof(known));
            // What differs by more letters than count cannot be near: long texts are not compared.
            if (candidate.Length > 1
                && Math.Abs(candidate.Length - name.Length) < least
                && Distance(name, candidate) is var distance
                && distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest.Length == 0 ? "" : $" (did you mean '{nearest}'?)";
    }

    /// <summary>How many changes make one name of the other, whatever the case of letters; very many where a digit would change.</summary>
    private static int Distance(string a, string b)
    {
        // The last three rows of the table of distances between what each begins with.
        int[] twoBefore = [], before = new int[b.Length + 1];
        for (int j = 1; j <= b.Length; j++)
        {
            before[j] = before[j - 1] + Cost(b[j - 1]);
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = before[0] + Cost(a[i - 1]);
            for (int j = 1; j <= b.Length; j++)
            {
                int costA = Cost(a[i - 1]), costB = Cost(b[j - 1]);
                int change = before[j - 1] + (AreSame(a[i - 1], b[j - 1]) ? 0 : Math.Max(costA, costB));
                row[j] = Math.Min(change, Math.Min(before[j] + costA, row[j - 1] + costB));
                if (i > 1 && j > 1 && AreSame(a[i - 1], b[j - 2]) && AreSame(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], twoBefore[j - 2] + Math.Max(costA, costB));
                }
            }

            (twoBefore, before) = (before, row);
        }

        return before[b.Length];
    }

    private static int Cost(char letter) => char.IsDigit(letter) ? 1000 : 1;

    private static bool AreSame(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
