using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>Adds the predictions of a batch to a metric.</summary>
internal delegate void ClassFold(in ClassPredictions predictions);

/// <summary>The way of predicted classes to a metric, as <see cref="HostReads"/> is that of numbers.</summary>
internal sealed class ClassReads
{
    private readonly ClassFold _fold;
    private readonly int _top;
    private readonly int? _ignoreIndex;
    private readonly HostReads _late;

    /// <summary>Makes it for a metric.</summary>
    /// <param name="fold">Adds the predictions of a batch.</param>
    /// <param name="ignoreIndex">A label that does not count; null for none.</param>
    /// <param name="top">How many classes a prediction has.</param>
    public ClassReads(ClassFold fold, int? ignoreIndex, int top = 1)
    {
        (_fold, _ignoreIndex, _top) = (fold, ignoreIndex, top);
        _late = new HostReads((classes, _, in batch) => _fold(new ClassPredictions(classes, batch.Labels!, ignoreIndex)));
    }

    /// <summary>Adds a batch that <see cref="ClassPredictions.Check"/> has let pass, now or later.</summary>
    public void Add(Tensor output, IndexTensor labels)
    {
        // Several classes are found by sorting, which the host does.
        if (output.Device.IsAsynchronous && _top == 1 && labels.Length > 0)
        {
            _late.Add(new HostBatch(ClassPredictions.OnDevice(output), Labels: labels));
        }
        else
        {
            Read();
            _fold(new ClassPredictions(output, labels, _top, _ignoreIndex));
        }
    }

    /// <inheritdoc cref="HostReads.Read"/>
    public void Read() => _late.Read();

    /// <inheritdoc cref="HostReads.Clear"/>
    public void Clear() => _late.Clear();
}
