using TinyNet.Core;
using TinyNet.Ilgpu;
using TinyNet.Layers;

namespace TinyNet.ExtensionTests;

/// <summary>The page about GPUs.</summary>
public class GpuPageTests
{
    [Fact]
    public void A_model_moves_to_a_GPU_and_where_there_is_none_it_is_said_what_is_missing()
    {
        var model = new Dense(3, 2);
        var exception = Record.Exception(() => Move(model));

        var cuda = Device.Known().First(device => device.Name.StartsWith("cuda", StringComparison.Ordinal));
        if (cuda.IsThere)
        {
            Assert.Null(exception);
            Assert.StartsWith("cuda", model.Weight.Device.Name, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(cuda.Details, Assert.IsType<ArgumentException>(exception).Message, StringComparison.Ordinal);
            Assert.Same(Device.Cpu, model.Weight.Device);
        }
    }

    private static void Move(Module model)
    {
        // <gpu>
        IlgpuDevices.Register();                         // once, at the start of the program
        var device = Device.Parse("cuda");               // or "cuda:1", "opencl", "opencl:1"
        model.To(device);                                // parameters, buffers and the states of optimizers
        // </gpu>
    }
}
