using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TinyNet.Bench;

/// <summary>Options that several commands share, and those that are numbers.</summary>
internal static class CommonOptions
{
    public static Option<int?> Threads() => new("--threads")
    {
        Description = "The number of threads; one a core by default.",
        CustomParser = result => PositiveInteger(result),
    };

    public static Option<int> Count(string name, string description, int byDefault) => new(name)
    {
        Description = description,
        CustomParser = PositiveInteger,
        DefaultValueFactory = _ => byDefault,
    };

    public static Option<double> Number(string name, string description, double byDefault) => new(name)
    {
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value > 0
            && double.IsFinite(value)
            ? value
            : Error(result, "a number above 0"),
        DefaultValueFactory = _ => byDefault,
    };

    private static int PositiveInteger(ArgumentResult result) =>
        int.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : (int)Error(result, "a whole number above 0");

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    private static double Error(ArgumentResult result, string wanted)
    {
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be {wanted}, not '{Text(result)}'");
        return 0;
    }
}
