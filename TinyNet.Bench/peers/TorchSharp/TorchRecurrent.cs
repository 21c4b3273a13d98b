using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TinyNet.Bench;

/// <summary>Which recurrent layer.</summary>
internal enum TorchCell
{
    Rnn,
    Lstm,
    Gru,
}

/// <summary>A recurrent layer, its last state, and a dense layer.</summary>
internal sealed class TorchRecurrent : nn.Module<Tensor, Tensor>
{
    private readonly RNN? _rnn;
    private readonly LSTM? _lstm;
    private readonly GRU? _gru;
    private readonly Linear _head;
    private readonly bool _fromState;

    /// <param name="cell">Which layer.</param>
    /// <param name="inputs">The width of a step.</param>
    /// <param name="hidden">The width of the state.</param>
    /// <param name="fromState">Whether the last state is the one that the layer returns beside its output, not the output's last.</param>
    public TorchRecurrent(TorchCell cell, long inputs, long hidden, bool fromState)
        : base(nameof(TorchRecurrent))
    {
        _fromState = fromState;
        _rnn = cell == TorchCell.Rnn ? nn.RNN(inputs, hidden, batchFirst: true) : null;
        _lstm = cell == TorchCell.Lstm ? nn.LSTM(inputs, hidden, batchFirst: true) : null;
        _gru = cell == TorchCell.Gru ? nn.GRU(inputs, hidden, batchFirst: true) : null;
        _head = nn.Linear(hidden, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor output, state;
        Tensor? memory = null;
        if (_lstm is not null)
        {
            (output, state, memory) = _lstm.call(input);
        }
        else
        {
            (output, state) = _rnn?.call(input) ?? _gru!.call(input);
        }

        using var last = _fromState ? state.select(0, 0) : output.select(1, -1);
        output.Dispose();
        state.Dispose();
        memory?.Dispose();
        return _head.call(last);
    }
}
