using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Embeddings and the mean over padded sequences.</summary>
public class EmbeddingTests
{
    [Fact]
    public void Indices_of_any_shape_become_vectors()
    {
        var embedding = new Embedding(5, 3, random: new RandomStream(1));
        float[] table = embedding.Weight.ToArray();
        var y = embedding.Forward(IndexTensor.From([4, 0, 0, 2], [2, 1, 2]));
        Assert.Equal([2, 1, 2, 3], y.Shape.Sizes.ToArray());
        Assert.Equal([.. table[12..15], .. table[0..3], .. table[0..3], .. table[6..9]], y.ToArray());
        Assert.Equal([3], embedding.Forward(IndexTensor.From([1], [])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void The_table_starts_normal() =>
        Assert.Equal(1, new Embedding(1000, 50, random: new RandomStream(1)).Weight.ToArray().Average(value => value * value), 0.02);

    [Theory]
    [InlineData(1)]
    [InlineData(-2)]
    public void The_padding_starts_as_0_is_used_as_it_is_and_gets_no_gradient(int padding)
    {
        var embedding = new Embedding(3, 2, padding);
        Assert.Equal([0, 0], embedding.Weight.Slice(0, 1, 2).ToArray());
        embedding.Weight.CopyFrom([1, 2, 3, 4, 5, 6]);
        using var tape = Tape.Record();
        var y = embedding.Forward(IndexTensor.From(1, 0, 1, 0));
        Assert.Equal([3, 4, 1, 2, 3, 4, 1, 2], y.ToArray());
        tape.Backward(y.Sum());
        Assert.Equal([2, 2, 0, 0, 0, 0], embedding.Weight.Gradient!.ToArray());
    }

    [Fact]
    public void Another_use_of_the_table_keeps_its_gradient_at_the_padding()
    {
        var embedding = new Embedding(2, 1, paddingIndex: 0);
        using var tape = Tape.Record();
        var index = IndexTensor.From(0, 1);
        tape.Backward((embedding.Forward(index) + embedding.Weight.Embed(index)).Sum());
        Assert.Equal([1, 2], embedding.Weight.Gradient!.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_what_is_valid()
    {
        var embedding = new Embedding(5, 3);
        Refusal.Of<TensorException>(
            () => embedding.Forward(IndexTensor.From(1, 5)), "Embed", "index 5", "valid are 0 to 4", "in module Embedding(5 -> 3)");
        Refusal.Of<TensorException>(() => embedding.Forward(IndexTensor.From(-1)), "index -1");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Embedding(5, 3, 5), "padding index 5", "-5 to 4");
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(0, 3));
        Refusal.Of<ShapeException>(() => Tensor.Ones([3]).Embed(IndexTensor.From(0)), "[3]");
    }

    [Fact]
    public void The_masked_mean_counts_no_padding_not_even_nan()
    {
        var x = Tensor.From([1, 2, 3, float.NaN, 5, 7, float.NaN, float.PositiveInfinity, float.NaN], [3, 3]);
        var parameter = new Parameter(x);
        using var tape = Tape.Record();
        var means = new MaskedMean().Forward(new PaddedBatch(parameter, IndexTensor.From(2, 0, 0)));
        Assert.Equal([1.5f, 0, 0], means.ToArray());
        tape.Backward(means.Sum());
        Assert.Equal([0.5f, 0.5f, 0, 0, 0, 0, 0, 0, 0], parameter.Gradient!.ToArray());
    }

    [Fact]
    public void A_length_mask_is_1_where_no_padding_is() =>
        Assert.Equal([1, 1, 0, 0, 0, 0, 1, 1, 1], IndexTensor.From(2, 0, 3).LengthMask(3).ToArray());

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Refusal.Of<TensorException>(
            () => Tensor.Ones([2, 3]).MaskedMean(IndexTensor.From(4, 1)), "MaskedMean", "length of 4 with 3 steps", "lengths are 0 to 3");
        Refusal.Of<TensorException>(() => IndexTensor.From(-1).LengthMask(3), "LengthMask", "length of -1", "lengths are 0 to 3");
        Refusal.Of<ShapeException>(() => Tensor.Ones([2, 3]).MaskedMean(IndexTensor.From(1)), "[1]", "[2, 3]");
        Refusal.Of<ShapeException>(() => IndexTensor.From([1], [1, 1]).LengthMask(3), "[1, 1]");
    }
}
