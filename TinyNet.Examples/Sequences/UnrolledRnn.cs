using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>
/// A recurrent network unrolled by hand, whose activation fades: h = tanh(..) e^(−decay t), with the time t that a function gives for each
/// step. [N, steps, features] becomes the states [N, steps, units].
/// </summary>
internal sealed class UnrolledRnn : Module<Tensor, Tensor>
{
    private readonly DecayTanh _activation;
    private readonly RNNCell _cell;
    private readonly Func<int, float> _timeOfStep;

    public UnrolledRnn(int features, int units, float decay, Func<int, float> timeOfStep)
    {
        (_activation, _timeOfStep) = (new DecayTanh(decay), timeOfStep);
        _cell = Child("cell", new RNNCell(features, units, activation: _activation));
    }

    protected override Tensor ForwardCore(Tensor input)
    {
        var states = new Tensor[input.Shape[1]];
        for (int step = 0; step < states.Length; step++)
        {
            _activation.Time = _timeOfStep(step);
            states[step] = _cell.Forward(input.Select(1, step), step == 0 ? null : new RecurrentState(states[step - 1]));
        }

        return Tensor.Stack(1, states);
    }
}
