using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Batch, group and instance normalization: running statistics, modes, fusion and what is refused.</summary>
public class ChannelNormalizationTests
{
    private static readonly float[] Values = [1, 2, 3, 6, -1, 0, 4, 5];

    [Fact]
    public void Running_statistics_follow_those_of_batches_with_the_unbiased_variance()
    {
        var norm = new BatchNorm1d(2, momentum: 0.25f);
        // Channel 0 has 1, 3, −1, 4: mean 1.75, variance 14.75 / 3. Channel 1 has 2, 6, 0, 5: mean 3.25, variance 22.75 / 3.
        norm.Forward(Tensor.From(Values, [4, 2]));
        Close([0.4375f, 0.8125f], norm.RunningMean!);
        Close([0.75f + 0.25f * 14.75f / 3, 0.75f + 0.25f * 22.75f / 3], norm.RunningVariance!);
        Assert.Equal(["running_mean", "running_var", "num_batches_tracked"], norm.NamedBuffers().Select(named => named.Name));
        Assert.Equal(1, norm.NamedBuffers().Last().Buffer.Item());
        Assert.Equal(0, norm.NamedBuffers().Last().Buffer.Rank);
    }

    [Fact]
    public void Without_momentum_the_running_statistics_are_averages()
    {
        var norm = new BatchNorm1d(1, momentum: null);
        foreach (float[] batch in new float[][] { [1, 3], [4, 8], [0, 3] })
        {
            norm.Forward(Tensor.From(batch, [2, 1]));
        }

        Close([(2 + 6 + 1.5f) / 3], norm.RunningMean!);
        Close([(2 + 8 + 4.5f) / 3], norm.RunningVariance!);
    }

    [Fact]
    public void Without_momentum_batches_are_counted_on_from_what_is_loaded_and_where_the_layer_moves()
    {
        var norm = new BatchNorm1d(1, momentum: null);
        var x = Tensor.From([1, 3], [2, 1]);
        norm.Forward(x);
        norm.NamedBuffers().Last().Buffer.CopyFrom([7]);
        norm.RunningMean!.CopyFrom([10]);
        norm.Forward(x);
        Close([10 + (2 - 10) / 8f], norm.RunningMean!);
        norm.To(Device.Reference);
        norm.Forward(x.Keep(Device.Reference));
        Close([9 + (2 - 9) / 9f], norm.RunningMean!);
        Assert.Equal(9, norm.NamedBuffers().Last().Buffer.Item());
    }

    [Fact]
    public void Evaluation_normalizes_by_the_running_statistics_and_leaves_them()
    {
        var norm = new BatchNorm2d(2, epsilon: 0);
        norm.RunningMean!.CopyFrom([1, 2]);
        norm.RunningVariance!.CopyFrom([4, 9]);
        norm.Evaluate();
        Close([0, 0.5f, 1 / 3f, 4 / 3f, -1, -0.5f, 2 / 3f, 1], norm.Forward(Tensor.From(Values, [2, 2, 1, 2])));
        Assert.Equal([1, 2], norm.RunningMean.ToArray());
        Assert.Equal(0, norm.NamedBuffers().Last().Buffer.Item());
        // One value a channel is enough here.
        Close([0, 0], norm.Forward(Tensor.From([1, 2], [1, 2, 1, 1])));
    }

    [Fact]
    public void Without_running_statistics_evaluation_is_as_training()
    {
        BatchNorm1d plain = new(2, affine: false, trackRunningStatistics: false), trained = new(2);
        plain.Evaluate();
        var x = Tensor.From(Values, [4, 2]);
        Assert.Equal(trained.Forward(x).ToArray(), plain.Forward(x).ToArray());
        Assert.Empty(plain.NamedBuffers());
        Assert.Empty(plain.Parameters());
    }

    [Fact]
    public void A_large_mean_takes_nothing_away_from_the_variance()
    {
        var x = Tensor.Normal([64, 3, 9, 9], new RandomStream(1), mean: 1000);
        float[] y = new BatchNorm2d(3).Forward(x).ToArray();
        Assert.Equal(0, y.Average(), 1e-4);
        Assert.Equal(1, y.Average(value => (double)value * value), 1e-3);
    }

    [Fact]
    public void Group_and_instance_norm_make_every_sample_normal()
    {
        var x = Tensor.Normal([2, 6, 5, 7], new RandomStream(1), 3, 2);
        foreach (var (layer, rows) in new (Module<Tensor, Tensor>, int)[]
        {
            (new GroupNorm(1, 6), 2),
            (new GroupNorm(3, 6), 6),
            (new GroupNorm(6, 6), 12),
            (new InstanceNorm(6), 12),
        })
        {
            var y = layer.Forward(x).Reshape(rows, -1);
            Assert.All(y.Mean(1).ToArray(), mean => Assert.Equal(0, mean, 1e-5f));
            Assert.All(y.Variance(1, unbiased: false).ToArray(), variance => Assert.Equal(1, variance, 1e-4f));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_the_activation_after_it_one_operation_gives_the_same_bits_as_two(bool training)
    {
        float[] Run(bool hooked)
        {
            var random = new RandomStream(1);
            var model = new Sequential(
                new Conv2d(3, 18, 3, random: random), new BatchNorm2d(18), new ReLU(), new BatchNormReLU(new BatchNorm2d(18)));
            model.Train(training);
            if (hooked)
            {
                model[1].OnOutput((_, _, _) => { });
                model[3].NamedModules().Single(named => named.Module is BatchNorm).Module.OnOutput((_, _, _) => { });
            }

            var x = Tensor.Normal([2, 3, 6, 6], random);
            using var tape = Tape.Record();
            var y = model.Forward(x);
            tape.Backward(y.Square().Sum());
            return
            [
                .. y.ToArray(),
                .. model.Parameters().SelectMany(parameter => parameter.Gradient!.ToArray()),
                .. model.NamedBuffers().SelectMany(named => named.Buffer.ToArray()),
            ];
        }

        Assert.Equal(Run(hooked: true), Run(hooked: false));
    }

    [Fact]
    public void Statistics_written_between_the_passes_are_noticed()
    {
        var norm = new BatchNorm1d(2);
        norm.Evaluate();
        using var tape = Tape.Record();
        var loss = norm.Forward(Tensor.From(Values, [4, 2])).Sum();
        norm.RunningMean!.Fill(3);
        Refusal.Of<LifetimeException>(() => tape.Backward(loss), "BatchNorm", "overwritten in place");
    }

    [Fact]
    public void A_batch_that_is_refused_changes_no_statistics_and_is_not_counted()
    {
        BatchNorm1d norm = new(2), fused = new(2);
        var block = new BatchNormReLU(fused);
        norm.Forward(Tensor.From(Values, [4, 2]));
        block.Forward(Tensor.From(Values, [4, 2]));
        float[] before = States(norm), beforeBlock = States(fused);

        Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Ones([1, 2])));
        Assert.Throws<ShapeException>(() => norm.Forward(Tensor.Ones([4, 3])));
        Assert.Throws<ShapeException>(() => block.Forward(Tensor.Ones([1, 2])));
        Assert.ThrowsAny<TensorException>(() => norm.Forward(Tensor.Ones([4, 2], Device.Reference)));
        using (Tape.Record(detectAnomalies: true))
        {
            Assert.ThrowsAny<TensorException>(() => norm.Forward(Tensor.Full([4, 2], float.NaN)));
        }

        Assert.Equal(before, States(norm));
        Assert.Equal(beforeBlock, States(fused));

        static float[] States(BatchNorm norm) => [.. norm.NamedBuffers().SelectMany(named => named.Buffer.ToArray())];
    }

    [Fact]
    public void Running_statistics_follow_batches_of_large_values_and_of_neighbors()
    {
        BatchNorm1d neighbors = new(1, momentum: 1), large = new(1, momentum: 1), beyond = new(1, momentum: 1);
        neighbors.Forward(Tensor.From([1 << 24, (1 << 24) + 2], [2, 1]));
        large.Forward(Tensor.From([1e19f, 3e19f, 2e19f], [3, 1]));
        Assert.Equal(2, neighbors.RunningVariance!.Item());
        Assert.Equal(1e38f, large.RunningVariance!.Item(), 1e32f);

        // A variance of 1e40 is no float; the batch itself is normalized all the same.
        Close([-1.224745f, 1.224745f, 0], beyond.Forward(Tensor.From([1e20f, 3e20f, 2e20f], [3, 1])));
        Assert.Equal(2e20f, beyond.RunningMean!.Item(), 1e14f);
        Assert.Equal(float.PositiveInfinity, beyond.RunningVariance!.Item());
    }

    [Fact]
    public void Modules_pass_the_gradient_check()
    {
        var x = Tensor.Normal([3, 4, 2, 3], new RandomStream(1));
        Module<Tensor, Tensor>[] layers =
        [
            new BatchNorm2d(4),
            new GroupNorm(2, 4),
            new InstanceNorm(4, affine: true),
            new Sequential(new BatchNorm2d(4), new Tanh()),
            new BatchNormReLU(new BatchNorm2d(4)),
        ];
        Assert.All(layers, layer => GradCheck.Verify(layer, x));
    }

    [Fact]
    public void A_group_of_one_value_is_refused_where_there_is_one_sample()
    {
        foreach (int[] shape in new int[][] { [1, 4, 1, 1], [1, 4] })
        {
            Refusal.Of<ShapeException>(
                () => new GroupNorm(4, 4).Forward(Tensor.Ones(new Shape(shape))),
                "GroupNorm",
                new Shape(shape).ToString(),
                "more than 1 value per group");
        }

        Assert.All(new GroupNorm(4, 4).Forward(Tensor.Ones([2, 4, 1, 1])).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal([1, 4, 1], new GroupNorm(2, 4).Forward(Tensor.Ones([1, 4, 1])).Shape.Sizes.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refusal.Of<ShapeException>(
            () => new BatchNorm1d(3).Forward(Tensor.Ones([1, 3])),
            "BatchNorm",
            "[1, 3]",
            "expected more than 1 value per channel",
            "in module BatchNorm1d(3)");
        Refusal.Of<ShapeException>(() => new BatchNorm2d(3).Forward(Tensor.Ones([2, 4, 2, 2])), "BatchNorm", "[2, 4, 2, 2]", "3 channels");
        Refusal.Of<ShapeException>(
            () => new BatchNorm2d(3).Forward(Tensor.Ones([2, 3])), "BatchNorm", "[2, 3]", "[batch, channels, height, width]");
        Refusal.Of<ShapeException>(
            () => new BatchNorm1d(3).Forward(Tensor.Ones([2, 3, 2, 2])), "BatchNorm", "[2, 3, 2, 2]", "[batch, channels, length]");
        Refusal.Of<ShapeException>(
            () => new InstanceNorm(3).Forward(Tensor.Ones([2, 3, 1])), "InstanceNorm", "[2, 3, 1]", "more than 1 value");
        Refusal.Of<ShapeException>(() => new InstanceNorm(3).Forward(Tensor.Ones([2, 4, 5])), "InstanceNorm", "[2, 4, 5]", "3 channels");
        Refusal.Of<ShapeException>(() => new GroupNorm(2, 4).Forward(Tensor.Ones([2, 6, 5])), "GroupNorm", "[2, 6, 5]", "4 channels");
        Refusal.Of<ShapeException>(
            () => new GroupNorm(2, 4, affine: false).Forward(Tensor.Ones([2, 6, 5])), "GroupNorm", "[2, 6, 5]", "4 channels");
        Refusal.Of<ShapeException>(
            () => new BatchNorm2d(4, affine: false, trackRunningStatistics: false).Forward(Tensor.Ones([2, 6, 2, 2])),
            "BatchNorm",
            "[2, 6, 2, 2]",
            "4 channels");
        Refusal.Of<ShapeException>(() => Tensor.Ones([2, 5, 5]).GroupNorm(2), "GroupNorm", "[2, 5, 5]", "2 groups");
        Refusal.Of<ArgumentException>(() => new GroupNorm(3, 4), "4 channels in 3 groups");
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm1d(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d(2, epsilon: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d(2, momentum: 1.5f));
    }

    private static void Close(float[] expected, Tensor actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(actual.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }
}
