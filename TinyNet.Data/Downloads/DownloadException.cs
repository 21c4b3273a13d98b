namespace TinyNet.Data;

/// <summary>A file could not be downloaded: nobody answered, the server does not have it, or it is not the publisher's.</summary>
public sealed class DownloadException : IOException
{
    internal DownloadException(Uri address, string problem, string remedy, Exception? innerException = null)
        : base($"{address}: {problem}; {remedy}", innerException) => Address = address;

    /// <summary>The address of the file.</summary>
    public Uri Address { get; }
}
