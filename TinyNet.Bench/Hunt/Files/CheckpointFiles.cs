using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>
/// Checkpoints of a small run, taken apart so that each part can be damaged by itself: the numbers, the list of tensors, and the text about
/// the run, which in the file is a text within a text.
/// </summary>
internal static class CheckpointFiles
{
    private const string NumbersName = "numbers", TensorsName = "tensors.json", StateName = "run.json", PackedName = "run.safetensors";
    private const string StateKey = "tinynet.run", TextsKey = "__metadata__";

    private static readonly Dictionary<CheckpointKind, CaseFile[]> Made = [];
    private static readonly Lock Gate = new();

    /// <summary>The parts of a checkpoint.</summary>
    public static CaseFile[] Make(CheckpointKind kind)
    {
        lock (Gate)
        {
            return [.. Made.TryGetValue(kind, out var parts) ? parts : Made[kind] = Parts(kind)];
        }
    }

    /// <summary>The file of the parts.</summary>
    public static CaseFile[] Pack(CaseFile[] parts)
    {
        byte[] numbers = parts[0].Bytes;
        string text = JsonSerializer.Serialize(Encoding.UTF8.GetString(parts[2].Bytes));
        byte[] header =
        [
            .. Encoding.UTF8.GetBytes($$"""{"{{TextsKey}}":{"{{StateKey}}":{{text}}},"""), .. parts[1].Bytes, (byte)'}',
        ];
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [new CaseFile(PackedName, [.. length, .. header, .. numbers])];
    }

    /// <summary>
    /// Resumes a fresh trainer, goes on for a step, and loads the weights into a fresh model. A trainer that refuses stays as it was.
    /// </summary>
    public static void Read(CheckpointKind kind, string folder)
    {
        string path = Path.Combine(folder, PackedName);
        var run = new CheckpointedRun(kind);
        byte[] before = run.Look();
        try
        {
            run.Trainer.Resume(path);
        }
        catch (Exception exception)
        {
            if (!run.Look().AsSpan().SequenceEqual(before))
            {
                throw new CommandFailure($"the trainer refused and had changed: {exception.Message}");
            }

            LoadWeights(kind, path);
            throw;
        }

        run.GoOn();
        LoadWeights(kind, path);
    }

    /// <summary>Whether an exception says, as it should, that the file is damaged or is of another run.</summary>
    public static bool IsRefusal(Exception exception) =>
        exception is Core.DataFormatException or Core.TensorException
        || (exception.GetType() == typeof(InvalidOperationException) && exception.Message.Contains(PackedName, StringComparison.Ordinal));

    private static void LoadWeights(CheckpointKind kind, string path)
    {
        using var checkpoint = RunCheckpoint.Open(path);
        checkpoint.LoadInto(new CheckpointedRun(kind).Trainer.Model);
    }

    private static CaseFile[] Parts(CheckpointKind kind)
    {
        string folder = Directory.CreateTempSubdirectory("tinynet-hunt-").FullName;
        try
        {
            byte[] bytes = File.ReadAllBytes(new CheckpointedRun(kind).Write(folder));
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
            using var header = JsonDocument.Parse(bytes.AsMemory(sizeof(long), length));
            string state = header.RootElement.GetProperty(TextsKey).GetProperty(StateKey).GetString()!;
            var tensors = header.RootElement.EnumerateObject().Where(property => property.Name != TextsKey)
                .Select(property => string.Create(
                    CultureInfo.InvariantCulture, $"{JsonSerializer.Serialize(property.Name)}:{property.Value.GetRawText()}"));
            return
            [
                new CaseFile(NumbersName, bytes[(sizeof(long) + length)..]),
                new CaseFile(TensorsName, Encoding.UTF8.GetBytes(string.Join(",\n", tensors))),
                new CaseFile(StateName, Encoding.UTF8.GetBytes(state)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
