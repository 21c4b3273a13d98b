namespace TinyNet.Bench;

/// <summary>A form of an operation that is not there yet.</summary>
internal sealed class NotCoveredException(string what) : Exception($"not there yet: {what}");
