namespace TinyNet.Data;

/// <summary>Sequences of tokens with classes, all in memory, each of a length of its own.</summary>
/// <remarks>Its fields are called "tokens" and "label".</remarks>
public sealed class TokenDataset : Dataset<SequenceBatch>
{
    private readonly int[][] _sequences;
    private readonly IndexField _tokens, _label;

    /// <summary>Makes a dataset over the given arrays. They are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="sequences">The tokens of each sample.</param>
    /// <param name="labels">The class of each sample, 0 to the number of classes − 1.</param>
    /// <param name="classNames">The names of the classes, in order.</param>
    /// <param name="padding">The token that shorter samples of a batch are padded with.</param>
    /// <param name="padAtStart">
    /// Whether they are padded before their first token: for a model that reads the last step of a recurrent layer and knows no lengths.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are not as many labels as samples, a sample is null, there is no class, or one without name.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public TokenDataset(string name, int[][] sequences, int[] labels, string[] classNames, int padding = 0,
        bool padAtStart = false)
        : base(name, labels, classNames)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Length != labels.Length)
        {
            throw new ArgumentException($"dataset '{name}': there are {sequences.Length} samples and {labels.Length} labels",
                nameof(labels));
        }

        if (Array.IndexOf(sequences, null) is >= 0 and var missing)
        {
            throw new ArgumentException($"dataset '{name}': sample {missing} is null; a sample without tokens is an empty array",
                nameof(sequences));
        }

        _sequences = sequences;
        _tokens = IndexSequence("tokens", padding, padAtStart);
        _label = Indices("label");
    }

    /// <summary>The tokens of one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<int> Sample(int index)
    {
        EnsureSample(index);
        return _sequences[index];
    }

    /// <inheritdoc/>
    public override int? LengthOf(int index) => Sample(index).Length;

    /// <inheritdoc/>
    public override SequenceBatch ToBatch(BatchTensors tensors) => new(tensors[_tokens], tensors.Lengths(_tokens), tensors[_label]);

    /// <inheritdoc/>
    protected override void ReadCore(Sample sample)
    {
        int[] tokens = _sequences[sample.Index];
        tokens.CopyTo(sample[_tokens, tokens.Length]);
        sample[_label][0] = Labels[sample.Index];
    }
}
