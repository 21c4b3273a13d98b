using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>What one command measured, with the machine and the settings: the file of <c>--json</c>.</summary>
/// <param name="Facts">The machine, the programs, the settings, in the order of reading.</param>
/// <param name="Results">The numbers, in the order of measuring.</param>
internal sealed record ResultFile(IReadOnlyDictionary<string, string> Facts, IReadOnlyList<Result> Results)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The whole file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>A line for each number, after one with the names of the columns.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("benchmark,subject,setting,device,measure,unit,value,p95,minimum,spread,samples\n");
        foreach (var row in Results)
        {
            string[] names = [row.Benchmark, row.Subject, row.Setting, row.Device, row.Measure, row.Unit];
            text.Append(CultureInfo.InvariantCulture, $"{string.Join(',', names.Select(Quoted))},{row.Value:R},{row.P95:R},");
            text.Append(CultureInfo.InvariantCulture, $"{row.Minimum:R},{row.Spread:R},{row.Samples}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="CommandFailure">It cannot be read, or is something else.</exception>
    public static ResultFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ResultFile>(File.ReadAllText(path), Options) ?? throw new JsonException("it is null");
            return file.Results.GroupBy(row => row.Key).FirstOrDefault(rows => rows.Count() > 1) is { } twice
                ? throw new JsonException($"it has {twice.Key} twice")
                : file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(exception.Message);
        }
        catch (JsonException exception)
        {
            throw new CommandFailure($"{path} is not what --json writes: {exception.Message}");
        }
    }

    /// <summary>Finds out, before there is something to write, whether it can be written, each file beside the others.</summary>
    /// <param name="files">The options that name the files, and the files, which stay as they are.</param>
    /// <exception cref="CommandFailure">One cannot be written, or two are the same.</exception>
    public static void CheckWritable(params (string Option, string Path)[] files)
    {
        var options = new Dictionary<string, string>(
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (option, path) in files)
        {
            CheckWritable(option, path);
            if (!options.TryAdd(Path.GetFullPath(path), option))
            {
                throw new CommandFailure(
                    $"{options[Path.GetFullPath(path)]} and {option} name the same file, {path}: give each a file of its own");
            }
        }
    }

    private static void CheckWritable(string option, string path)
    {
        string full = path.Length > 0 ? Path.GetFullPath(path) : throw new CommandFailure($"{option}: a file has a name");
        string folder = Path.GetDirectoryName(full) ?? full;
        if (Directory.Exists(full))
        {
            throw new CommandFailure($"{option} {path}: it is a folder; name a file in it");
        }

        if (!Directory.Exists(folder))
        {
            throw new CommandFailure($"{option} {path}: its folder does not exist; make it first");
        }

        try
        {
            // A file is written beside its place first.
            string probe = Path.Combine(folder, Path.GetRandomFileName());
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{option} {path}: {exception.Message}");
        }
    }

    /// <summary>Writes a text, whole or not at all.</summary>
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(exception.Message);
        }
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
