using System.Text;
using System.Text.Json;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// The header of a safetensors file: a JSON object with type, shape and place of each tensor, and texts of the writer's under
/// <c>__metadata__</c>. Everything in it is checked before anything follows from it.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The name under which the texts are.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The most bytes that a header has, by the format.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>Reads a header.</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="json">The header.</param>
    /// <param name="dataLength">The bytes that follow the header.</param>
    /// <exception cref="DataFormatException">It is not as the format says, or does not fit the data.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        try
        {
            var header = new Parser(path, json).ReadAll();
            EnsureDense(path, header.Entries, dataLength);
            return header;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the reader throws at text that is no Unicode.
            throw new DataFormatException(
                path, "the header", "the JSON of a safetensors file", $"what is none ({exception.Message})", exception);
        }
    }

    /// <summary>A name or text of a file, for messages: without control characters, and not too long.</summary>
    public static string Show(string text) =>
        string.Concat(text.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter)) + (text.Length > 100 ? "…" : "");

    /// <summary>Tensors lie one after the other: no two overlap, nothing is between them, and the last ends where the file does.</summary>
    private static void EnsureDense(string path, IReadOnlyList<SafetensorsEntry> entries, long dataLength)
    {
        long end = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End > dataLength)
            {
                throw new DataFormatException(
                    path, Place(entry.Name), $"bytes {entry.Begin} to {entry.End} of the data", $"{dataLength} bytes of data");
            }

            if (entry.Begin != end)
            {
                throw new DataFormatException(
                    path, Place(entry.Name), $"a begin at byte {end} of the data, where the tensor before ends", $"byte {entry.Begin}");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new DataFormatException(
                path, $"byte {end} of the data", "the end of the file after the last tensor", $"{dataLength - end} bytes more");
        }
    }

    private static string Place(string name) => $"tensor '{Show(name)}'";

    private ref struct Parser(string path, ReadOnlySpan<byte> json)
    {
        // An object of objects with arrays in them.
        private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = 3 });
        private string _place = "the header";

        public SafetensorsHeader ReadAll()
        {
            var entries = new List<SafetensorsEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object");
            while (NextName() is { } name)
            {
                if (!names.Add(name))
                {
                    throw Wrong("each name once", $"'{Show(name)}' a second time");
                }

                if (name == MetadataName)
                {
                    ReadMetadata(metadata);
                }
                else
                {
                    entries.Add(ReadEntry(name));
                }

                _place = "the header";
            }

            // The end of the text, or what the reader refuses.
            _json.Read();
            return new SafetensorsHeader(entries, metadata);
        }

        private void ReadMetadata(Dictionary<string, string> metadata)
        {
            _place = MetadataName;
            Expect(JsonTokenType.StartObject, "an object");
            while (NextName() is { } key)
            {
                Expect(JsonTokenType.String, $"a text for '{Show(key)}'");
                if (!metadata.TryAdd(key, _json.GetString()!))
                {
                    throw Wrong("each name once", $"'{Show(key)}' a second time");
                }
            }
        }

        private SafetensorsEntry ReadEntry(string name)
        {
            _place = Place(name);
            string? type = null;
            long[]? shape = null, offsets = null;
            Expect(JsonTokenType.StartObject, "an object");
            while (NextName() is { } field)
            {
                switch (field)
                {
                    case "dtype" when type is null:
                        Expect(JsonTokenType.String, "a text for dtype");
                        type = _json.GetString();
                        break;
                    case "shape" when shape is null:
                        shape = ReadNumbers(field);
                        break;
                    case "data_offsets" when offsets is null:
                        offsets = ReadNumbers(field);
                        break;
                    default:
                        throw Wrong("dtype, shape and data_offsets, each once", $"'{Show(field)}'");
                }
            }

            if (type is null || shape is null || offsets is not [var begin, var end])
            {
                throw Wrong("dtype, shape and two data_offsets", offsets is { Length: not 2 } ? $"{offsets.Length} data_offsets" : "less");
            }

            int size = SafetensorsNumbers.Size(type)
                ?? throw Wrong($"a type of numbers that is read: {SafetensorsNumbers.Known}", $"'{Show(type)}'");
            var length = Bytes(shape, size);
            return begin <= end && end - begin == length
                ? new SafetensorsEntry(name, type, shape, begin, end)
                : throw Wrong(
                    $"{(length is null ? "more than 2^63" : $"{length}")} bytes for {type} of shape {SafetensorsEntry.Show(shape)}",
                    $"a place from {begin} to {end}");
        }

        private long[] ReadNumbers(string field)
        {
            var numbers = new List<long>();
            Expect(JsonTokenType.StartArray, $"an array for {field}");
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                {
                    throw Wrong($"whole numbers of 0 or more for {field}", $"'{Show(Encoding.UTF8.GetString(_json.ValueSpan))}'");
                }

                numbers.Add(number);
            }

            return [.. numbers];
        }

        /// <summary>The name of the next property; null at the end of the object.</summary>
        private string? NextName() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName ? _json.GetString() : null;

        private void Expect(JsonTokenType type, string what)
        {
            if (!_json.Read() || _json.TokenType != type)
            {
                throw Wrong(what, $"{_json.TokenType}");
            }
        }

        private readonly DataFormatException Wrong(string expected, string found) => new(path, _place, expected, found);

        /// <summary>The bytes of a tensor; null where no number holds them.</summary>
        private static long? Bytes(long[] shape, long size)
        {
            if (shape.Contains(0))
            {
                return 0;
            }

            foreach (long axis in shape)
            {
                if (axis > long.MaxValue / size)
                {
                    return null;
                }

                size *= axis;
            }

            return size;
        }
    }
}
