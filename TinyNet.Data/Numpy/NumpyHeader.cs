using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>The header of an .npy file: a magic number, a version, a length, and a dictionary of Python in text.</summary>
/// <remarks>The format: <see href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html"/>.</remarks>
/// <param name="Type">The type of the elements.</param>
/// <param name="IsFortran">Whether the first axis is the one that varies fastest.</param>
/// <param name="Shape">The shape.</param>
internal readonly record struct NumpyHeader(NumpyType Type, bool IsFortran, Shape Shape)
{
    // NumPy itself refuses longer ones.
    private const int MostLength = 10_000;
    private const int Alignment = 64;

    /// <summary>Reads a header.</summary>
    /// <exception cref="DataFormatException">It is none, or one of elements that are no numbers.</exception>
    public static NumpyHeader Read(InputFile file)
    {
        Span<byte> magic = stackalloc byte[8];
        file.Read(magic, "the magic number of an .npy file");
        if (magic is not [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', >= 1 and <= 3, 0])
        {
            throw file.Wrong(0, "93 NUMPY and a version from 1.0 to 3.0, an .npy file", Convert.ToHexString(magic));
        }

        Span<byte> size = stackalloc byte[sizeof(uint)];
        size.Clear();
        file.Read(size[..(magic[6] == 1 ? sizeof(ushort) : sizeof(uint))], "the length of the header");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MostLength)
        {
            throw file.Wrong(magic.Length, $"a header of at most {MostLength} bytes", $"{length}");
        }

        long start = file.Position;
        string text = Encoding.Latin1.GetString(file.Read(length, "the header"));
        return new Parser(file, start, text).Parse();
    }

    /// <summary>Writes the header of a row-major array.</summary>
    public static void Write(Stream file, NumpyType type, in Shape shape)
    {
        var sizes = new StringBuilder();
        foreach (int size in shape)
        {
            sizes.Append(CultureInfo.InvariantCulture, $"{size}, ");
        }

        // A tuple of one element has a comma at its end.
        string tuple = shape.Rank == 1 ? $"{sizes}"[..^1] : $"{sizes}".TrimEnd(',', ' ');
        string text = $"{{'descr': '{NumpyElement.Description(type)}', 'fortran_order': False, 'shape': ({tuple}), }}";
        int before = 10, padded = (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment - before;
        Span<byte> start = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(start[8..], (ushort)padded);
        file.Write(start);
        file.Write(Encoding.Latin1.GetBytes(text.PadRight(padded - 1) + "\n"));
    }

    /// <summary>Reads the dictionary.</summary>
    private ref struct Parser(InputFile file, long start, string text)
    {
        private int _at;

        public NumpyHeader Parse()
        {
            NumpyType? type = null;
            bool? isFortran = null;
            Shape? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                int begin = _at;
                string key = Quoted();
                Expect(':');
                if (key == "descr" && type is null)
                {
                    type = Type();
                }
                else if (key == "fortran_order" && isFortran is null)
                {
                    isFortran = AcceptWord("True") || (AcceptWord("False") ? false : throw Wrong(_at, "True or False"));
                }
                else if (key == "shape" && shape is null)
                {
                    shape = Sizes();
                }
                else
                {
                    throw Wrong(begin, "each of the keys 'descr', 'fortran_order' and 'shape' once");
                }

                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }

            Skip();
            return _at < text.Length ? throw Wrong(_at, "the end of the header")
                : type is null || isFortran is null || shape is null ? throw Wrong(0, "the keys 'descr', 'fortran_order' and 'shape'")
                : new NumpyHeader(type.Value, isFortran.Value, shape.Value);
        }

        private NumpyType Type()
        {
            Skip();
            int begin = _at;
            if (_at < text.Length && text[_at] is not ('\'' or '"'))
            {
                throw Wrong(begin, $"one of {NumpyElement.All}, not a record");
            }

            string description = Quoted();

            // What has no order of bytes may be written with one.
            return NumpyElement.Parse(description)
                ?? NumpyElement.Parse(description.Replace('<', '|'))
                ?? throw Wrong(begin, $"one of {NumpyElement.All} (convert others by astype)");
        }

        private Shape Sizes()
        {
            Expect('(');
            int begin = _at, rank = 0;
            long length = 1;
            Span<int> sizes = stackalloc int[Shape.MaxRank];
            while (!Accept(')'))
            {
                Skip();
                int digits = _at;
                while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                {
                    _at++;
                }

                if (!int.TryParse(text.AsSpan(digits, _at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out int size))
                {
                    throw Wrong(digits, $"a size from 0 to {int.MaxValue}");
                }

                // As in a tensor, empty dimensions count as one in what there can be.
                length *= Math.Max(1, size);
                if (rank == Shape.MaxRank || length > int.MaxValue)
                {
                    throw Wrong(begin, $"a shape of at most {Shape.MaxRank} axes and {int.MaxValue} elements");
                }

                sizes[rank++] = size;
                if (!Accept(','))
                {
                    Expect(')');
                    break;
                }
            }

            return new Shape(sizes[..rank]);
        }

        private string Quoted()
        {
            Skip();
            int begin = _at;
            char quote = begin < text.Length && text[begin] is '\'' or '"' ? text[begin] : throw Wrong(begin, "a text in quotes");
            int end = text.IndexOf(quote, begin + 1);
            _at = end >= 0 ? end + 1 : throw Wrong(begin, "a text in quotes");
            return text[(begin + 1)..end];
        }

        private void Skip()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n' or '\t')
            {
                _at++;
            }
        }

        private bool Accept(char symbol)
        {
            Skip();
            bool isThere = _at < text.Length && text[_at] == symbol;
            _at += isThere ? 1 : 0;
            return isThere;
        }

        private bool AcceptWord(string word)
        {
            Skip();
            bool isThere = string.CompareOrdinal(text, _at, word, 0, word.Length) == 0;
            _at += isThere ? word.Length : 0;
            return isThere;
        }

        private void Expect(char symbol)
        {
            if (!Accept(symbol))
            {
                throw Wrong(_at, $"'{symbol}' in the header");
            }
        }

        private readonly DataFormatException Wrong(int at, string expected)
        {
            const int most = 40;
            string rest = text[Math.Min(at, text.Length)..];
            return file.Wrong(start + at, expected, rest.Length == 0 ? "the end of the header"
                : $"'{(rest.Length > most ? rest[..most] : rest).TrimEnd()}'");
        }
    }
}
