using System.Runtime.ExceptionServices;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// One place in the ring of a <see cref="DataLoader"/>: memory for a batch, and the work of filling it. Whoever claims
/// that work first does it, a thread of the pool or the consumer who is waiting, so that a busy pool delays nothing.
/// </summary>
internal sealed unsafe class BatchSlot : IThreadPoolWorkItem, IDisposable
{
    private readonly DataLoader _loader;
    private readonly Storage _features;
    private readonly IndexStorage _labels;
    private readonly float[] _staging;
    private readonly ManualResetEventSlim _isIdle = new(initialState: true);
    private int _isWaiting;
    private int _batch;
    private ExceptionDispatchInfo? _failure;

    public BatchSlot(DataLoader loader, int samples)
    {
        _loader = loader;
        Shape shape = [samples, loader.Dataset.SampleLength];
        _features = Allocation.Collected(loader.Device.Pool, shape, loader.Origin);
        _labels = new IndexStorage(samples);
        _staging = _features is CpuStorage ? [] : Allocation.OnHost<float>(shape, loader.Origin);
    }

    /// <summary>Where samples are written: the processor's tensors in place, others by way of a buffer.</summary>
    private Span<float> Host => _features is CpuStorage cpu ? new Span<float>(cpu.Pointer, cpu.Capacity) : _staging;

    /// <summary>Orders a batch.</summary>
    public void Order(int batch, bool inBackground)
    {
        _batch = batch;
        _failure = null;
        _isIdle.Reset();
        Volatile.Write(ref _isWaiting, 1);
        if (inBackground)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The batch that was ordered, once it is there; called by the consumer.</summary>
    public Batch Take(in Shape shape)
    {
        if (TryClaim())
        {
            Fill();
        }

        _isIdle.Wait();
        _failure?.Throw();
        _features.Begin(Lifetime.Batch, null);
        _labels.Begin(Lifetime.Batch, null);
        var features = Tensor.Over(_features, shape, _loader.Origin);
        if (_features is not CpuStorage)
        {
            _loader.Device.Upload(_staging.AsSpan(0, features.Length), features);
        }

        return new Batch(features, IndexTensor.Over(_labels, [shape[0]], _loader.Origin));
    }

    /// <summary>Ends the contents: tensors made from them are refused from now on.</summary>
    public void End()
    {
        _features.End();
        _labels.End();
    }

    /// <summary>Takes an order back, or waits until the work on it has ended.</summary>
    public void Cancel()
    {
        if (TryClaim())
        {
            _isIdle.Set();
        }

        _isIdle.Wait();
    }

    public void Dispose() => _isIdle.Dispose();

    // The order may be another one than this entry of the queue was made for, or gone: claiming tells.
    void IThreadPoolWorkItem.Execute()
    {
        if (TryClaim())
        {
            Fill();
        }
    }

    private bool TryClaim() => Interlocked.Exchange(ref _isWaiting, 0) == 1;

    private void Fill()
    {
        try
        {
            _loader.Read(_batch, Host, _labels.Values);
        }
        catch (Exception exception)
        {
            // The consumer meets it where it asks for the batch.
            _failure = ExceptionDispatchInfo.Capture(exception);
        }

        _isIdle.Set();
    }
}
