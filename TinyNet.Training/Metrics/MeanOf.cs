using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>
/// A metric in one line: the mean of all the numbers that a function gives for the batches, one for each sample or element. As it takes
/// the numbers and not their mean, batches of different sizes count as they should.
/// </summary>
/// <typeparam name="TOutput">What a model gives for a batch.</typeparam>
/// <typeparam name="TTarget">What that is compared with.</typeparam>
/// <param name="name">What it is called: lower case, words apart by underscores.</param>
/// <param name="function">The numbers of a batch, of any shape.</param>
/// <exception cref="ArgumentException">There is no name.</exception>
/// <example><code>var bias = new MeanOf&lt;Tensor, Tensor>("bias", (output, target) => output - target);</code></example>
public sealed class MeanOf<TOutput, TTarget>(string name, Func<TOutput, TTarget, Tensor> function) : MeanMetric<TOutput, TTarget>
{
    private readonly Func<TOutput, TTarget, Tensor> _function = function ?? throw new ArgumentNullException(nameof(function));

    /// <inheritdoc/>
    public override string Name { get; } =
        !string.IsNullOrWhiteSpace(name) ? name : throw new ArgumentException("a metric needs a name", nameof(name));

    /// <inheritdoc/>
    public override void Add(TOutput output, TTarget target)
    {
        using var pause = Tape.NoGrad();
        Numbers.Add(new HostBatch(_function(output, target)
            ?? throw new InvalidOperationException($"the function of the metric '{Name}' gave null for a batch")));
    }

    private protected override void Fold(ReadOnlySpan<float> numbers, ReadOnlySpan<float> right, in HostBatch batch) =>
        AddEach(numbers, numbers.Length);
}
