using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Options that several commands share, and those that are numbers.</summary>
internal static class CommonOptions
{
    private const int ScalarBits = 32;

    /// <summary>The widths of registers in bits that this machine has; the widest first.</summary>
    public static IEnumerable<int> Widths => AllWidths.Where(CpuDevice.Supports);

    private static int[] AllWidths => [512, 256, 128, ScalarBits];

    public static Option<int?> Threads() => new("--threads")
    {
        Description = "The number of threads; one a core by default.",
        CustomParser = result => PositiveInteger(result),
    };

    /// <summary>A device by its name; one that is not there is refused.</summary>
    public static Device ParseDevice(ArgumentResult result, string name)
    {
        try
        {
            return Device.Parse(name);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // Without the name of the C# parameter, which .NET appends.
            result.AddError($"{OptionName(result)}: {exception.Message.Split(" (Parameter")[0]}");
            return Device.Cpu;
        }
    }

    /// <summary>Refuses a number of threads that none of the devices can have; the reference device has one.</summary>
    /// <exception cref="CommandFailure">There is nothing that would have them.</exception>
    public static void CheckThreads(IReadOnlyList<Device> devices, int? threads)
    {
        if (threads is { } count && !devices.Any(device => device is CpuDevice || (device is ReferenceDevice && count == 1)))
        {
            throw new CommandFailure(
                $"--threads is for the device cpu, and not for {string.Join(", ", devices.Select(device => device.Name))}: leave it out");
        }
    }

    /// <summary>Widths of registers, one or any number; where none is given, there is none.</summary>
    public static Option<int[]> Lanes(string description, ArgumentArity arity) => new("--lanes")
    {
        Description = description,
        HelpName = "512|256|128|scalar",
        Arity = arity,
        AllowMultipleArgumentsPerToken = arity.MaximumNumberOfValues > 1,
        CustomParser = result => [.. result.Tokens.Select(token => LaneBits(result, token.Value))],
    };

    /// <summary>A width of registers as <c>--lanes</c> has it.</summary>
    public static string LanesText(int bits) => bits == ScalarBits ? "scalar" : bits.ToString(CultureInfo.InvariantCulture);

    public static Option<int> Count(string name, string description, int byDefault) => new(name)
    {
        Description = description,
        CustomParser = PositiveInteger,
        DefaultValueFactory = _ => byDefault,
    };

    public static Option<double> Number(string name, string description, double byDefault) => new(name)
    {
        Description = description,
        CustomParser = PositiveNumber,
        DefaultValueFactory = _ => byDefault,
    };

    /// <summary>Reads a number above 0; anything else is refused.</summary>
    public static double PositiveNumber(ArgumentResult result) =>
        double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value > 0
            && double.IsFinite(value)
            ? value
            : Error(result, "a number above 0", Text(result));

    /// <summary>Reads a whole number above 0; anything else is refused.</summary>
    public static int PositiveInteger(ArgumentResult result) => PositiveInteger(result, Text(result));

    /// <summary>The same of one of several values.</summary>
    public static int PositiveInteger(ArgumentResult result, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : (int)Error(result, "a whole number above 0", text);

    private static int LaneBits(ArgumentResult result, string text)
    {
        int bits = AllWidths.FirstOrDefault(width => LanesText(width) == text);
        if (bits == 0)
        {
            result.AddError($"--lanes must be 512, 256, 128 or scalar, not '{text}'");
        }
        else if (!CpuDevice.Supports(bits))
        {
            result.AddError($"this machine has no registers of {bits} bits: choose a smaller --lanes");
        }

        return bits;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    /// <summary>The option that a value is of.</summary>
    public static string? OptionName(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name;

    private static double Error(ArgumentResult result, string wanted, string text)
    {
        result.AddError($"{OptionName(result)} must be {wanted}, not '{text}'");
        return 0;
    }
}
