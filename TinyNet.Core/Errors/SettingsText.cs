using System.Globalization;
using System.Text;

namespace TinyNet.Core;

/// <summary>What something is, with its settings, in the one line that a debugger shows.</summary>
internal static class SettingsText
{
    private const int MostShown = 5;

    /// <summary>
    /// <c>Cutout(size 16, fill 0)</c>: names and values, whatever the user's language. Of what is on or off the name stands alone where it
    /// is on; what is null is left out, and so are brackets around nothing.
    /// </summary>
    /// <param name="type">What it is.</param>
    /// <param name="settings">Names, empty for what needs none, and values.</param>
    public static string Of(string type, params ReadOnlySpan<(string Name, object? Value)> settings)
    {
        var text = new StringBuilder(type);
        foreach (var (name, value) in settings)
        {
            string? shown = value switch
            {
                null or false => null,
                true => name,
                _ when name.Length == 0 => Show(value),
                _ => $"{name} {Show(value)}",
            };
            if (shown is not null)
            {
                text.Append(text.Length == type.Length ? "(" : ", ").Append(shown);
            }
        }

        return text.Length == type.Length ? type : text.Append(')').ToString();
    }

    /// <summary><c>a, b, c, d, e, …</c>: the first of many.</summary>
    public static string First(IEnumerable<string> names)
    {
        string[] shown = [.. names.Take(MostShown + 1)];
        return string.Join(", ", shown.Take(MostShown)) + (shown.Length > MostShown ? ", …" : "");
    }

    /// <summary><c>[0.5, 0.25]</c>: the first of many numbers.</summary>
    public static string First<T>(ReadOnlySpan<T> numbers) where T : IFormattable =>
        $"[{First(numbers[..Math.Min(numbers.Length, MostShown + 1)].ToArray().Select(number => Show(number)))}]";

    /// <summary>The name of a type, without the number of its parameters.</summary>
    public static string NameOf(object described) => described.GetType().Name.Split('`')[0];

    private static string Show(object value) =>
        value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : $"{value}";
}
