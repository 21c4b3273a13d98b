using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Windows over one long sequence of tokens, for models that predict the next one: sample i has the tokens from i · stride on, and as
/// targets those one place further on, so that the target of each token is the one after it.
/// </summary>
/// <remarks>Its fields are called "tokens" and "targets".</remarks>
/// <example>
/// <code>
/// var train = new TokenWindows("text", tokens, length: 128);
/// foreach (var (inputs, targets) in new DataLoader&lt;WindowBatch>(train, batchSize: 32, shuffle: true, seed: 1))
/// {
///     …                                   // both [32, 128]
/// }
/// </code>
/// </example>
public sealed class TokenWindows : Dataset<WindowBatch>
{
    private readonly int[] _tokens;
    private readonly int _length, _stride;
    private readonly IndexField _inputs, _targets;

    /// <summary>Makes the windows that lie wholly in the sequence. It is not copied: do not write to it afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="tokens">The sequence.</param>
    /// <param name="length">How many tokens a window has.</param>
    /// <param name="stride">
    /// How far each window begins after the one before: 1 for one from each place on; null for as many as a window has, so that each
    /// token is predicted once.
    /// </param>
    /// <exception cref="ArgumentException">There is no name, or the sequence is shorter than a window and the token after it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the stride is less than 1.</exception>
    public TokenWindows(string name, int[] tokens, int length, int? stride = null) : base(name, CountOf(name, tokens, length, stride))
    {
        (_tokens, _length, _stride) = (tokens, length, stride ?? length);
        (_inputs, _targets) = (Indices("tokens", length), Indices("targets", length));
    }

    /// <summary>The sequence.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <inheritdoc/>
    public override WindowBatch ToBatch(BatchTensors tensors) => new(tensors[_inputs], tensors[_targets]);

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample)
    {
        int first = sample.Index * _stride;
        _tokens.AsSpan(first, _length).CopyTo(sample[_inputs]);
        _tokens.AsSpan(first + 1, _length).CopyTo(sample[_targets]);
    }

    private static int CountOf(string name, int[] tokens, int length, int? stride)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Require.Positive(length);
        int step = Require.Positive(stride ?? length, nameof(stride));
        return tokens.Length > length ? ((tokens.Length - 1 - length) / step) + 1
            : throw new ArgumentException(
                $"dataset '{name}': {tokens.Length} tokens have no window of {length} and the token after it", nameof(tokens));
    }
}
