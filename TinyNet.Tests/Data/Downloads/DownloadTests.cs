using System.Security.Cryptography;
using TinyNet.Bench;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Downloads from a server on this machine.</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Whole = Bytes(1), Other = Bytes(2);
    private readonly TemporaryFolder _folder = new();
    private readonly Reports _reports = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Target => _folder.At("data/file.bin");

    private string Part => Target + ".tinynet-part";

    [Fact]
    public async Task A_file_comes_whole_with_its_progress()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal(["file.bin"], Directory.GetFiles(_folder.At("data")).Select(Path.GetFileName));
        Assert.Equal(new DownloadProgress("file.bin", Whole.Length, Whole.Length), _reports[^1]);
        Assert.Equal(_reports.Order(), _reports);
        Assert.True(_reports.Count > 3);
    }

    [Fact]
    public async Task What_is_there_already_is_not_asked_for()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin", Whole));
        await Fetch(server);

        Assert.Empty(server.Requests);
        Assert.Equal([new DownloadProgress("file.bin", Whole.Length, Whole.Length)], _reports);
    }

    [Fact]
    public async Task A_damaged_file_is_replaced()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin", Other));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_taken_up_where_it_was()
    {
        using var server = new LocalServer(
            request => Answer.Of(Whole, request, sent: 100_000),
            request => Answer.Of(Whole, request, sent: 50_000),
            request => Answer.Of(Whole, request));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([0, 100_000, 150_000], server.Requests.Select(request => request.From));
        Assert.Equal([null, "\"1\"", "\"1\""], server.Requests.Select(request => request.IfRange));
    }

    /// <summary>A server that cuts every answer short, but gives something each time, is asked until all is there.</summary>
    [Fact]
    public async Task As_long_as_something_comes_it_goes_on()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request, sent: Math.Min(30_000, Whole.Length - request.From)));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal((Whole.Length + 29_999) / 30_000, server.Requests.Count);
    }

    [Fact]
    public async Task What_an_earlier_download_left_is_used()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin.tinynet-part", Whole[..70_000]));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([70_000], server.Requests.Select(request => request.From));
        Assert.False(File.Exists(Part));
    }

    /// <summary>All of it, but the process was killed before the renaming.</summary>
    [Fact]
    public async Task What_an_earlier_download_left_whole_is_not_asked_for()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin.tinynet-part", Whole));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task What_an_earlier_download_left_of_another_version_is_thrown_away()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin.tinynet-part", Other[..70_000]));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([70_000, 0], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task What_an_earlier_download_left_too_long_is_thrown_away()
    {
        using var server = new LocalServer(
            request => request.From >= Whole.Length ? new Answer("416 Range Not Satisfiable", []) : Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin.tinynet-part", [.. Other, 1, 2, 3]));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_all_again()
    {
        using var server = new LocalServer(
            _ => new Answer("200 OK", Whole, Sent: 100_000), _ => new Answer("200 OK", Whole));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([0, 100_000], server.Requests.Select(request => request.From));
    }

    /// <summary>The server says by the whole file, or does not say, that it has another one now.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changed_meanwhile_is_begun_anew(bool isHonest)
    {
        using var server = new LocalServer(
            request => Answer.Of(Other, request, tag: isHonest ? "\"2\"" : "W/\"2\"", sent: 100_000),
            request => request.IfRange == "\"2\"" ? new Answer("200 OK", Whole) : Answer.Of(Whole, request),
            request => Answer.Of(Whole, request));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal(isHonest ? [0, 100_000] : [0, 100_000, 0], server.Requests.Select(request => request.From));
    }

    /// <summary>A part that is not the one that was asked for is none.</summary>
    [Fact]
    public async Task Another_part_than_that_which_was_asked_for_is_not_taken()
    {
        using var server = new LocalServer(
            request => Answer.Of(Whole, request, sent: 100_000),
            request => Answer.Of(Whole, request with { From = 5 }),
            request => Answer.Of(Whole, request));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([0, 100_000, 0], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_and_nothing_is_kept()
    {
        using var server = new LocalServer(request => Answer.Of(Other, request));
        var refusal = await Assert.ThrowsAsync<DownloadException>(() => Fetch(server));

        Assert.Equal(server.Address, refusal.Address);
        Assert.Equal(
            $"{server.Address}: it should have the MD5 checksum {Md5(Whole)}, but what came has {Md5(Other)}; nothing of it is kept",
            refusal.Message);
        Assert.Empty(Directory.GetFiles(_folder.At("data")));
    }

    [Fact]
    public async Task A_wrong_checksum_leaves_what_was_there()
    {
        byte[] before = Bytes(3);
        using var server = new LocalServer(request => Answer.Of(Other, request));
        _folder.Write(new CaseFile("data/file.bin", before));
        await Assert.ThrowsAsync<DownloadException>(() => Fetch(server));

        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.False(File.Exists(Part));
    }

    /// <summary>Whether or not the server says before how many bytes there are.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_many_bytes_are_refused(bool hasLength)
    {
        using var server = new LocalServer(_ => new Answer("200 OK", [.. Whole, .. new byte[10_000_000]], HasLength: hasLength));
        var refusal = await Assert.ThrowsAsync<DownloadException>(() => Fetch(server));

        Assert.Contains($"at most {Whole.Length} bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.At("data")));
    }

    [Theory]
    [InlineData("404 Not Found", 1)]
    [InlineData("403 Forbidden", 1)]
    [InlineData("503 Service Unavailable", Downloader.MostFailures)]
    [InlineData("429 Too Many Requests", Downloader.MostFailures)]
    public async Task What_a_server_refuses_is_said(string status, int attempts)
    {
        using var server = new LocalServer(_ => new Answer(status, "sorry"u8.ToArray()));
        var refusal = await Assert.ThrowsAsync<DownloadException>(() => Fetch(server));

        Assert.Contains($"the server answered {status[..3]} ({status[4..]})", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(attempts, server.Requests.Count);
        Assert.Empty(Directory.GetFiles(_folder.At("data")));
    }

    [Fact]
    public async Task A_server_that_is_busy_for_a_while_is_asked_again_and_the_part_is_kept()
    {
        using var server = new LocalServer(
            request => Answer.Of(Whole, request, sent: 100_000), _ => new Answer("503 Busy", []), request => Answer.Of(Whole, request));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([0, 100_000, 100_000], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task A_redirection_is_followed()
    {
        using var server = new LocalServer(
            _ => new Answer("302 Found", [], "Location: /elsewhere\r\n"), request => Answer.Of(Whole, request));
        await Fetch(server);

        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal("/elsewhere", server.Requests[1].Path);
    }

    [Fact]
    public async Task Redirections_in_a_circle_end()
    {
        using var server = new LocalServer(_ => new Answer("302 Found", [], "Location: /file.bin\r\n"));
        Assert.Contains("302", (await Assert.ThrowsAsync<DownloadException>(() => Fetch(server))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_answers_the_message_says_so()
    {
        Uri address;
        using (var server = new LocalServer(_ => new Answer("200 OK", [])))
        {
            address = server.Address;
        }

        var refusal = await Assert.ThrowsAsync<DownloadException>(() => Fetch(address));

        Assert.Contains($"at the {Downloader.MostFailures}th attempt", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.At("data")));
    }

    /// <summary>It says that more comes, and then nothing.</summary>
    [Fact]
    public async Task A_server_that_stops_is_left_and_asked_again()
    {
        using var silent = new LocalServer(request => Answer.Of(Whole, request, sent: -100_000));
        var refusal = await Assert.ThrowsAsync<DownloadException>(() => Fetch(silent, patience: TimeSpan.FromSeconds(0.2)));
        Assert.Contains("the server sent nothing for 0.2 s", refusal.Message, StringComparison.Ordinal);
        int kept = (int)new FileInfo(Part).Length;

        using var server = new LocalServer(request => Answer.Of(Whole, request));
        await Fetch(server);
        Assert.Equal(Whole, File.ReadAllBytes(Target));
        Assert.Equal([kept], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task A_canceled_download_ends_at_once_and_keeps_what_came()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request, sent: -100_000));
        using var cancellation = new CancellationTokenSource();
        _reports.Seen = progress =>
        {
            if (progress.Bytes == 100_000)
            {
                cancellation.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fetch(server.Address, cancellation: cancellation.Token));

        Assert.Equal(Whole[..100_000], File.ReadAllBytes(Part));
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Two_downloads_of_a_file_at_once_are_refused()
    {
        using var server = new LocalServer(request => Answer.Of(Whole, request));
        _folder.Write(new CaseFile("data/file.bin.tinynet-part", []));
        using var other = new FileStream(Part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await Assert.ThrowsAnyAsync<IOException>(() => Fetch(server));
    }

    [Fact]
    public async Task Without_a_place_nothing_is_downloaded()
    {
        var places = new DataPlaces("a set", ["set", "a-set"], systemFolder: null, "the file a", "somebody");
        Assert.Equal(Path.Combine("data", "set"), places.Own("data"));
        Assert.Equal(Path.Combine("data", "a-set"), places.Own(Path.Combine("data", "a-set")));
        Assert.Equal("set/", places.Own("set/"));
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TINYNET_DATA")))
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(() => FashionMnist.DownloadAsync(cancellation: Stop));
            Assert.Contains("TINYNET_DATA is not set; say where the files are to be", refusal.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task Fetch(LocalServer server, TimeSpan? patience = null) => Fetch(server.Address, patience);

    private async Task Fetch(Uri address, TimeSpan? patience = null, CancellationToken? cancellation = null)
    {
        using var downloader = new Downloader(patience ?? TimeSpan.FromSeconds(60), pause: TimeSpan.FromMilliseconds(1));
        await downloader.FetchAsync(
            new RemoteFile("file.bin", address, Md5(Whole), Whole.Length), _folder.At("data"), _reports, cancellation ?? Stop);
    }

    private static string Md5(byte[] bytes)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(bytes);
        return Convert.ToHexStringLower(md5.GetCurrentHash());
    }

    private static byte[] Bytes(int seed)
    {
        byte[] bytes = new byte[300_000];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Notes what is reported, on the thread that reports.</summary>
    private sealed class Reports : List<DownloadProgress>, IProgress<DownloadProgress>
    {
        public Action<DownloadProgress>? Seen { get; set; }

        public IEnumerable<DownloadProgress> Order() => this.OrderBy(progress => progress.Bytes);

        public void Report(DownloadProgress value)
        {
            Add(value);
            Seen?.Invoke(value);
        }
    }
}
