namespace TinyNet.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being downloaded; those of a dataset come one after the other.</param>
/// <param name="Bytes">How many bytes of it are there.</param>
/// <param name="Total">How many it has; null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);
