namespace TinyNet.Core;

/// <summary>What somebody may have meant who wrote a name that is not known.</summary>
public static class Suggestion
{
    /// <summary>
    /// <c> (did you mean 'relu'?)</c> for <c>rleu</c>, to follow the name in a message; empty where no known name is near. Near is what a
    /// letter changed, added, left out or swapped with the next makes of it: one letter, of longer names one in three.
    /// </summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="known">The names that there are.</param>
    public static string For(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        string nearest = "";
        int least = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            ArgumentNullException.ThrowIfNull(candidate, nameof(known));
            // What differs by more letters than count cannot be near: long texts are not compared.
            if (Math.Abs(candidate.Length - name.Length) < least && Distance(name, candidate) is var distance && distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest.Length == 0 ? "" : $" (did you mean '{nearest}'?)";
    }

    /// <summary>How many changes make one name of the other, whatever the case of letters.</summary>
    private static int Distance(string a, string b)
    {
        // The last three rows of the table of distances between what each begins with.
        int[] twoBefore = [], before = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = before[j - 1] + (AreSame(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(change, 1 + Math.Min(before[j], row[j - 1]));
                if (i > 1 && j > 1 && AreSame(a[i - 1], b[j - 2]) && AreSame(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], 1 + twoBefore[j - 2]);
                }
            }

            (twoBefore, before) = (before, row);
        }

        return before[b.Length];
    }

    private static bool AreSame(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
