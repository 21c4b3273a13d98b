using TinyNet.Analysis;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>Where an attention looks.</summary>
public class AttentionMapTests
{
    private readonly MultiHeadAttention _attention = new(8, 2, random: new RandomStream(6));
    private readonly Tensor _x = Tensor.Normal([3, 5, 8], new RandomStream(7));

    /// <summary>By projections and softmax in double precision.</summary>
    [Fact]
    public void Maps_are_the_softmax_of_scores_averaged_over_the_batch()
    {
        var maps = AttentionMaps.Of(_attention, "", _x);
        float[] x = _x.ToArray(), w = _attention.Parameters()[0].ToArray();
        double Projected(int row, int column) => Enumerable.Range(0, 8).Sum(k => (double)x[row * 8 + k] * w[k * 24 + column]);
        for (int head = 0; head < 2; head++)
        {
            for (int q = 0; q < 5; q++)
            {
                double[] mean = new double[5];
                for (int n = 0; n < 3; n++)
                {
                    double[] scores = [.. Enumerable.Range(0, 5).Select(k => Math.Exp(Enumerable.Range(4 * head, 4)
                        .Sum(d => Projected(n * 5 + q, d) * Projected(n * 5 + k, 8 + d)) / 2))];
                    mean = [.. mean.Select((value, k) => value + scores[k] / scores.Sum() / 3)];
                }

                for (int k = 0; k < 5; k++)
                {
                    Assert.Equal(mean[k], maps.Heads[head][q * 5 + k], 1e-5);
                }
            }
        }

        Assert.All(maps.RowSums, sum => Assert.Equal(1, sum, 1e-6));
        Assert.Equal((maps.Heads[0][7] + maps.Heads[1][7]) / 2, maps.Mean[7], 1e-12);
        Assert.Equal(AttentionWeights.None, _attention.Weights);
    }

    [Fact]
    public void The_figure_has_a_map_for_each_head_and_their_mean()
    {
        var maps = AttentionMaps.Of(_attention, "", _x, sample: 2);
        var figure = maps.ToFigure();
        Assert.Equal(["head 0", "head 1", "mean"], figure.Panels.Select(panel => panel.Title));
        Assert.All(figure.Panels, panel => Assert.Equal(("Key", "Query"), (panel.X.Label, panel.Y.Label)));
        Assert.All(figure.Panels, panel => Assert.Equal((5, 5), (((HeatMap)panel.Series[0]).Rows, ((HeatMap)panel.Series[0]).Columns)));
        Assert.Equal(["a", "b", "c", "d", "e"], maps.ToFigure(keys: ["a", "b", "c", "d", "e"]).Panels[0].X.Names);
        Assert.Equal(25, maps.ToTable().Rows.Count);
        Refusal.Of<ArgumentException>(() => maps.ToFigure(queries: ["a"]), "1 names of 5");
    }

    [Fact]
    public void Attentions_inside_of_models_are_found_by_their_path()
    {
        var encoder = new TransformerEncoderLayer(8, 2, 16, random: new RandomStream(1));
        Assert.Equal(2, AttentionMaps.Of(encoder, "self_attn", _x).Heads.Count);
        Assert.True(encoder.IsTraining);
        Refusal.Of<ArgumentException>(() => AttentionMaps.Of(encoder, "linear1", _x), "Dense", "no attention", "self_attn");
        Refusal.Of<ArgumentException>(() => AttentionMaps.Of(encoder, "attn", _x), "no module 'attn'", "self_attn");
        Assert.Throws<ArgumentOutOfRangeException>(() => AttentionMaps.Of(encoder, "self_attn", _x, sample: 3));
    }

    [Fact]
    public void An_attention_with_activations_gives_the_weights_that_an_input_can_ask_for()
    {
        var attention = new SelfAttention(8, new Tanh(), new Tanh(), random: new RandomStream(2));
        var asked = attention.Forward(new AttentionInput(_x) { Weights = AttentionWeights.Averaged }).Weights!.ToArray();
        var maps = AttentionMaps.Of(attention, "", new AttentionInput(_x), sample: 1);
        Assert.Equal(asked.AsSpan(25, 25).ToArray().Select(value => (double)value), maps.Mean);
        Assert.Equal(AttentionWeights.None, attention.Weights);
        Assert.Single(maps.ToFigure().Panels);
        Assert.Throws<ArgumentOutOfRangeException>(() => attention.Weights = (AttentionWeights)7);
    }

    [Fact]
    public void A_causal_attention_looks_at_nothing_later()
    {
        var maps = AttentionMaps.Of(_attention, "", new AttentionInput(_x) { IsCausal = true });
        for (int q = 0; q < 5; q++)
        {
            Assert.All(Enumerable.Range(q + 1, 4 - q), k => Assert.Equal(0, maps.Mean[q * 5 + k]));
        }

        // One sequence without an axis of samples.
        Assert.Equal(25, AttentionMaps.Of(_attention, "", Tensor.Ones([5, 8])).Mean.Count);
    }
}
