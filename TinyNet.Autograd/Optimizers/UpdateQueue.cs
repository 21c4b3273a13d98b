using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Updates that wait to be run together. The memory is used again in every step.</summary>
internal abstract class UpdateQueue
{
    /// <summary>Where all of them run.</summary>
    public Device Device { get; set; } = Device.Default;

    /// <summary>Runs what waits, and forgets it.</summary>
    public abstract void Run();
}

/// <summary>Updates of one kind.</summary>
internal sealed class UpdateQueue<TUpdate> : UpdateQueue where TUpdate : struct, IParameterUpdate
{
    private ParameterStep<TUpdate>[] _steps = new ParameterStep<TUpdate>[8];
    private int _count;

    public void Add(in ParameterStep<TUpdate> step)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, 2 * _count);
        }

        _steps[_count++] = step;
    }

    public override void Run()
    {
        var steps = _steps.AsSpan(0, _count);
        try
        {
            Device.Update<TUpdate>(steps);
        }
        finally
        {
            // Where the device has thrown in the middle, nobody knows which parameters it had changed.
            foreach (ref readonly var step in steps)
            {
                step.Parameter.Storage.MarkWritten();
            }

            steps.Clear();
            _count = 0;
        }
    }
}
