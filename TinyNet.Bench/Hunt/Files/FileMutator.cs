using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace TinyNet.Bench;

/// <summary>Damages valid files: what transfers, disks and enemies do to them.</summary>
internal sealed partial class FileMutator(Random random)
{
    private const int BombBytes = 1 << 26;
    private static readonly Dictionary<string, CaseFile[]> Bombs = [];

    private static readonly string[] Words =
    [
        "\"", ",", "\n", "\r", "'", "(", ")", "{", "nan", "1e999", "-1", "99999999999", "4294967296", "2147483647", "\0", "\\", "True",
        "'|O'", "'<c8'", "'shape'", "/", "../", "é", "0",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "1", "-1", "3", "1e999", "1e300", "0.5", "\"NaN\"", "\"Infinity\"", "2147483647", "-2147483648", "4294967296",
        "9223372036854775807", "18446744073709551615", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[]]", "",
    ];

    /// <summary>What was done, in words.</summary>
    public StringBuilder Done { get; } = new();

    /// <summary>Makes damaged files of a row.</summary>
    public CaseFile[] Make(FileRow row)
    {
        if (row.Pack is not null && random.Next(2000) == 0)
        {
            Done.Append("a bomb;");
            return Bomb(row);
        }

        var files = row.Make(random);
        bool isBefore = row.Pack is null || random.Next(2) == 0;
        if (isBefore)
        {
            files = Damage(files);
        }

        if (row.Pack is not null)
        {
            Done.Append(isBefore ? " packed;" : "");
            files = row.Pack(files);
            files = isBefore ? files : Damage(files);
        }

        return files;
    }

    /// <summary>Valid files that go on with very many zeros, which take little room where they are packed.</summary>
    private static CaseFile[] Bomb(FileRow row)
    {
        if (!Bombs.TryGetValue(row.Name, out var bomb))
        {
            var files = row.Make(new Random(1));
            files[0] = new CaseFile(files[0].Name, [.. files[0].Bytes, .. new byte[BombBytes]]);
            Bombs[row.Name] = bomb = row.Pack!(files);
        }

        return bomb;
    }

    private CaseFile[] Damage(CaseFile[] files)
    {
        int index = random.Next(files.Length), other = random.Next(files.Length);
        if (other != index && random.Next(12) == 0)
        {
            Done.Append($" {files[index].Name} and {files[other].Name} swapped;");
            (files[index], files[other]) = (new(files[index].Name, files[other].Bytes), new(files[other].Name, files[index].Bytes));
            return files;
        }

        byte[] bytes = files[index].Bytes;
        bool isJson = files[index].Name.EndsWith(".json", StringComparison.Ordinal);
        for (int times = random.Next(4) == 0 ? 1 + random.Next(4) : 1; times > 0; times--)
        {
            bytes = isJson && random.Next(4) > 0 ? WithValue(bytes) : Damage(bytes);
        }

        files[index] = new CaseFile(files[index].Name, bytes);
        Done.Append($" in {files[index].Name};");
        return files;
    }

    private byte[] Damage(byte[] bytes)
    {
        // Half of the time near the beginning or the end, where headers and lists are.
        int at = random.Next(4) switch
        {
            0 => random.Next(Math.Min(bytes.Length, 150) + 1),
            1 => Math.Max(0, bytes.Length - random.Next(150)),
            _ => random.Next(bytes.Length + 1),
        };
        switch (random.Next(9))
        {
            case 0:
                Done.Append($" cut at {at}");
                return bytes[..at];
            case 1:
                byte[] more = new byte[1 + random.Next(200)];
                if (random.Next(2) == 0)
                {
                    random.NextBytes(more);
                }

                Done.Append($" {more.Length} bytes more at the end");
                return [.. bytes, .. more];
            case 2:
                string word = Words[random.Next(Words.Length)];
                Done.Append($" '{word}' put in at {at}");
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(word), .. bytes[at..]];
            case 3:
                int end = Math.Min(bytes.Length, at + 1 + random.Next(100));
                Done.Append($" {end - at} bytes taken out at {at}");
                return [.. bytes[..at], .. bytes[end..]];
            case 4:
                int last = Math.Min(bytes.Length, at + 1 + random.Next(600));
                Done.Append($" {last - at} bytes twice at {at}");
                return [.. bytes[..last], .. bytes[at..]];
            case 5:
                return Foreign(bytes.Length);
            case 6:
                return WithField(bytes, at);
            default:
                return WithBits(bytes, at);
        }
    }

    /// <summary>JSON in which a name or a value is another one, or is left out, or there twice; mostly it is JSON still.</summary>
    private byte[] WithValue(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        var tokens = JsonToken().Matches(text);
        if (tokens.Count == 0)
        {
            return bytes;
        }

        var token = tokens[random.Next(tokens.Count)];
        string value = random.Next(4) == 0 ? tokens[random.Next(tokens.Count)].Value : Values[random.Next(Values.Length)];
        value = random.Next(8) switch
        {
            0 => $"{token.Value},{value}",
            1 => $"{token.Value},{token.Value}",
            _ => value,
        };
        Done.Append($" {value} for {token.Value} at {token.Index}");
        return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, token.Index), value, text.AsSpan(token.Index + token.Length)));
    }

    private byte[] Foreign(int length)
    {
        byte[] foreign = new byte[random.Next(3) == 0 ? 0 : random.Next(2 * length + 1)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(foreign);
        }

        Done.Append($" replaced by {foreign.Length} bytes");
        return foreign;
    }

    /// <summary>A lying number of 1, 2, 4 or 8 bytes in either order.</summary>
    private byte[] WithField(byte[] bytes, int at)
    {
        int size = 1 << random.Next(4);
        if (at + size > bytes.Length)
        {
            return WithBits(bytes, at);
        }

        Span<long> lies = [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 60_000, 0x7FFF, 1 << 20];
        long lie = lies[random.Next(lies.Length)];
        Span<byte> field = stackalloc byte[sizeof(long)];
        bool isBig = random.Next(2) == 0;
        if (isBig)
        {
            BinaryPrimitives.WriteInt64BigEndian(field, lie);
            field = field[^size..];
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(field, lie);
            field = field[..size];
        }

        Done.Append($" {lie} in {size} bytes at {at}");
        byte[] changed = [.. bytes];
        field.CopyTo(changed.AsSpan(at));
        return changed;
    }

    private byte[] WithBits(byte[] bytes, int at)
    {
        byte[] changed = [.. bytes];
        int count = 1 + random.Next(4);
        for (int i = 0; i < count && bytes.Length > 0; i++)
        {
            changed[Math.Min(bytes.Length - 1, at + random.Next(8))] ^= (byte)(1 << random.Next(8));
        }

        Done.Append($" {count} bits flipped at {at}");
        return changed;
    }

    /// <summary>A text, a number, a word, or an array without others in it.</summary>
    [GeneratedRegex("""\"[^\"]*\"|-?[0-9][0-9.eE+-]*|null|true|false|\[[^\[\]{}]*\]""")]
    private static partial Regex JsonToken();
}
