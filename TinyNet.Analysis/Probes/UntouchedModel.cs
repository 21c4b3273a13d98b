using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>
/// Runs a model without a trace: an open scope is set aside, and modes, buffers, random streams and, where a probe walks backwards, the
/// gradients of parameters are as before when this is disposed.
/// </summary>
internal sealed class UntouchedModel : IDisposable
{
    private readonly Tape.Suspension _suspension = Tape.Suspend();
    private readonly EvaluationMode? _mode;
    private readonly List<(Parameter Parameter, Parameter.Contents Contents)> _parameters = [];
    private readonly List<(Tensor Buffer, Storage Contents)> _buffers = [];
    private readonly List<(RandomStream Stream, ulong Position)> _streams = [];

    /// <summary>Sets everything aside.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isEvaluated">Whether it runs in evaluation mode, else in the modes that it is in.</param>
    /// <param name="hasBackward">Whether there is a backward pass, which puts gradients into parameters.</param>
    public UntouchedModel(Module model, bool isEvaluated, bool hasBackward)
    {
        ProbeScope.Enter();
        _mode = isEvaluated ? new EvaluationMode(model) : null;
        foreach (var (_, buffer) in model.NamedBuffers())
        {
            _buffers.Add((buffer, buffer.Storage));
            buffer.Rebind(buffer.Keep().Storage);
        }

        foreach (var stream in model.NamedModules().Select(named => named.Module.Random).OfType<RandomStream>().Distinct())
        {
            _streams.Add((stream, stream.Position));
        }

        foreach (var parameter in hasBackward ? model.Parameters() : [])
        {
            _parameters.Add((parameter, parameter.Exchange(parameter.Device)));
        }
    }

    /// <summary>Puts everything back.</summary>
    public void Dispose()
    {
        _parameters.ForEach(one => one.Parameter.Restore(one.Contents));
        _streams.ForEach(one => one.Stream.Position = one.Position);
        _buffers.ForEach(one => one.Buffer.Rebind(one.Contents));
        _mode?.Dispose();
        _suspension.Dispose();
        ProbeScope.Leave();
    }
}
