namespace TinyNet.Bench;

/// <summary>A library that does the work of TinyNet's workloads.</summary>
internal interface IPeerLibrary
{
    /// <summary>
    /// The names of what it can do. One that is <c>NAME#VARIANT</c> does the same as <c>NAME</c>, which is what a user would write, in a
    /// way that may be faster.
    /// </summary>
    IEnumerable<string> Workloads { get; }

    /// <summary>Loads the native library, and says how many threads it is to use.</summary>
    /// <exception cref="PeerFailure">It does not load here; the message says what it needs.</exception>
    void Load(int threads);

    /// <summary>Makes model and data, and returns what is to be timed.</summary>
    Action Prepare(string workload);

    /// <summary>Finds out whether the work is right.</summary>
    PeerFinding Check(string workload);
}

/// <summary>What a check of a workload has found.</summary>
internal readonly record struct PeerFinding(bool IsRight, string Text);

/// <summary>What a peer cannot do, in a line or two.</summary>
internal sealed class PeerFailure(string message) : Exception(message);
