using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A layer with the shapes of its inputs, to be run on the processor and, in double precision, on the reference device.</summary>
/// <param name="Make">Makes the layer.</param>
/// <param name="Inputs">The shapes of the inputs that have gradients.</param>
/// <param name="Run">What is done with the layer and its inputs.</param>
/// <param name="Note">What the layer and the shapes do not tell.</param>
internal sealed record LayerCase(Func<Module> Make, Shape[] Inputs, Func<Module, Tensor[], Tensor> Run, string Note = "")
{
    /// <summary>A layer of one tensor.</summary>
    public static LayerCase Of(Func<Module<Tensor, Tensor>> make, Shape x) => new(make, [x], (layer, inputs) => Forward(layer, inputs[0]));

    /// <summary>A layer of images [N, C, H, W] that lie channels last in memory, or as they are.</summary>
    public static LayerCase OfImages(Func<Module<Tensor, Tensor>> make, Shape x, bool isChannelsLast) => isChannelsLast
        ? new(make, [[x[0], x[2], x[3], x[1]]], (layer, inputs) => Forward(layer, inputs[0].Permute(0, 3, 1, 2)), "channels last")
        : Of(make, x);

    public static Tensor Forward(Module layer, Tensor x) => ((Module<Tensor, Tensor>)layer).Forward(x);

    public override string ToString() => $"{Make().Describe()} of {string.Join(" and ", Inputs)} {Note}";

    /// <summary>
    /// Fails unless result, gradients and buffers are those of the reference device. Bounds are relative to the largest number of each.
    /// </summary>
    public void AssertAgrees(CpuDevice device, double tolerance)
    {
        foreach (var ((name, expected), (_, actual)) in Evaluate(Device.Reference).Zip(Evaluate(device)))
        {
            Assert.Equal(expected.Length, actual.Length);
            double bound = tolerance * (1 + expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
            for (int i = 0; i < expected.Length; i++)
            {
                bool agrees = expected[i].Equals(actual[i]) || Math.Abs((double)expected[i] - actual[i]) <= bound;
                Assert.True(agrees, $"{name}, element {i}: {actual[i]:R}, should be {expected[i]:R}");
            }
        }
    }

    /// <summary>
    /// The result, and the gradients of inputs and parameters for a random cotangent, all from the same random numbers on every device.
    /// </summary>
    private IEnumerable<(string Name, float[] Values)> Evaluate(Device device)
    {
        var random = new RandomStream(1);
        var layer = Make();
        layer.To(device);
        foreach (var parameter in layer.Parameters())
        {
            device.FillUniform(parameter, random.Reserve(parameter.Length), -1, 1);
        }

        Parameter[] inputs = [.. Inputs.Select(shape => new Parameter(Tensor.Uniform(shape, random, -1, 1, device)))];
        using var tape = Tape.Record();
        var y = Run(layer, inputs);
        tape.Backward(y, Tensor.Uniform(y.Shape, random, -1, 1, device));
        return
        [
            ("result", y.ToArray()),
            .. inputs.Select((input, i) => ($"gradient of input {i}", input.Gradient?.ToArray() ?? [])),
            .. layer.NamedParameters().Select(named => ($"gradient of {named.Name}", named.Parameter.Gradient?.ToArray() ?? [])),
            .. layer.NamedBuffers().Select(named => (named.Name, named.Buffer.ToArray())),
        ];
    }
}
