using System.CommandLine;

namespace TinyNet.Examples;

/// <summary>The command <c>predict</c>: asks a model that a training has saved.</summary>
internal static class PredictCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(IReadOnlyList<Example> examples, TextWriter output, TextWriter warnings)
    {
        var model = new Argument<string>("model")
        {
            Description = "The folder of a training (--out), or a file of weights that one has saved.",
            HelpName = "MODEL",
        };
        var inputs = new Argument<string[]>("inputs")
        {
            Description = "What to ask: image files (PNG, JPEG) or folders of them, sentences, or texts to continue. Images have to be "
                + "like those that the network learned from. Digits are light on dark: those of 'digits' fill the frame, those of MNIST "
                + "have a margin.",
            HelpName = "INPUT",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var test = new Option<bool>("--test")
        {
            Description = "Measure the model on the test data of its example, as its training did at the end; not for gpt, with which its "
                + "text is not saved.",
        };
        var data = OwnOption.Path(
            "--data", "DIR", "The folder of datasets for --test; without it that of the environment variable TINYNET_DATA.");
        var invert = new Option<bool>("--invert")
        {
            Description = "Swap light and dark in the images asked about: for dark ink on white paper.",
        };
        var command = new Command("predict", "Ask a saved model: what images show, what a sentence says, how a text goes on.")
        {
            model, inputs, invert, test, data,
        };
        command.SetAction(result => Run(
            examples, SavedModel.Open(result.GetRequiredValue(model), result.GetValue(data)) with { Inverts = result.GetValue(invert) },
            result.GetValue(inputs) ?? [], result.GetValue(test), output, warnings));
        return command;
    }

    private static void Run(
        IReadOnlyList<Example> examples, SavedModel saved, string[] inputs, bool test, TextWriter output, TextWriter warnings)
    {
        string name = saved.Text(SavedModel.ExampleKey);
        if (examples.FirstOrDefault(example => example.Name == name) is not IPredictor predictor)
        {
            throw new CommandException($"'{saved.File}' is a model of '{name}', which answers no questions");
        }

        if (inputs.Length == 0 && !test)
        {
            throw new CommandException($"say what to ask: the model of '{name}' takes {predictor.Inputs}; or --test");
        }

        if (saved.Inverts && (predictor is not ImageExample || inputs.Length == 0))
        {
            throw new CommandException($"--invert is for images to ask about: the model of '{name}' is given none");
        }

        if (inputs.Length > 0)
        {
            predictor.Predict(saved, inputs, output, warnings);
        }

        if (test)
        {
            var (_, measure, value) = predictor.Test(saved);
            output.WriteLine($"test {measure} {value:F4} ({name})");
        }
    }
}
