namespace TinyNet.Examples;

/// <summary>
/// What counting knows of a sequence: p(c | a b) = λ₃ f(c | a b) + λ₂ f(c | b) + λ₁ f(c) + λ₀ / tokens, where f are shares of what
/// followed. Where nothing followed a context, the share in the next shorter one takes its place.
/// </summary>
/// <remarks>
/// The weights λ are those under which the last tenth of the sequence is likeliest, found by expectation and maximization while only the
/// others are counted. F. Jelinek, R. L. Mercer, "Interpolated estimation of Markov source parameters from sparse data", 1980.
/// </remarks>
internal sealed class TrigramModel
{
    private const int Orders = 4, Iterations = 100;

    private readonly double[] _weights = [1.0 / Orders, 1.0 / Orders, 1.0 / Orders, 1.0 / Orders];
    private readonly int _tokens;
    private readonly Counts _counts;

    /// <summary>Learns from a sequence of tokens 0 .. tokens − 1, of at least 20.</summary>
    public TrigramModel(ReadOnlySpan<int> sequence, int tokens)
    {
        _tokens = tokens;
        int heldOut = sequence.Length / 10;
        FitWeights(new Counts(sequence[..^heldOut], tokens), sequence[^heldOut..]);
        _counts = new Counts(sequence, tokens);
    }

    /// <summary>λ₀ to λ₃.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The mean of −ln p over the tokens of a sequence that have two before them.</summary>
    public double Loss(ReadOnlySpan<int> sequence)
    {
        double sum = 0;
        for (int i = 2; i < sequence.Length; i++)
        {
            sum -= Math.Log(Probability(sequence[i - 2], sequence[i - 1], sequence[i]));
        }

        return sum / (sequence.Length - 2);
    }

    /// <summary>p(c | a b).</summary>
    public double Probability(int a, int b, int c)
    {
        Span<double> shares = stackalloc double[Orders];
        Shares(_counts, a, b, c, shares);
        return Mix(shares);
    }

    private void Shares(Counts counts, int a, int b, int c, Span<double> shares)
    {
        shares[0] = 1.0 / _tokens;
        shares[1] = counts.Share([], c) ?? shares[0];
        shares[2] = counts.Share([b], c) ?? shares[1];
        shares[3] = counts.Share([a, b], c) ?? shares[2];
    }

    private void FitWeights(Counts counts, ReadOnlySpan<int> heldOut)
    {
        var shares = new double[(heldOut.Length - 2) * Orders];
        for (int i = 2; i < heldOut.Length; i++)
        {
            Shares(counts, heldOut[i - 2], heldOut[i - 1], heldOut[i], shares.AsSpan((i - 2) * Orders, Orders));
        }

        Span<double> parts = stackalloc double[Orders];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            // How much of each token is owed to each order; their means are the new weights.
            parts.Clear();
            for (int i = 0; i < shares.Length; i += Orders)
            {
                double probability = Mix(shares.AsSpan(i, Orders));
                for (int order = 0; order < Orders; order++)
                {
                    parts[order] += _weights[order] * shares[i + order] / probability;
                }
            }

            for (int order = 0; order < Orders; order++)
            {
                _weights[order] = parts[order] / (heldOut.Length - 2);
            }
        }
    }

    private double Mix(ReadOnlySpan<double> shares)
    {
        double sum = 0;
        for (int order = 0; order < Orders; order++)
        {
            sum += _weights[order] * shares[order];
        }

        return sum;
    }

    /// <summary>How often each token followed each context of no, one and two tokens, and how often the contexts were followed.</summary>
    private sealed class Counts
    {
        private readonly Dictionary<long, int> _followed = [], _contexts = [];
        private readonly long _base;

        public Counts(ReadOnlySpan<int> sequence, int tokens)
        {
            _base = tokens + 1L;
            for (int i = 0; i < sequence.Length; i++)
            {
                for (int length = 0; length <= Math.Min(2, i); length++)
                {
                    long context = Key(sequence[(i - length)..i]);
                    Increment(_contexts, context);
                    Increment(_followed, Followed(context, sequence[i]));
                }
            }
        }

        /// <summary>The share of a token in what followed a context; null where nothing did.</summary>
        public double? Share(ReadOnlySpan<int> context, int token)
        {
            long key = Key(context);
            return _contexts.TryGetValue(key, out int all)
                ? _followed.GetValueOrDefault(Followed(key, token)) / (double)all
                : null;
        }

        // Contexts of different lengths differ: no digit of their numbers is 0.
        private long Key(ReadOnlySpan<int> context)
        {
            long key = 0;
            foreach (int token in context)
            {
                key = key * _base + token + 1;
            }

            return key;
        }

        private long Followed(long context, int token) => context * _base + token;

        private static void Increment(Dictionary<long, int> counts, long key) =>
            counts[key] = counts.GetValueOrDefault(key) + 1;
    }
}
