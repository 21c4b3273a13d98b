using System.Text;

namespace TinyNet.Examples;

/// <summary>The characters of a text, each with a number from 0 on.</summary>
internal sealed class Alphabet
{
    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, int> _numbers;

    private Alphabet(Rune[] characters)
    {
        _characters = characters;
        _numbers = characters.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
    }

    public int Count => _characters.Length;

    /// <summary>All that occur in a text, in the order of Unicode.</summary>
    public static Alphabet Of(string text) => new([.. text.EnumerateRunes().Distinct().Order()]);

    /// <exception cref="CommandException">A character is none of these.</exception>
    public int[] Encode(string text) =>
    [
        .. text.EnumerateRunes().Select(character => _numbers.TryGetValue(character, out int number) ? number
            : throw new CommandException($"the character '{character}' does not occur in the text that was learned from")),
    ];

    public string Decode(IEnumerable<int> numbers) => string.Concat(numbers.Select(number => _characters[number]));

    /// <summary>The characters themselves: <see cref="Of"/> makes the same of them.</summary>
    public override string ToString() => string.Concat(_characters);
}
