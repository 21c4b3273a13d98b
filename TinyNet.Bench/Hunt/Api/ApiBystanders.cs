using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>
/// Tensors, parameters, a module and an optimizer's state that no call is given: they must keep their bits, whatever is called.
/// </summary>
internal sealed class ApiBystanders
{
    private readonly Sequential _model = new(new Dense(4, 3, random: new RandomStream(1)), new BatchNorm1d(3), new GELU());
    private readonly Tensor _onReference = Tensor.Normal([7], new RandomStream(3), device: Device.Reference);
    private readonly Adam _optimizer;
    private readonly string _bits;

    public ApiBystanders()
    {
        _optimizer = new Adam(_model.Parameters());
        using (Tape.Record())
        {
            _model.Forward(Tensor).Sum().Backward();
            _optimizer.Step();
        }

        _bits = Hash();
    }

    /// <summary>One of them.</summary>
    public Tensor Tensor { get; } = Tensor.Normal([5, 4], new RandomStream(2));

    /// <summary>Whether something has changed them.</summary>
    public bool AreChanged => Hash() != _bits;

    private string Hash()
    {
        using var hash = new BitHash();
        hash.Add(Tensor);
        hash.Add(_onReference);
        foreach (var parameter in _model.Parameters())
        {
            hash.Add(parameter);
            hash.Add(parameter.Gradient!);
        }

        foreach (var (_, buffer) in _model.NamedBuffers())
        {
            hash.Add(buffer);
        }

        foreach (var (_, state) in _optimizer.SaveState().Parameters)
        {
            hash.Add($"{state.Steps}");
            foreach (var (_, tensor) in state.Tensors)
            {
                hash.Add(tensor);
            }
        }

        return hash.Take();
    }
}
