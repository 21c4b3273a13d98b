using System.Globalization;

namespace TinyNet.Training;

/// <summary>
/// How good predictions are, as a number over many batches: it is told of each batch, and asked in the end. One of one's own says its
/// name, adds up what it needs, and gives that as numbers, so that a run that is stopped in an epoch goes on where it was.
/// </summary>
/// <typeparam name="TOutput">What a model gives for a batch.</typeparam>
/// <typeparam name="TTarget">What that is compared with.</typeparam>
/// <example>
/// <code>
/// public sealed class Bias : Metric&lt;Tensor, Tensor>
/// {
///     private double _sum, _count;
///
///     public override string Name => "bias";
///
///     public override double Value => _sum / _count;
///
///     public override double[] State
///     {
///         get => [_sum, _count];
///         set => (_sum, _count) = (value[0], value[1]);
///     }
///
///     public override void Add(Tensor output, Tensor target)
///     {
///         _sum += (output - target).Sum().Item();
///         _count += output.Length;
///     }
///
///     public override void Clear() => (_sum, _count) = (0, 0);
/// }
/// </code>
/// </example>
public abstract class Metric<TOutput, TTarget>
{
    /// <summary>What it is called in messages, in a <c>History</c> and in its files: lower case, words apart by underscores.</summary>
    public abstract string Name { get; }

    /// <summary>Its value for all that was added since it was last cleared; nan where that was nothing.</summary>
    public abstract double Value { get; }

    /// <summary>
    /// What was added up, as numbers: setting them, or those of another one of its kind and settings, goes on from there.
    /// </summary>
    /// <exception cref="ArgumentException">They are not those of such a metric.</exception>
    public abstract double[] State { get; set; }

    /// <summary>Adds a batch. It runs without a tape; what it keeps of a tensor has to be a copy.</summary>
    /// <param name="output">What the model gave.</param>
    /// <param name="target">What it should have been.</param>
    public abstract void Add(TOutput output, TTarget target);

    /// <summary>Forgets all that was added.</summary>
    public abstract void Clear();

    /// <summary>Its name and value.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Value:G6}");
}
