namespace TinyNet.Core;

/// <summary>
/// There is not so much memory as something needs, on a device or on the host, even after all that was kept free has gone.
/// </summary>
public sealed class MemoryExhaustedException : TensorException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="operation">The operation that needs memory.</param>
    /// <param name="what">What for.</param>
    /// <param name="bytesWanted">How many bytes it asked for.</param>
    /// <param name="bytesHeld">How many bytes are in use on the device; null where it does not count them.</param>
    public MemoryExhaustedException(string operation, string what, long bytesWanted, long? bytesHeld = null)
        : base(
            operation,
            $"no memory is left for {what}, {bytesWanted} bytes" + (bytesHeld is null ? "" : $", beside {bytesHeld} bytes in use"),
            "make the data or the batch smaller, or let go of tensors that are not needed any more") =>
        (BytesWanted, BytesHeld) = (bytesWanted, bytesHeld);

    /// <summary>How many bytes were asked for.</summary>
    public long BytesWanted { get; }

    /// <summary>How many bytes were in use on the device; null where it does not count them, as the processor.</summary>
    public long? BytesHeld { get; }
}
