using System.CommandLine;

namespace TinyNet.Examples;

/// <summary>The command <c>predict</c>: asks a model that a training has saved.</summary>
internal static class PredictCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(IReadOnlyList<Example> examples, TextWriter output)
    {
        var model = new Argument<string>("model")
        {
            Description = "The folder of a training (--out), or a file of weights that one has saved.",
            HelpName = "MODEL",
        };
        var inputs = new Argument<string[]>("inputs")
        {
            Description = "What to ask: image files (PNG, JPEG) or folders of them, as light or dark as those it learned from; a sentence; "
                + "a text to continue.",
            HelpName = "INPUT",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var test = new Option<bool>("--test")
        {
            Description = "Measure the model on the test data of its example, as its training did at the end.",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The folder of datasets for --test; without it that of the environment variable TINYNET_DATA.",
            HelpName = "DIR",
        };
        var command = new Command("predict", "Ask a saved model: what images show, what a sentence says, how a text goes on.")
        {
            model, inputs, test, data,
        };
        command.SetAction(result => Run(
            examples, result.GetRequiredValue(model), result.GetValue(inputs) ?? [], result.GetValue(test), result.GetValue(data), output));
        return command;
    }

    private static void Run(IReadOnlyList<Example> examples, string path, string[] inputs, bool test, string? data, TextWriter output)
    {
        var saved = SavedModel.Open(path, data);
        string name = saved.Text(SavedModel.ExampleKey);
        if (examples.FirstOrDefault(example => example.Name == name) is not IPredictor predictor)
        {
            throw new CommandException($"'{saved.File}' is a model of '{name}', which answers no questions");
        }

        if (inputs.Length == 0 && !test)
        {
            throw new CommandException($"say what to ask: the model of '{name}' takes {predictor.Inputs}; or --test");
        }

        if (inputs.Length > 0)
        {
            predictor.Predict(saved, inputs, output);
        }

        if (test)
        {
            var (_, measure, value) = predictor.Test(saved);
            output.WriteLine($"test {measure} {value:F4} ({name})");
        }
    }
}
