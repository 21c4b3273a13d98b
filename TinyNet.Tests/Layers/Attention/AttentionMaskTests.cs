using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using static TinyNet.Tests.Layers.AttentionData;

namespace TinyNet.Tests.Layers;

/// <summary>Masks of attention: nothing but 0 and 1, which is looked at once for each content.</summary>
public class AttentionMaskTests
{
    public static TheoryData<float> Others => [0.5f, -1, 2, 1e-30f, -1e9f, float.NegativeInfinity, float.PositiveInfinity, float.NaN];

    [Theory, MemberData(nameof(Others))]
    public void Other_entries_than_0_and_1_are_refused(float entry)
    {
        Tensor x = Normal(1, 3, 4), ones = Tensor.Ones([3, 3]), keys = Tensor.Ones([1, 3]);
        Tensor mask = Tensor.From([1, 1, entry, 1, 1, 1, 1, 1, 0], [3, 3]), keyMask = Tensor.From([1, 0, entry], [1, 3]);
        var layer = new MultiHeadAttention(4, 2, random: Seeded);
        string told = $"the entry {entry}";
        Refused(() => x.Attention(x, x, mask));
        Refused(() => x.AttentionWithWeights(x, x, mask));
        Refused(() => layer.Forward(new AttentionInput(x) { Mask = mask }));
        Refused(() => layer.Forward(new AttentionInput(x, x, Normal(1, 3, 4)) { Mask = mask }));
        Refused(() => layer.Forward(new AttentionInput(x) { Mask = mask, KeyMask = keys }));
        Refused(() => layer.Forward(new AttentionInput(x) { Mask = mask, Weights = AttentionWeights.PerHead }));
        Refused(() => layer.Forward(new AttentionInput(x) { KeyMask = keyMask }));
        Refused(() => layer.Forward(new AttentionInput(x) { Mask = ones, KeyMask = keyMask }));
        Refused(() => new TransformerEncoderLayer(4, 2, 8).Forward(new EncoderInput(x) { Mask = mask }));
        Refused(() => new TransformerDecoderLayer(4, 2, 8).Forward(new DecoderInput(x, x) { MemoryMask = mask }));
        Refused(() => new TransformerDecoderLayer(4, 2, 8).Forward(new DecoderInput(x, x) { TargetKeyMask = keyMask }));
        var cache = new KeyValueCache();
        using (Tape.NoRecord())
        {
            Refused(() => layer.Forward(new AttentionInput(x) { Mask = mask, Cache = cache }));
        }

        Assert.Equal(0, cache.Length);

        void Refused(Action action) => Refusal.Of<TensorException>(action, "Attention", told, "0 that it does not", "are a bias");
    }

    [Fact]
    public void A_mask_is_looked_at_again_when_it_has_changed()
    {
        Tensor x = Normal(3, 4), mask = Tensor.Ones([3, 3]);
        x.Attention(x, x, mask);
        Assert.True(mask.Storage.KnownMask.Holds(mask));
        mask.CopyFrom([1, 1, 1, 1, 1, 1, 1, 1, -5]);
        Refusal.Of<TensorException>(() => x.Attention(x, x, mask), "the entry -5");
        mask.Fill(1);
        x.Attention(x, x, mask);
    }

    [Fact]
    public void What_views_show_beyond_a_mask_is_looked_at()
    {
        Tensor x = Normal(2, 4), all = Tensor.From([1, 0, 1, 1, 7, 7, 1, 7, 1, 0], [10]);
        x.Attention(x, x, all.Slice(0, 0, 4).Reshape(2, 2));
        x.Attention(x, x, all.Slice(0, 0, 2).Unsqueeze(0).Expand(2, 2));
        Refusal.Of<TensorException>(() => x.Attention(x, x, all.Slice(0, 1, 5).Reshape(2, 2)), "the entry 7");
        // Every second element is fine, but not what lies between.
        x.Attention(x, x, all.Slice(0, 6, 10, 2).Unsqueeze(0));
        Refusal.Of<TensorException>(() => x.Attention(x, x, all.Slice(0, 6, 8).Unsqueeze(0)), "the entry 7");
    }

    /// <summary>What threads find out about parts of one tensor does not become something about what lies between them.</summary>
    [Fact]
    public void Threads_that_look_at_parts_of_a_tensor_do_not_mix_what_they_find()
    {
        var all = Tensor.From([1, 0, 1, 1, 7, 7, 1, 1, 1, 0], [10]);
        Tensor before = all.Slice(0, 0, 4), after = all.Slice(0, 6, 10);
        bool isDone = false;
        var writers = Array.ConvertAll(new[] { before, after }, part =>
        {
            var mark = KnownMask.Of(part);
            var writer = new Thread(() =>
            {
                while (!Volatile.Read(ref isDone))
                {
                    all.Storage.KnownMask = mark;
                }
            });
            writer.Start();
            return writer;
        });
        bool isMixed = false;
        for (int i = 0; i < 300_000; i++)
        {
            isMixed |= all.Storage.KnownMask.Holds(all);
        }

        Volatile.Write(ref isDone, true);
        Array.ForEach(writers, writer => writer.Join());
        Assert.False(isMixed);
        Refusal.Of<TensorException>(() => Normal(1, 4).Attention(Normal(10, 4), Normal(10, 4), all.Unsqueeze(0)), "the entry 7");
    }

    /// <summary>There elements are doubles.</summary>
    [Fact]
    public void An_entry_is_told_as_the_reference_device_has_it()
    {
        Tensor x = Normal(1, 4).Keep(Device.Reference), mask = Tensor.Ones([1, 1], Device.Reference) + 1e-12f;
        Refusal.Of<TensorException>(() => x.Attention(x, x, mask), "the entry 1.000000000001");
    }

    [Fact]
    public void A_storage_that_is_used_again_is_looked_at_again()
    {
        Tensor x = Normal(2, 4);
        for (int round = 0; round < 3; round++)
        {
            using (Tape.NoRecord())
            {
                x.Attention(x, x, Tensor.Ones([2, 2]) * 1);
            }

            using (Tape.NoRecord())
            {
                Refusal.Of<TensorException>(() => x.Attention(x, x, Tensor.Ones([2, 2]) * 3), "the entry 3");
            }
        }
    }

    [Fact]
    public void Masks_that_the_library_makes_are_known_to_be_right()
    {
        Tensor x = Normal(2, 3), lengths = IndexTensor.From(1, 3).LengthMask(3);
        foreach (var mask in new[] { x.IsLess(x), x.IsEqual(x), lengths, lengths.Unsqueeze(1).Unsqueeze(1), lengths.Transpose() })
        {
            Assert.True(mask.Storage.KnownMask.Holds(mask));
        }

        Assert.False(x.Storage.KnownMask.Holds(x));
    }

    [Fact]
    public void Padding_is_not_seen_whatever_the_mask_says_there()
    {
        var layer = new MultiHeadAttention(4, 2, random: Seeded);
        Tensor x = Normal(1, 3, 4), keyMask = Tensor.From([1, 1, 0], [1, 3]);
        float[] expected = layer.Forward(new AttentionInput(x) { Mask = keyMask.Expand(3, 3) }).Output.ToArray();
        AssertClose(expected, layer.Forward(new AttentionInput(x) { KeyMask = keyMask }).Output);
        AssertClose(expected, layer.Forward(new AttentionInput(x) { Mask = Tensor.Ones([3, 3]), KeyMask = keyMask }).Output);
    }
}
