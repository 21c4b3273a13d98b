using System.Runtime.InteropServices;

namespace TinyNet.Core;

/// <summary>
/// How long a cache line takes from the core of the caller to that of a worker: about 50 ns where they share a cache, several times as long
/// on cores of different chips of a package. Systems move threads, and hypervisors the cores themselves, so it is measured again and again.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 384)]
internal sealed class CoreDistance
{
    // There and back. The shortest of some is taken: the worker may be busy, or away.
    private const int Rounds = 4;
    private const double FarNanoseconds = 300;

    private const int DefaultPatience = 100;

    [FieldOffset(128)] private long _asked;
    [FieldOffset(256)] private long _answered;
    [FieldOffset(320)] private bool _isFar;
    [FieldOffset(324)] private readonly int _patience;
    [FieldOffset(328)] private readonly TimeProvider _clock;

    /// <summary>Measures by a clock.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="patience">After how many pauses without an answer the worker is not spinning.</param>
    public CoreDistance(TimeProvider clock, int patience = DefaultPatience) => (_clock, _patience) = (clock, patience);

    /// <summary>Whether the cores share no cache, as measured last; before that they are taken to share one.</summary>
    public bool IsFar => _isFar;

    /// <summary>Answers the caller, by the worker while it waits for work.</summary>
    public void Answer()
    {
        long asked = Volatile.Read(ref _asked);
        if (asked != _answered)
        {
            Volatile.Write(ref _answered, asked);
        }
    }

    /// <summary>
    /// Measures the distance, by the caller while no work is shared; leaves it as it was, and returns false, where the worker does not
    /// answer.
    /// </summary>
    public bool Measure()
    {
        long shortest = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = _clock.GetTimestamp(), asked = _asked + 1;
            Volatile.Write(ref _asked, asked);
            for (int pauses = 0; Volatile.Read(ref _answered) != asked; pauses++)
            {
                if (pauses == _patience)
                {
                    return false;
                }

                Thread.SpinWait(1);
            }

            shortest = Math.Min(shortest, _clock.GetTimestamp() - start);
        }

        _isFar = shortest * (1e9 / _clock.TimestampFrequency) > FarNanoseconds;
        return true;
    }
}
