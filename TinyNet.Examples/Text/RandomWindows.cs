using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Examples;

/// <summary>So many windows of one long sequence from random places, others in each epoch; targets are one place further on.</summary>
internal sealed class RandomWindows : Dataset<WindowBatch>
{
    private readonly int[] _tokens;
    private readonly int _length;
    private readonly ulong _seed;
    private readonly IndexField _inputs, _targets;

    public RandomWindows(string name, int[] tokens, int length, int count, ulong seed) : base(name, count)
    {
        (_tokens, _length, _seed) = (tokens, length, seed);
        (_inputs, _targets) = (Indices("tokens", length), Indices("targets", length));
    }

    public override WindowBatch ToBatch(BatchTensors tensors) => new(tensors[_inputs], tensors[_targets]);

    protected override void ReadCore(Sample sample)
    {
        // Each sample of each epoch has a place of its own in the stream: the same for any number of threads.
        var random = new RandomStream(_seed) { Position = (ulong)sample.Epoch * (ulong)Count + (ulong)sample.Index };
        int first = random.Next(_tokens.Length - _length);
        _tokens.AsSpan(first, _length).CopyTo(sample[_inputs]);
        _tokens.AsSpan(first + 1, _length).CopyTo(sample[_targets]);
    }
}
