using System.Diagnostics;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A file that is written is there whole, or what was there before is.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private const string ChildFile = "TINYNET_TEST_CHILD_FILE";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>As a full disk does it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else(int written)
    {
        string path = _folder.At("a");
        File.WriteAllText(path, "old");
        Refusal.Of<IOException>(
            () => AtomicFile.Write(path, stream =>
            {
                stream.Write(new byte[written]);
                throw new IOException("No space left on device");
            }),
            $"'{path}' was not written, and what was there before is as it was: No space left on device");
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a"], _folder.Names);
    }

    [Fact]
    public void Other_exceptions_come_through_as_they_are()
    {
        Assert.Throws<ShapeException>(() => AtomicFile.Write(_folder.At("a"), _ => throw new ShapeException("a", "b", "c")));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_file_is_made_and_replaced()
    {
        AtomicFile.Write(_folder.At("a"), stream => stream.Write("one"u8));
        AtomicFile.Write(_folder.At("a"), stream => stream.Write("2"u8));
        Assert.Equal("2", File.ReadAllText(_folder.At("a")));
        Assert.Equal(["a"], _folder.Names);
    }

    [Fact]
    public void Where_there_is_no_folder_the_message_says_so()
    {
        Refusal.Of<DirectoryNotFoundException>(
            () => AtomicFile.Write(_folder.At("none/a"), _ => { }), "none/a' was not written: its folder does not exist");
        Refusal.Of<IOException>(() => AtomicFile.Write(_folder.Root, _ => { }), "was not written");
        Assert.Throws<ArgumentException>(() => AtomicFile.Write("", _ => { }));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("making a link needs a right there");
        }

        Directory.CreateDirectory(_folder.At("other"));
        File.WriteAllText(_folder.At("other/target"), "old");
        File.CreateSymbolicLink(_folder.At("link"), _folder.At("other/target"));
        AtomicFile.Write(_folder.At("link"), stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_folder.At("other/target")));
        Assert.NotNull(new FileInfo(_folder.At("link")).LinkTarget);
    }

    [Fact]
    public void What_a_killed_process_left_goes_with_the_next_write_of_that_file()
    {
        string abandoned = _folder.At("a.xyz" + AtomicFile.Ending), other = _folder.At("ab.xyz" + AtomicFile.Ending);
        string inUse = _folder.At("a.uvw" + AtomicFile.Ending);
        File.WriteAllText(abandoned, "half");
        File.WriteAllText(other, "half");
        using (new FileStream(inUse, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            AtomicFile.Write(_folder.At("a"), stream => stream.Write("new"u8));
        }

        Assert.Equal(["a", Path.GetFileName(inUse), Path.GetFileName(other)], _folder.Names);
    }

    /// <summary>The last one wins; readers and writers never see a part.</summary>
    [Fact]
    public async Task Several_threads_write_one_file()
    {
        string path = _folder.At("a");
        AtomicFile.Write(path, stream => stream.Write(new byte[10_000]));
        await Task.WhenAll(Enumerable.Range(1, 3).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 30; i++)
            {
                AtomicFile.Write(path, stream => stream.Write(Enumerable.Repeat((byte)thread, 10_000).ToArray()));
                byte[] read = File.ReadAllBytes(path);
                Assert.Equal(10_000, read.Length);
                Assert.Single(read.Distinct());
            }
        })));
        Assert.Equal(["a"], _folder.Names);
    }

    /// <summary>The child saves models of one number again and again; killed whenever, it leaves a whole one.</summary>
    [Fact]
    public async Task A_process_that_is_killed_leaves_a_whole_file()
    {
        string path = _folder.At("model.safetensors");
        var random = new Random(4);
        for (int kill = 0; kill < 3; kill++)
        {
            File.Delete(path);
            var start = new ProcessStartInfo(
                "dotnet",
                [
                    typeof(AtomicFileTests).Assembly.Location, "-explicit", "only",
                    "-method", $"{typeof(AtomicFileTests).FullName}.{nameof(Child_saves_until_it_is_killed)}",
                ])
            {
                RedirectStandardOutput = true,
                Environment = { [ChildFile] = path },
            };
            using var child = Process.Start(start)!;
            while (!File.Exists(path))
            {
                Assert.False(child.HasExited, "the child ended");
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(100), TestContext.Current.CancellationToken);
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);

            using var file = SafetensorsFile.Open(path);
            float number = float.Parse(file.Metadata["number"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.All(file.Entries, entry => Assert.Equal(number, Assert.Single(file.Read(entry.Name).ToArray().Distinct())));
        }

        new Dense(2, 2).Save(path);
        Assert.Equal(["model.safetensors"], _folder.Names);
    }

    [Fact(Explicit = true)]
    public void Child_saves_until_it_is_killed()
    {
        var model = new Sequential(new Dense(600, 700), new Dense(700, 600));
        string path = Environment.GetEnvironmentVariable(ChildFile) ?? throw new InvalidOperationException($"{ChildFile} is not set");
        for (int number = 1; ; number++)
        {
            foreach (var parameter in model.Parameters())
            {
                parameter.Fill(number);
            }

            model.Save(path, new Dictionary<string, string> { ["number"] = $"{number}" });
        }
    }
}
