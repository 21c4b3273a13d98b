using System.CommandLine;
using System.CommandLine.Parsing;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Options of the benchmarks of devices; those that take several values take them after commas or blanks.</summary>
internal static class DeviceOptions
{
    private const char Times = 'x';

    /// <summary>Devices by their names.</summary>
    public static Option<Device[]> Devices()
    {
        var devices = Several(
            "--device", "NAME", "What computes: cpu, reference, or what else is registered; several are compared.",
            result => Distinct(result, [.. Parts(result).Select(name => CommonOptions.ParseDevice(result, name))], device => device.Name));
        devices.DefaultValueFactory = _ => [Device.Cpu];
        return devices;
    }

    /// <summary>Names out of a list.</summary>
    public static Option<string[]> Names(string description, IReadOnlyCollection<string> known) => Several(
        "--names", "NAME", description, result =>
        {
            string[] names = Parts(result);
            if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            {
                result.AddError($"--names: '{unknown}' is not known{Suggestion.For(unknown, known)}; known are {string.Join(", ", known)}");
            }

            return Distinct(result, names);
        });

    /// <summary>Whole numbers above 0, which come from small to large.</summary>
    public static Option<int[]> Sizes(string description) => Several("--sizes", "N", description, result =>
        Distinct(result, [.. Parts(result).Select(text => CommonOptions.PositiveInteger(result, text)).Order()]));

    /// <summary>Shapes as <c>1000x1000</c>.</summary>
    public static Option<Shape[]> Shapes(string description) => Several("--shape", "NxM", description, result =>
        Distinct(result, [.. Parts(result).Select(text => ParseShape(result, text))]));

    /// <summary>A whole number above 0, without a value of its own.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => CommonOptions.PositiveInteger(result),
    };

    private static Option<T[]> Several<T>(string name, string help, string description, Func<ArgumentResult, T[]> parse) => new(name)
    {
        Description = description,
        HelpName = help,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = parse,
    };

    private static string[] Parts(ArgumentResult result) =>
        [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))];

    private static T[] Distinct<T>(ArgumentResult result, T[] values, Func<T, object>? key = null)
    {
        string? name = CommonOptions.OptionName(result);
        if (values.Length == 0)
        {
            result.AddError($"{name}: give at least one value");
        }
        else if (values.GroupBy(value => key?.Invoke(value) ?? value!).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            result.AddError($"{name}: {twice.Key} is there twice");
        }

        return values;
    }

    private static Shape ParseShape(ArgumentResult result, string text)
    {
        int[] sizes = [.. text.Split(Times).Select(size => int.TryParse(size, out int value) ? value : 0)];
        if (sizes.Length > Shape.MaxRank || sizes.Any(size => size < 1) || sizes.Aggregate(1.0, (a, b) => a * b) > int.MaxValue)
        {
            result.AddError($"--shape must be sizes above 0 as 1000x1000, not '{text}'");
            return [1];
        }

        return new Shape(sizes);
    }
}
