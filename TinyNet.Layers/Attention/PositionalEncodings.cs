using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Sequences [.., T, features] and the place of their first step, which is not 0 where a cache holds earlier ones.</summary>
/// <param name="Values">The sequences.</param>
/// <param name="Start">The place of the first step.</param>
public readonly record struct PlacedSequence(Tensor Values, int Start = 0) : ITensorRecord
{
    /// <summary>Sequences from place 0 on.</summary>
    public static implicit operator PlacedSequence(Tensor values) => new(values);

    /// <inheritdoc/>
    public ITensorRecord VisitTensors(TensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return this with { Values = visitor.Visit(nameof(Values), Values) };
    }

    /// <summary>Adds the rows of a table [places, features] that belong to the steps.</summary>
    internal Tensor Plus(Tensor table, string name)
    {
        TensorRecords.EnsureThere(name, (nameof(Values), Values));
        int steps = Values.Rank < 2 ? 0 : Values.Shape[-2];
        return Values.Rank >= 2 && Values.Shape[-1] == table.Shape[1] && Start >= 0 && Start <= table.Shape[0] - steps
            ? Values + table.Slice(0, Start, Start + steps)
            : throw new ShapeException(
                name,
                $"sequences of shape {Values.Shape} from place {Start} on",
                $"there are {table.Shape[0]} places of {table.Shape[1]} features: give [.., T, {table.Shape[1]}] that ends there");
    }
}

/// <summary>
/// Adds to each step a code of its place p: sin(p / 10000^(2i/features)) to element 2i and the cosine of the same to element 2i + 1
/// (A. Vaswani et al., "Attention is all you need", NeurIPS 2017, arXiv:1706.03762).
/// </summary>
public sealed class SinusoidalPositions : Module<PlacedSequence, Tensor>
{
    private readonly Tensor _table;

    /// <summary>Makes the layer.</summary>
    /// <param name="places">The number of places.</param>
    /// <param name="features">The size of the last axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ShapeException">The table would be larger than any tensor.</exception>
    public SinusoidalPositions(int places, int features)
    {
        Require.Positive(places);
        Require.Positive(features);
        Shape shape = [places, features];
        float[] table = Allocation.OnHost<float>(shape, "SinusoidalPositions");
        for (int i = 0; i < table.Length; i++)
        {
            (int place, int feature) = Math.DivRem(i, features);
            double angle = place / Math.Pow(10000, (feature - feature % 2) / (double)features);
            table[i] = (float)(feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }

        _table = AddBuffer("table", Tensor.From(table, shape));
    }

    /// <inheritdoc/>
    public override string Describe() => $"SinusoidalPositions({_table.Shape[0]}, {_table.Shape[1]})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(PlacedSequence input) => input.Plus(_table, "SinusoidalPositions");
}

/// <summary>
/// Adds to each step a learned vector of its place. The vectors start normal with mean 0 and standard deviation 1, as in
/// <see cref="Embedding"/>.
/// </summary>
public sealed class LearnedPositions : Module<PlacedSequence, Tensor>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="places">The number of places.</param>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="initializer">How the vectors start; null for the default.</param>
    /// <param name="random">Where random numbers come from; null for <see cref="RandomStream.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public LearnedPositions(int places, int features, Initializer? initializer = null, RandomStream? random = null)
    {
        Require.Positive(places);
        Require.Positive(features);
        Weight = AddParameter(
            "weight",
            (initializer ?? Initializer.Normal()).Make([places, features], new Fans(places, features), random ?? RandomStream.Default));
    }

    /// <summary>The vectors [places, features].</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override string Describe() => $"LearnedPositions({Weight.Shape[0]}, {Weight.Shape[1]})";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(PlacedSequence input) => input.Plus(Weight, "LearnedPositions");
}
