using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>The default device and the default random stream.</summary>
[Collection(GlobalState.Name)]
public class DefaultsTests
{
    [Fact]
    public void The_gradient_check_fixes_the_default_stream_and_puts_it_back()
    {
        RandomStream.Reseed(3);
        RandomStream.Default.Position = 12;
        GradCheck.Verify(new Sequential(new Dropout(0.4f), new Tanh()), Tensor.Normal([5, 4], new RandomStream(1)));
        Assert.Equal(12ul, RandomStream.Default.Position);
    }

    [Fact]
    public void Reseeding_repeats_initial_weights_and_masks()
    {
        float[] Draw()
        {
            RandomStream.Reseed(11);
            return [.. new Dense(3, 4).Weight.ToArray(), .. new Dropout().Forward(Tensor.Ones([20])).ToArray()];
        }

        Assert.Equal(Draw(), Draw());
    }

    [Fact]
    public void Models_are_built_on_the_default_device()
    {
        var before = Device.Default;
        try
        {
            Device.Default = Device.Reference;
            var dense = new Dense(2, 2);
            Assert.Same(Device.Reference, dense.Weight.Device);
            Assert.Equal(2, dense.Forward(Tensor.Ones([1, 2])).Length);
        }
        finally
        {
            Device.Default = before;
        }
    }
}
