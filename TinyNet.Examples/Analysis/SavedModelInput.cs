using System.CommandLine;

namespace TinyNet.Examples;

/// <summary>How a command line says which saved model is looked at.</summary>
internal sealed class SavedModelInput
{
    public Argument<string> Model { get; } = new("model")
    {
        Description = "The folder of a training (--out), or a file of weights that one has saved.",
        HelpName = "MODEL",
    };

    public Option<string?> Data { get; } =
        OwnOption.Path("--data", "DIR", "The folder of datasets; without it that of the environment variable TINYNET_DATA.");

    /// <summary>Opens it.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public SavedModel Open(ParseResult asked) => SavedModel.Open(asked.GetRequiredValue(Model), asked.GetValue(Data));

    /// <summary>The example that learned it, if that is one about images.</summary>
    /// <exception cref="CommandException">It is another one.</exception>
    public static ImageExample ExampleOf(SavedModel saved, IEnumerable<Example> examples)
    {
        string name = saved.Text(SavedModel.ExampleKey);
        var images = examples.OfType<ImageExample>().ToList();
        return images.Find(example => example.Name == name) ?? throw new CommandException(
            $"'{saved.File}' is a model of '{name}': models that see images are those of "
                + string.Join(", ", images.Select(one => one.Name)));
    }
}
