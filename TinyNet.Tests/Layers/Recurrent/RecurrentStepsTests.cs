using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Recurrent layers as modules of a tensor.</summary>
public class RecurrentStepsTests
{
    public static TheoryData<int, bool, bool> Forms
    {
        get
        {
            var data = new TheoryData<int, bool, bool>();
            foreach (int layers in new[] { 1, 2 })
            {
                foreach (bool bidirectional in new[] { false, true })
                {
                    data.Add(layers, bidirectional, true);
                    data.Add(layers, bidirectional, false);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void The_last_step_is_the_last_of_each_direction(int layers, bool bidirectional, bool batchFirst)
    {
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            foreach (var layer in Kinds(layers, bidirectional, batchFirst))
            {
                layer.To(device);
                var x = Tensor.Uniform(batchFirst ? [2, 4, 3] : [4, 2, 3], new RandomStream(7), -1, 1, device);
                var output = layer.Forward(x).Output;
                int time = batchFirst ? 1 : 0;
                Tensor end = output.Select(time, -1), start = output.Select(time, 0);
                var expected = bidirectional ? Tensor.Concat(1, end.Slice(1, 0, 5), start.Slice(1, 5)) : end;
                Assert.Equal(expected.ToArray(), layer.LastStep().Forward(x).ToArray());
                Assert.Equal(output.ToArray(), layer.AllSteps().Forward(x).ToArray());
            }
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void The_gradients_are_right(int layers, bool bidirectional, bool batchFirst)
    {
        foreach (var layer in Kinds(layers, bidirectional, batchFirst))
        {
            var x = Tensor.Uniform([2, 3, 3], new RandomStream(7), -1, 1);
            GradCheck.Verify(layer.LastStep(), x);
        }
    }

    [Fact]
    public void They_say_what_they_are_and_refuse_what_the_layer_does()
    {
        Assert.Equal("LastStep(LSTM(3 -> 5))", new LSTM(3, 5).LastStep().Describe());
        Assert.Equal("AllSteps\n  layer: GRU(3 -> 5)", new GRU(3, 5).AllSteps().ToString());
        Refusal.Of<ShapeException>(() => new LSTM(3, 5).LastStep().Forward(Tensor.Ones([2, 4])), "LSTM", "[2, 4]");
        Assert.Throws<ArgumentNullException>(() => new LastStep(null!));
        Assert.Throws<ArgumentNullException>(() => new AllSteps(null!));
    }

    private static RecurrentLayer[] Kinds(int layers, bool bidirectional, bool batchFirst) =>
    [
        new LSTM(3, 5, layers, bidirectional, batchFirst: batchFirst, random: new RandomStream(1)),
        new GRU(3, 5, layers, bidirectional, batchFirst: batchFirst, random: new RandomStream(1)),
        new RNN(3, 5, layers: layers, bidirectional: bidirectional, batchFirst: batchFirst, random: new RandomStream(1)),
    ];
}
