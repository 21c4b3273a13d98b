using System.Runtime.InteropServices;

namespace TinyNet.Training;

/// <summary>
/// Catches the first Ctrl-C or SIGTERM, so that a training can end after its step; the second does what it would have done without.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public StopSignals() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Note), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Note),
        ];

    /// <summary>Whether one came.</summary>
    public bool HaveCome => Volatile.Read(ref _count) > 0;

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    /// <summary>Takes a signal; one that somebody else has taken too stays so.</summary>
    internal void Note(PosixSignalContext context) => context.Cancel |= Interlocked.Increment(ref _count) == 1;
}
