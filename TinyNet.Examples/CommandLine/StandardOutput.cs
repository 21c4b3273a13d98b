using Microsoft.Win32.SafeHandles;

namespace TinyNet.Examples;

/// <summary>The standard output of the process.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    // EPIPE, which Linux and macOS number alike; .NET gives the number of an error that it has no other for.
    private const int BrokenPipe = 32;

    /// <summary>
    /// Opens it so that a pipe whose reader has gone is an <see cref="IOException"/>: the console takes what is written there and drops it,
    /// and a training would go on for nobody.
    /// </summary>
    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.Out;
        }

        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

        // In a file the console goes on where others wrote; a stream would write over that.
        return stream.CanSeek ? Console.Out : TextWriter.Synchronized(new StreamWriter(stream) { AutoFlush = true });
    }

    /// <summary>Whether what failed is that nobody reads any more what is written.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;
}
