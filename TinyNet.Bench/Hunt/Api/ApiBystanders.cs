using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>
/// Tensors, parameters, a module and an optimizer's state that no call is given: they must keep their bits, whatever is called. They are
/// few and small, so that every call can be followed by a look at them.
/// </summary>
internal sealed class ApiBystanders
{
    private readonly Sequential _model = new(new Dense(4, 3, random: new RandomStream(1)), new BatchNorm1d(3), new GELU());
    private readonly Tensor _onReference = Tensor.Normal([7], new RandomStream(3), device: Device.Reference);
    private readonly Adam _optimizer;
    private readonly float[][] _values;
    private readonly int[] _indices;

    public ApiBystanders()
    {
        _optimizer = new Adam(_model.Parameters());
        using (Tape.Record())
        {
            _model.Forward(Tensor).Sum().Backward();
            _optimizer.Step();
        }

        _values = [.. Tensors().Select(tensor => tensor.ToArray())];
        _indices = Indices.ToArray();
    }

    /// <summary>One of them.</summary>
    public Tensor Tensor { get; } = Tensor.Normal([5, 4], new RandomStream(2));

    /// <summary>Indices.</summary>
    public IndexTensor Indices { get; } = IndexTensor.From(3, 1, 2);

    /// <summary>Whether something has changed them.</summary>
    public bool AreChanged()
    {
        int count = 0;
        foreach (var tensor in Tensors())
        {
            if (count == _values.Length || !ApiOperand.HaveSameBits(_values[count++], tensor.ToArray()))
            {
                return true;
            }
        }

        return count != _values.Length || !Indices.Values.SequenceEqual(_indices);
    }

    private IEnumerable<Tensor> Tensors()
    {
        yield return Tensor;
        yield return _onReference;
        foreach (var parameter in _model.Parameters())
        {
            yield return parameter;
            yield return parameter.Gradient!;
        }

        foreach (var (_, buffer) in _model.NamedBuffers())
        {
            yield return buffer;
        }

        foreach (var (_, state) in _optimizer.SaveState().Parameters)
        {
            yield return Tensor.FromScalar(state.Steps);
            foreach (var (_, tensor) in state.Tensors)
            {
                yield return tensor;
            }
        }
    }
}
