using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace TinyNet.Data;

/// <summary>
/// Downloads files: each into a file beside its target, which takes its place when it is whole and has the checksum of the publisher. What
/// breaks off goes on where it was, in the same download or in a later one. Proxies are those of the system, as
/// <see cref="HttpClient"/> finds them.
/// </summary>
/// <param name="patience">How long to wait for an answer, and for each of its pieces.</param>
/// <param name="pause">How long to wait before the second attempt; before each further one twice as long.</param>
internal sealed class Downloader(TimeSpan patience, TimeSpan pause) : IDisposable
{
    /// <summary>How many attempts in a row may bring nothing.</summary>
    public const int MostFailures = 4;

    private const int PieceBytes = 1 << 16;
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Downloads the files of a dataset that are not there yet, and returns their folder.</summary>
    /// <param name="places">Where the dataset may lie.</param>
    /// <param name="files">Its files.</param>
    /// <param name="folder">The folder of the dataset or the one above it; null for the environment variable.</param>
    /// <param name="progress">What is told how far it is; null for nothing.</param>
    /// <param name="cancellation">Ends it; what has come is kept for a later download.</param>
    public static async Task<string> RunAsync(
        DataPlaces places, RemoteFile[] files, string? folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string own = places.Own(folder);
        using var downloader = new Downloader(patience: TimeSpan.FromSeconds(60), pause: TimeSpan.FromSeconds(1));
        foreach (var file in files)
        {
            await downloader.FetchAsync(file, own, progress, cancellation).ConfigureAwait(false);
        }

        return own;
    }

    /// <summary>Downloads a file into a folder, if it is not there yet.</summary>
    /// <exception cref="DownloadException">It did not come, or is not the publisher's.</exception>
    /// <exception cref="IOException">It cannot be written, or another download of it is under way.</exception>
    /// <exception cref="OperationCanceledException">The download was canceled.</exception>
    public async Task FetchAsync(
        RemoteFile file, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        string target = Path.Combine(folder, file.Name);
        if (File.Exists(target) && PartialFile.Md5Of(target) == file.Md5)
        {
            long length = new FileInfo(target).Length;
            progress?.Report(new DownloadProgress(file.Name, length, length));
            return;
        }

        using var part = PartialFile.Open(target);
        if (part.Md5 != file.Md5)
        {
            bool isOfPieces = await ReceiveAsync(file, part, progress, cancellation).ConfigureAwait(false);
            if (isOfPieces && part.Md5 != file.Md5)
            {
                // They may be of two versions.
                part.Clear();
                await ReceiveAsync(file, part, progress, cancellation).ConfigureAwait(false);
            }
        }

        if (part.Md5 is var md5 && md5 != file.Md5)
        {
            part.Delete();
            throw new DownloadException(file.Address, $"it should have the MD5 checksum {file.Md5}, but what came has {md5}",
                "nothing of it is kept");
        }

        part.Finish();
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Receives what is missing, in several attempts; returns whether it was put together of pieces.</summary>
    private async Task<bool> ReceiveAsync(
        RemoteFile file, PartialFile part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        bool isOfPieces = false;
        EntityTagHeaderValue? version = null;
        for (int failures = 0; ;)
        {
            long before = part.Length;
            using var request = Request(file.Address, before, version);
            var (response, failure) = await TryAsync(
                file, token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellation)
                .ConfigureAwait(false);
            if (response is not null)
            {
                using (response)
                {
                    isOfPieces |= IsRest(response, before);
                    version = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
                    failure = await ReadAsync(file, response, part, progress, cancellation).ConfigureAwait(false);
                }
            }

            if (failure is null)
            {
                return isOfPieces;
            }

            failures = part.Length > before ? 1 : failures + 1;
            if (failures == MostFailures)
            {
                throw new DownloadException(file.Address, $"{failure}, at the {failures}th attempt",
                    part.Length > 0 ? "the next download goes on where this one was" : "try again later, or get it by hand");
            }

            await Task.Delay(pause * (1 << (failures - 1)), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Puts an answer into the file, and returns why it is not the whole; null where it is.</summary>
    private async Task<string?> ReadAsync(
        RemoteFile file, HttpResponseMessage response, PartialFile part, IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        bool isRest = IsRest(response, part.Length);
        if (!isRest && response.StatusCode
            is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // What came before does not go on here.
            part.Clear();
        }

        if (!isRest && response.StatusCode != HttpStatusCode.OK)
        {
            string answer = string.Create(
                CultureInfo.InvariantCulture, $"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})");
            return IsPassing(response.StatusCode) ? answer
                : throw new DownloadException(file.Address, answer, "get the file by hand, or ask its publisher");
        }

        long? total = part.Length + response.Content.Headers.ContentLength;
        EnsureFits(file, part, total ?? 0);
        var (body, failure) = await TryAsync(file, response.Content.ReadAsStreamAsync, cancellation).ConfigureAwait(false);
        for (byte[] piece = new byte[PieceBytes]; body is not null && failure is null;)
        {
            (int count, failure) = await TryAsync(file, token => body.ReadAsync(piece, token).AsTask(), cancellation).ConfigureAwait(false);
            if (failure is null && count == 0)
            {
                return null;
            }

            EnsureFits(file, part, part.Length + count);
            part.Write(piece.AsSpan(0, count));
            progress?.Report(new DownloadProgress(file.Name, part.Length, total));
        }

        return failure;
    }

    /// <summary>Does something with the network. What may be otherwise the next time comes back in words.</summary>
    private async Task<(T? Result, string? Failure)> TryAsync<T>(
        RemoteFile file, Func<CancellationToken, Task<T>> action, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(patience);
        try
        {
            return (await action(timer.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (default, string.Create(CultureInfo.InvariantCulture, $"the server sent nothing for {patience.TotalSeconds} s"));
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw new DownloadException(file.Address, exception.Message, "see to the network, or get the file by hand", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (default, exception.Message);
        }
    }

    private static HttpRequestMessage Request(Uri address, long from, EntityTagHeaderValue? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("TinyNet", null));
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = version is null ? null : new RangeConditionHeaderValue(version);
        }

        return request;
    }

    /// <summary>Whether an answer goes on where the file ends.</summary>
    private static bool IsRest(HttpResponseMessage response, long from) =>
        from > 0 && response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == from;

    /// <summary>Whether the server may answer otherwise the next time; or to another question, without a range.</summary>
    private static bool IsPassing(HttpStatusCode status) => (int)status >= 500
        || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestedRangeNotSatisfiable
            or HttpStatusCode.PartialContent;

    private static void EnsureFits(RemoteFile file, PartialFile part, long length)
    {
        if (length > file.MostBytes)
        {
            part.Delete();
            throw new DownloadException(file.Address, $"it should have at most {file.MostBytes} bytes, but {length} or more came",
                "nothing of it is kept");
        }
    }
}
