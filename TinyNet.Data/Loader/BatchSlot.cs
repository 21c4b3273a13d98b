using System.Runtime.ExceptionServices;

namespace TinyNet.Data;

/// <summary>
/// One place in the ring of a <see cref="DataLoader{TBatch}"/>: memory for a batch, and the work of filling it. Whoever claims
/// that work first does it, a thread of the pool or the consumer who is waiting, so that a busy pool delays nothing.
/// </summary>
internal sealed class BatchSlot<TBatch>(DataLoader<TBatch> loader, int samples) : IThreadPoolWorkItem, IDisposable
{
    private readonly BatchMemory<TBatch> _memory = new(loader.Dataset, samples, loader.Device, loader.Origin);
    private readonly ManualResetEventSlim _isIdle = new(initialState: true);
    private int _isWaiting;
    private int _batch;
    private ExceptionDispatchInfo? _failure;

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
    public TBatch Take()
    {
        if (TryClaim())
        {
            Fill();
        }

        _isIdle.Wait();
        _failure?.Throw();
        _memory.BeginLife();
        return _memory.ToBatch();
    }

    /// <summary>Ends the contents: tensors made from them are refused from now on.</summary>
    public void End() => _memory.EndLife();

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
            loader.Read(_batch, _memory);
        }
        catch (Exception exception)
        {
            // The consumer meets it where it asks for the batch.
            _failure = ExceptionDispatchInfo.Capture(exception);
        }

        _isIdle.Set();
    }
}
