using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TinyNet.Tests.Data;

/// <summary>A request as it came: the path, and what it asks for.</summary>
internal sealed record Request(string Path, int From, string? IfRange);

/// <summary>An answer: what it says, and how many bytes of it really go out before the connection is closed.</summary>
internal sealed record Answer(string Status, byte[] Body, string Headers = "", int? Sent = null, bool HasLength = true)
{
    /// <summary>The whole, or the rest that was asked for.</summary>
    public static Answer Of(byte[] file, Request request, string tag = "\"1\"", int? sent = null) => request.From > 0
        ? new Answer("206 Partial Content", file[request.From..],
            $"ETag: {tag}\r\nContent-Range: bytes {request.From}-{file.Length - 1}/{file.Length}\r\n", sent)
        : new Answer("200 OK", file, $"ETag: {tag}\r\n", sent);
}

/// <summary>A server on this machine, which answers each request in turn by the next of its answers, and again by the last.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, Answer>[] _answers;
    private readonly CancellationTokenSource _end = new();

    public LocalServer(params Func<Request, Answer>[] answers)
    {
        _answers = answers;
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>What was asked for so far.</summary>
    public List<Request> Requests { get; } = [];

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/file.bin");

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var stream = client.GetStream();
                var request = await ReadAsync(stream);
                Requests.Add(request);
                var answer = _answers[Math.Min(Requests.Count, _answers.Length) - 1](request);
                string length = answer.HasLength ? $"Content-Length: {answer.Body.Length}\r\n" : "";
                string head = $"HTTP/1.1 {answer.Status}\r\n{length}Connection: close\r\n{answer.Headers}\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
                await stream.WriteAsync(answer.Body.AsMemory(0, Math.Abs(answer.Sent ?? answer.Body.Length)));
                if (answer.Sent < 0)
                {
                    // It stays open, and says nothing more.
                    await Task.Delay(Timeout.Infinite, _end.Token);
                }
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The end of the test, or of the client.
        }
    }

    private static async Task<Request> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync() ?? "").Split(' ')[1];
        int from = 0;
        string? ifRange = null;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            const string range = "Range: bytes=", condition = "If-Range: ";
            from = line.StartsWith(range) ? int.Parse(line[range.Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : from;
            ifRange = line.StartsWith(condition) ? line[condition.Length..] : ifRange;
        }

        return new Request(path, from, ifRange);
    }
}
