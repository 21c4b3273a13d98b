using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Examples;

/// <summary>Sequences of symbols drawn at random; the target of each place is the symbol at the opposite place.</summary>
internal sealed class ReversedSymbols : Dataset<WindowBatch>
{
    private readonly IndexField _symbols, _targets;
    private readonly int[] _all;
    private readonly int _length;

    public ReversedSymbols(int count, int length, int symbols, ulong seed) : base("reversed symbols", count)
    {
        (_symbols, _targets) = (Indices("symbols", length), Indices("targets", length));
        (_all, _length) = (new int[count * length], length);
        var random = new RandomStream(seed);
        foreach (ref int symbol in _all.AsSpan())
        {
            symbol = random.Next(symbols);
        }
    }

    public override WindowBatch ToBatch(BatchTensors tensors) => new(tensors[_symbols], tensors[_targets]);

    protected override void ReadCore(Sample sample)
    {
        var sequence = _all.AsSpan(sample.Index * _length, _length);
        sequence.CopyTo(sample[_symbols]);
        sequence.CopyTo(sample[_targets]);
        sample[_targets].Reverse();
    }
}
