using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Dense layers with an activation by name after each but the last.</summary>
internal static class ActivationNetwork
{
    /// <summary>A network of the widths of input, hidden layers and output, on the default device.</summary>
    public static Sequential Build(string activation, RandomStream random, params ReadOnlySpan<int> widths)
    {
        var model = new Sequential();
        int inputs = widths[0];
        for (int i = 1; i < widths.Length; i++)
        {
            model.Add(new Dense(inputs, widths[i], random: random));
            if (i < widths.Length - 1)
            {
                var layer = Activation.FromName(activation);
                inputs = OutputWidth(layer, widths[i]);
                model.Add(layer);
            }
        }

        return model;
    }

    /// <summary>Activations with a gate give half of what they get.</summary>
    private static int OutputWidth(Module<Tensor, Tensor> activation, int width)
    {
        using var tape = Tape.NoRecord();
        return activation.Forward(Tensor.Ones([1, width])).Shape[-1];
    }
}
