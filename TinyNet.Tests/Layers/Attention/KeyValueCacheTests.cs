using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using static TinyNet.Tests.Layers.AttentionData;

namespace TinyNet.Tests.Layers;

/// <summary>Generating with a cache of keys and values, and steps that are refused.</summary>
public class KeyValueCacheTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Generating_with_a_cache_gives_what_the_whole_sequence_gives(bool normFirst)
    {
        var model = new TransformerEncoder(
            [.. Enumerable.Range(0, 2).Select(_ => new TransformerEncoderLayer(8, 2, 16, 0, normFirst: normFirst, random: Seeded))],
            new LayerNorm(8));
        var positions = new LearnedPositions(100, 8, random: Seeded);
        var x = Normal(2, 90, 8);
        float[] expected = model.Forward(new EncoderInput(positions.Forward(x)) { IsCausal = true }).ToArray();
        var cache = new KeyValueCache();
        for (int round = 0; round < 2; round++)
        {
            cache.Clear();
            foreach (var (start, end) in new[] { (0, 1), (1, 40), (40, 41), (41, 90) })
            {
                using var tape = Tape.NoRecord();
                var step = positions.Forward(new PlacedSequence(x.Slice(1, start, end), cache.Length));
                var y = model.Forward(new EncoderInput(step) { IsCausal = true, Cache = cache });
                AssertClose([.. expected[(start * 8)..(end * 8)], .. expected[(720 + start * 8)..(720 + end * 8)]], y);
                Assert.Equal(end, cache.Length);
            }
        }
    }

    [Fact]
    public void A_decoder_layer_generates_with_a_cache()
    {
        var layer = new TransformerDecoderLayer(8, 2, 16, 0, random: Seeded);
        Tensor x = Normal(2, 5, 8), memory = Normal(2, 3, 8);
        float[] expected = layer.Forward(new DecoderInput(x, memory) { IsCausal = true }).Slice(1, 4).ToArray();
        var cache = new KeyValueCache();
        layer.Forward(new DecoderInput(x.Slice(1, 0, 4), memory) { IsCausal = true, Cache = cache });
        AssertClose(expected, layer.Forward(new DecoderInput(x.Slice(1, 4), memory) { IsCausal = true, Cache = cache }));
    }

    [Fact]
    public void A_stack_of_decoder_layers_generates_with_a_cache_and_forgets_a_refused_step()
    {
        var model = new TransformerDecoder(
            [.. Enumerable.Range(0, 2).Select(_ => new TransformerDecoderLayer(8, 2, 16, 0, random: Seeded))], new LayerNorm(8));
        Tensor x = Normal(2, 5, 8), memory = Normal(2, 3, 8);
        float[] expected = model.Forward(new DecoderInput(x, memory) { IsCausal = true }).Slice(1, 4).ToArray();
        var cache = new KeyValueCache();
        model.Forward(new DecoderInput(x.Slice(1, 0, 4), memory) { IsCausal = true, Cache = cache });
        var last = new DecoderInput(x.Slice(1, 4), memory) { IsCausal = true, Cache = cache };
        Assert.Throws<ShapeException>(() => model.Forward(last with { MemoryKeyMask = Tensor.Ones([2, 4]) }));
        Assert.Equal([4, 4], new[] { cache.Layer(0).Length, cache.Layer(1).Length });
        AssertClose(expected, model.Forward(last));
    }

    [Fact]
    public void A_cache_refuses_recording_and_another_batch()
    {
        var layer = new MultiHeadAttention(4, 2);
        var cache = new KeyValueCache();
        using (Tape.Record())
        {
            Refusal.Of<TensorException>(
                () => layer.Forward(new AttentionInput(Normal(2, 3, 4)) { Cache = cache }), "KeyValueCache", "Tape.NoRecord()");
        }

        layer.Forward(new AttentionInput(Normal(2, 3, 4)) { Cache = cache });
        Refusal.Of<ShapeException>(
            () => layer.Forward(new AttentionInput(Normal(1, 3, 4)) { Cache = cache }),
            "[1, 3, 4]", "3 earlier ones of shape [2, 3, 4]", "Clear()");
        cache.Clear();
        Assert.Equal([1, 3, 4], layer.Forward(new AttentionInput(Normal(1, 3, 4)) { Cache = cache }).Output.Shape.Sizes.ToArray());
    }

    public static TheoryData<string> RefusedSteps => ["key mask", "mask", "bias", "hook on the second layer", "hook on the norm"];

    [Theory, MemberData(nameof(RefusedSteps))]
    public void A_refused_step_leaves_the_cache_as_it_was(string what)
    {
        var model = new TransformerEncoder(
            [.. Enumerable.Range(0, 2).Select(_ => new TransformerEncoderLayer(4, 2, 8, 0, random: Seeded))], new LayerNorm(4));
        var x = Normal(1, 3, 4);
        float[] expected = model.Forward(new EncoderInput(x) { IsCausal = true }).Slice(1, 2).ToArray();
        var cache = new KeyValueCache();
        model.Forward(new EncoderInput(x.Slice(1, 0, 2)) { IsCausal = true, Cache = cache });
        var last = new EncoderInput(x.Slice(1, 2)) { IsCausal = true, Cache = cache };
        string path = what == "hook on the norm" ? "norm" : "layers.1.linear2";
        var hook = what.StartsWith("hook", StringComparison.Ordinal)
            ? model.NamedModules().Single(named => named.Name == path).Module.OnInput(
                (_, _, _) => throw new TensorException("Hook", "refused", "try again"))
            : null;

        Assert.ThrowsAny<TensorException>(() => model.Forward(what switch
        {
            "key mask" => last with { KeyMask = Tensor.Ones([1, 5]) },
            "mask" => last with { Mask = Tensor.Ones([1, 5]) },
            "bias" => last with { Bias = Tensor.Ones([2, 3]) },
            _ => last,
        }));
        hook?.Dispose();

        Assert.Equal([2, 2], new[] { cache.Layer(0).Length, cache.Layer(1).Length });
        AssertClose(expected, model.Forward(last));
    }

    [Fact]
    public void A_refused_step_of_a_layer_alone_leaves_the_cache_as_it_was()
    {
        Tensor x = Normal(1, 3, 4), wide = Tensor.Ones([7, 7]);
        var cache = new KeyValueCache();
        new MultiHeadAttention(4, 2).Forward(new AttentionInput(x) { Cache = cache });
        Assert.Throws<ShapeException>(
            () => new MultiHeadAttention(4, 2).Forward(new AttentionInput(x, Normal(2, 1, 4), Normal(2, 1, 4)) { Cache = cache }));
        Assert.Throws<ShapeException>(
            () => new TransformerEncoderLayer(4, 2, 8).Forward(new EncoderInput(x) { Cache = cache, Mask = wide }));
        Assert.Throws<ShapeException>(
            () => new TransformerDecoderLayer(4, 2, 8).Forward(new DecoderInput(x, x) { Cache = cache, MemoryMask = wide }));
        Assert.Equal(3, cache.Length);
    }

    [Fact]
    public void Values_that_are_refused_leave_the_keys_as_they_were()
    {
        var cache = new KeyValueCache();
        Tensor keys = Normal(1, 64, 2), values = Normal(1, 64, 3);
        var held = cache.Append(keys, values);
        for (int steps = 1; steps < 200; steps += 100)
        {
            Assert.Throws<ShapeException>(() => cache.Append(Normal(1, steps, 2), Normal(1, steps, 4)));
            Assert.Equal(64, cache.Length);
            Assert.Equal(keys.ToArray(), held.Keys.ToArray());
        }

        var (allKeys, allValues) = cache.Append(keys, values);
        Assert.Equal([.. keys.ToArray(), .. keys.ToArray()], allKeys.ToArray());
        Assert.Equal([.. values.ToArray(), .. values.ToArray()], allValues.ToArray());
    }

    [Fact]
    public void A_step_that_a_stack_refuses_leaves_a_cache_without_layers_as_it_was()
    {
        var model = new TransformerEncoder([.. Enumerable.Range(0, 2).Select(_ => new TransformerEncoderLayer(4, 2, 8, 0))]);
        var cache = new KeyValueCache();
        new MultiHeadAttention(4, 2).Forward(new AttentionInput(Normal(1, 3, 4)) { Cache = cache });
        using var hook = model.NamedModules().Single(named => named.Name == "layers.1.linear2").Module.OnInput(
            (_, _, _) => throw new TensorException("Hook", "refused", "try again"));
        Assert.Throws<TensorException>(() => model.Forward(new EncoderInput(Normal(1, 2, 4)) { Cache = cache }));
        Assert.Equal(3, cache.Length);
        Assert.Equal(0, cache.Layer(0).Length);
    }
}
