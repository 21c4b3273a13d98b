namespace TinyNet.Core;

/// <summary>Work that falls into independent units, which <see cref="WorkSplitter"/> shares out among threads.</summary>
internal interface IJob
{
    /// <summary>Does one unit. Units run in any order, on any thread, several at a time.</summary>
    void Run(int unit);
}
