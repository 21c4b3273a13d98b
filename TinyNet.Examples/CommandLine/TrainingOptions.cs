using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>What an example uses where the command line says nothing.</summary>
/// <param name="Epochs">How often the network sees all training samples.</param>
/// <param name="BatchSize">How many samples make one step.</param>
/// <param name="LearningRate">The size of the first steps.</param>
/// <param name="Activation">What follows each hidden layer; null where there is nothing to choose.</param>
internal sealed record TrainingDefaults(int Epochs, int BatchSize, float LearningRate, string? Activation = null)
{
    /// <summary>What the number of epochs counts, for <c>--help</c>.</summary>
    public string AboutEpochs { get; init; } = "How often the network sees all training samples.";
}

/// <summary>What the command line asks for.</summary>
internal sealed record TrainingSettings(
    int Epochs, int BatchSize, float LearningRate, string Activation, ulong Seed, Device Device, string? Data, string? Out, bool Resume,
    bool Report, bool Watch)
{
    /// <summary>The values of the options that an example has alone.</summary>
    public required ParseResult Own { get; init; }

    /// <summary>The value of an option that an example has alone.</summary>
    public T? Value<T>(Option<T> option) => Own.GetValue(option);
}

/// <summary>The options that all trainers have, and those of one.</summary>
internal sealed class TrainingOptions
{
    // Steps of a run, epochs times batches of an epoch, are counted by whole numbers of 32 bits.
    private const int MostThreads = 1024, MostEpochs = 10_000, MostSamples = 100_000;

    // The gated ones halve an axis: the layer after them would not fit.
    public static readonly string[] ActivationNames = [.. Activation.Names.Where(name => !name.EndsWith("glu", StringComparison.Ordinal))];

    private readonly Option<int> _epochs, _batchSize;
    private readonly Option<float> _learningRate;
    private readonly Option<string>? _activation;
    private readonly Option<ulong> _seed;
    private readonly Option<int?> _threads, _lanes;
    private readonly Option<Device> _device;

    private readonly Option<string?> _data = OwnOption.Path(
        "--data", "DIR", "The folder of datasets; without it that of the environment variable TINYNET_DATA. Embedded data need none.");

    private readonly Option<string?> _out = OwnOption.Path(
        "--out", "DIR", "The folder for the weights, the history (CSV) and the checkpoints of the run, a new one for each run; without it "
            + "nothing is written.");

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run in the folder of --out, with the same options, where its last checkpoint is; begin where there "
            + "is none.",
    };

    private readonly Option<bool> _report = new("--report")
    {
        Description = "Write report.html into the folder of --out: findings, curves, gradients and activations over time, the model.",
    };

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Show the loss, the gradients and the activations of the layers live on the terminal; in a file there are lines as "
            + "without it.",
    };

    private readonly IReadOnlyList<Option> _own;

    public TrainingOptions(TrainingDefaults defaults, IReadOnlyList<Option> own)
    {
        _own = own;
        _epochs = new("--epochs")
        {
            Description = defaults.AboutEpochs,
            HelpName = "N",
            CustomParser = result => WholeNumber(result, 1, MostEpochs),
            DefaultValueFactory = _ => defaults.Epochs,
        };
        _batchSize = new("--batch-size")
        {
            Description = "How many samples make one step.",
            HelpName = "N",
            CustomParser = result => WholeNumber(result, 1, MostSamples),
            DefaultValueFactory = _ => defaults.BatchSize,
        };
        _learningRate = new("--learning-rate")
        {
            Description = "The size of the first steps.",
            HelpName = "X",
            CustomParser = LearningRate,
            DefaultValueFactory = _ => defaults.LearningRate,
        };
        _activation = defaults.Activation is { } byDefault
            ? OwnOption.Choice("--activation", "activation", "What follows each hidden layer", ActivationNames, byDefault)
            : null;
        _seed = new("--seed")
        {
            Description = "Where the random numbers start: initial weights, dropout and the order of the samples; "
                + "never the split of the data.",
            HelpName = "N",
            CustomParser = result => WholeNumber<ulong>(result, 0, ulong.MaxValue),
            DefaultValueFactory = _ => 0,
        };
        _threads = new("--threads")
        {
            Description = $"How many threads the device cpu uses, 1 to {MostThreads}; the result is the same for any. "
                + "Without it: one a core.",
            HelpName = "N",
            CustomParser = result => WholeNumber<int>(result, 1, MostThreads),
        };
        _lanes = new("--lanes")
        {
            Description = "How many bits the registers of the device cpu have: 512, 256, 128, or scalar for one number at a time. "
                + "Without it: the widest that the machine accelerates.",
            HelpName = "BITS",
            CustomParser = LaneBits,
        };
        _device = new("--device")
        {
            Description = "What computes: cpu, reference (plain loops in double precision: slow), cuda or opencl; "
                + "the command devices lists what is there.",
            HelpName = "NAME",
            CustomParser = ParseDevice,
            DefaultValueFactory = _ => Device.Cpu,
        };
    }

    public void AddTo(Command command)
    {
        Option?[] options =
        [
            .. _own, _epochs, _batchSize, _learningRate, _activation, _seed, _threads, _lanes, _device, _data, _out, _resume, _report,
            _watch,
        ];
        foreach (var option in options.OfType<Option>())
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            string? device = result.GetResult(_device) is { Tokens: [var token, ..] } ? token.Value : null;
            if (string.Equals(device, Device.Reference.Name, StringComparison.OrdinalIgnoreCase))
            {
                RefuseFor(device, result, _threads, "threads");
                RefuseFor(device, result, _lanes, "registers");
            }

            if (result.GetValue(_resume) && result.GetResult(_out) is null)
            {
                result.AddError($"{_resume.Name}: say by {_out.Name} in which folder the run is");
            }

            if (result.GetValue(_report) && result.GetResult(_out) is null)
            {
                result.AddError($"{_report.Name}: say by {_out.Name} in which folder it is to be");
            }
        });
    }

    public TrainingSettings Read(ParseResult result)
    {
        var device = result.GetRequiredValue(_device);
        return new TrainingSettings(
            result.GetValue(_epochs),
            result.GetValue(_batchSize),
            result.GetValue(_learningRate),
            _activation is null ? "" : result.GetRequiredValue(_activation),
            result.GetValue(_seed),
            device is CpuDevice && (result.GetValue(_threads), result.GetValue(_lanes)) is (var threads, var lanes) and not (null, null)
                ? new CpuDevice(threads, lanes)
                : device,
            result.GetValue(_data),
            result.GetValue(_out),
            result.GetValue(_resume),
            result.GetValue(_report),
            result.GetValue(_watch))
        {
            Own = result,
        };
    }

    /// <summary>A whole number; what is none is refused.</summary>
    public static T WholeNumber<T>(ArgumentResult result, T least, T most) where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        return Refuse(result, least, $"'{text}' is not a whole number from {least} to {most}");
    }

    /// <summary>Refuses what was given, in one line, and returns a value that nobody will use.</summary>
    public static T Refuse<T>(ArgumentResult result, T unused, string problem)
    {
        string option = (result.Parent as OptionResult)?.Option.Name ?? "";
        result.AddError($"{option}: {problem}");
        return unused;
    }

    private static void RefuseFor(string? device, CommandResult result, Option<int?> option, string noun)
    {
        if (result.GetResult(option) is not null)
        {
            result.AddError($"{option.Name}: the device {device} has no {noun} to choose; leave the option out");
        }
    }

    private static int? LaneBits(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int bits = text switch { "512" => 512, "256" => 256, "128" => 128, "scalar" => 32, _ => 0 };
        return bits == 0 ? Refuse(result, 0, $"'{text}' is none of 512, 256, 128 and scalar")
            : CpuDevice.Supports(bits) ? bits
            : Refuse(result, 0, $"this machine has no registers of {bits} bits");
    }

    private static float LearningRate(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value > 0 && float.IsFinite(value)
            ? value
            : Refuse(result, 0f, $"'{text}' is not a positive number");
    }

    private static Device ParseDevice(ArgumentResult result)
    {
        try
        {
            return Device.Parse(result.Tokens[0].Value);
        }
        catch (ArgumentException exception)
        {
            // Without the name of the C# parameter, which .NET appends.
            return Refuse(result, Device.Cpu, exception.Message.Split(" (Parameter")[0]);
        }
    }
}
