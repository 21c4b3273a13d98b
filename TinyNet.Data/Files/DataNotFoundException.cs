namespace TinyNet.Data;

/// <summary>
/// The files of a dataset are not there. The message says which files are wanted, where they were looked for, and who has them.
/// </summary>
/// <param name="message">All of that.</param>
public sealed class DataNotFoundException(string message) : IOException(message);
