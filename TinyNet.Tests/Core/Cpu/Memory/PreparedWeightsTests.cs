using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>What a device keeps of weights between uses never shows in the numbers.</summary>
public class PreparedWeightsTests
{
    public static TheoryData<string> Kinds => ["Winograd", "direct", "grouped", "depthwise", "LSTM", "GRU"];

    [Theory, MemberData(nameof(Kinds))]
    public void Weights_that_change_after_several_uses_are_read_anew(string kind)
    {
        var module = Make(kind, out var x);
        module.Evaluate();
        for (int round = 0; round < 3; round++)
        {
            // Another module has other weights, of which nothing is kept.
            var fresh = Make(kind, out _);
            fresh.Evaluate();
            foreach (var (theirs, ours) in fresh.Parameters().Zip(module.Parameters()))
            {
                theirs.CopyFrom(ours.ToArray());
            }

            float[] expected = Run(fresh);
            for (int use = 0; use < 4; use++)
            {
                Assert.Equal(expected, Run(module));
            }

            foreach (var parameter in module.Parameters())
            {
                parameter.CopyFrom(Array.ConvertAll(parameter.ToArray(), value => value * -0.7f));
            }
        }

        float[] Run(Module<Tensor, Tensor> model)
        {
            using var scope = Tape.NoRecord();
            return model.Forward(x).ToArray();
        }
    }

    [Fact]
    public void A_weight_used_in_two_ways_in_turn_is_read_right_in_both()
    {
        var numbers = new RandomStream(3);
        Tensor weight = Tensor.Uniform([3, 3, 2, 4], numbers, -1, 1),
            one = Tensor.Uniform([1, 2, 5, 5], numbers, -1, 1),
            two = Tensor.Uniform([1, 4, 5, 5], numbers, -1, 1);
        var window = new Window(new WindowAxis(3), new WindowAxis(3));
        float[] first = one.Convolve(weight, null, window).ToArray(), second = two.Convolve(weight, null, window, groups: 2).ToArray();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(second, two.Convolve(weight, null, window, groups: 2).ToArray());
            Assert.Equal(second, two.Convolve(weight, null, window, groups: 2).ToArray());
            Assert.Equal(first, one.Convolve(weight, null, window).ToArray());
            Assert.Equal(first, one.Convolve(weight, null, window).ToArray());
        }
    }

    [Fact]
    public void Weights_that_change_with_every_use_are_not_kept()
    {
        var device = new CpuDevice(1);
        var prepared = new PreparedWeights(device);
        var weight = Tensor.Ones([4], device);
        for (int step = 0; step < 4; step++)
        {
            var room = prepared.Get(weight, WeightForm.Taps, 1, 8, out bool isReady);
            Assert.False(isReady);
            prepared.Keep(weight, WeightForm.Taps, 1, room);
            weight.Fill(step);
        }
    }

    [Fact]
    public void Weights_that_change_after_every_second_use_are_kept_in_the_same_memory()
    {
        var device = new CpuDevice(1);
        var prepared = new PreparedWeights(device);
        var weight = Tensor.Ones([4], device);
        Tensor? room = null;
        for (int step = 0; step < 4; step++)
        {
            prepared.Keep(weight, WeightForm.Taps, 1, prepared.Get(weight, WeightForm.Taps, 1, 8, out _));
            var second = prepared.Get(weight, WeightForm.Taps, 1, 8, out bool isReady);
            Assert.False(isReady);
            Assert.Same(room ??= second, second);
            prepared.Keep(weight, WeightForm.Taps, 1, second);
            weight.Fill(step);
        }
    }

    [Fact]
    public void Two_threads_that_prepare_at_once_do_not_share_room()
    {
        var device = new CpuDevice(1);
        var prepared = new PreparedWeights(device);
        var weight = Tensor.Ones([4], device);
        prepared.Get(weight, WeightForm.Taps, 1, 8, out _);
        Tensor one = prepared.Get(weight, WeightForm.Taps, 1, 8, out _),
            other = prepared.Get(weight, WeightForm.Taps, 1, 8, out bool isReady);
        Assert.NotSame(one, other);
        Assert.False(isReady);
        prepared.Keep(weight, WeightForm.Taps, 1, other);
        prepared.Keep(weight, WeightForm.Taps, 1, one);
        Assert.Same(one, prepared.Get(weight, WeightForm.Taps, 1, 8, out _));
    }

    [Fact]
    public void The_second_use_of_the_same_contents_is_kept_for_the_third()
    {
        var device = new CpuDevice(1);
        var prepared = new PreparedWeights(device);
        var weight = Tensor.Ones([4], device);
        prepared.Keep(weight, WeightForm.Taps, 1, prepared.Get(weight, WeightForm.Taps, 1, 8, out _));
        var second = prepared.Get(weight, WeightForm.Taps, 1, 8, out bool isReady);
        Assert.False(isReady);
        prepared.Keep(weight, WeightForm.Taps, 1, second);
        Assert.Same(second, prepared.Get(weight, WeightForm.Taps, 1, 8, out isReady));
        Assert.True(isReady);
    }

    [Fact]
    public void What_was_filled_from_contents_that_have_changed_meanwhile_is_not_kept()
    {
        var device = new CpuDevice(1);
        var prepared = new PreparedWeights(device);
        var weight = Tensor.Ones([4], device);
        prepared.Get(weight, WeightForm.Taps, 1, 8, out _);
        var second = prepared.Get(weight, WeightForm.Taps, 1, 8, out _);
        weight.Fill(2);
        prepared.Keep(weight, WeightForm.Taps, 1, second);
        Assert.NotSame(second, prepared.Get(weight, WeightForm.Taps, 1, 8, out bool isReady));
        Assert.False(isReady);
    }

    private static Module<Tensor, Tensor> Make(string kind, out Tensor x)
    {
        var random = new RandomStream(1);
        x = Tensor.Uniform(kind is "LSTM" or "GRU" ? [2, 5, 6] : [2, kind == "Winograd" ? 16 : 6, 13, 13], new RandomStream(2), -1, 1);
        return kind switch
        {
            "Winograd" => new Conv2d(16, 16, 3, random: random),
            "direct" => new Conv2d(6, 5, 3, random: random),
            "grouped" => new Conv2d(6, 4, 3, groups: 2, random: random),
            "depthwise" => new Conv2d(6, 6, 3, groups: 6, random: random),
            "LSTM" => new States(new LSTM(6, 40, random: random)),
            _ => new States(new GRU(6, 40, random: random)),
        };
    }

    private sealed class States : Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _run;

        public States(LSTM layer)
        {
            Child("layer", layer);
            _run = x => layer.Forward(x).Output;
        }

        public States(GRU layer)
        {
            Child("layer", layer);
            _run = x => layer.Forward(x).Output;
        }

        protected override Tensor ForwardCore(Tensor input) => _run(input);
    }
}
