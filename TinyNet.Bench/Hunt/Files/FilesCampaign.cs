using System.Diagnostics;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Bench;

/// <summary>A case of damaged files that a reader did not take well.</summary>
/// <param name="Row">The reader.</param>
/// <param name="Seed">The seed of the case, by which it is found again.</param>
/// <param name="What">What the reader did.</param>
/// <param name="Damage">What was done to the files.</param>
internal sealed record FileFault(string Row, int Seed, string What, string Damage);

/// <summary>Damaged files through every reader, which may read them, or refuse them by the exceptions that are meant for that.</summary>
internal sealed class FilesCampaign : IDisposable
{
    /// <summary>How many bytes a reader may allocate for one case: all of MNIST, as floats, and what it is made from.</summary>
    public const long MostBytes = 1L << 29;

    /// <summary>How long one case may take.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("tinynet-hunt-").FullName;

    /// <summary>How many cases were read, in spite of the damage.</summary>
    public int ReadCases { get; private set; }

    /// <summary>The most bytes that the reading of a case has allocated, and which it was.</summary>
    public (long Bytes, string Case) Largest { get; private set; } = (0, "none");

    /// <summary>The longest time that the reading of a case has taken, and which it was.</summary>
    public (TimeSpan Time, string Case) Slowest { get; private set; } = (TimeSpan.Zero, "none");

    /// <summary>Runs cases, one after the other through the rows, and yields what is wrong.</summary>
    public IEnumerable<FileFault> Run(int seed, int count, IReadOnlyList<FileRow> rows)
    {
        for (int i = 0; i < count; i++)
        {
            if (RunCase(rows[i % rows.Count], unchecked((seed * 1_000_003) + i)) is { } fault)
            {
                yield return fault;
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FileFault? RunCase(FileRow row, int seed)
    {
        var mutator = new FileMutator(new Random(seed));
        var files = mutator.Make(row);
        string folder = Path.Combine(_folder, row.Name), name = $"{row.Name}, case {seed}:{mutator.Done}";
        Write(folder, files);

        using var watch = new Timer(_ => Environment.FailFast($"{name} hangs"), null, 10 * MostTime, Timeout.InfiniteTimeSpan);
        long allocated = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        string? what = Read(row, folder);
        var time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Largest = allocated > Largest.Bytes ? (allocated, name) : Largest;
        Slowest = time > Slowest.Time ? (time, name) : Slowest;
        what ??= allocated > MostBytes ? $"{allocated >> 20} MB allocated" : time > MostTime ? $"{time.TotalSeconds:0} s" : null;
        return what is null ? null : new FileFault(row.Name, seed, what, $"{mutator.Done}");
    }

    private string? Read(FileRow row, string folder)
    {
        try
        {
            row.Read(folder);
            ReadCases++;
            return null;
        }
        catch (Exception exception) when (row.IsRefusal?.Invoke(exception) ?? exception is DataFormatException or DataNotFoundException)
        {
            return null;
        }
        catch (Exception exception)
        {
            string thrower = new StackTrace(exception).GetFrames()
                .Select(frame => frame.GetMethod()?.DeclaringType)
                .FirstOrDefault(type => type?.Namespace?.StartsWith("TinyNet", StringComparison.Ordinal) == true)?.Name ?? "no reader";
            return $"{exception.GetType().Name} in {thrower}: {exception.Message}";
        }
    }

    private static void Write(string folder, CaseFile[] files)
    {
        foreach (var file in files)
        {
            string path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Bytes);
        }
    }
}
