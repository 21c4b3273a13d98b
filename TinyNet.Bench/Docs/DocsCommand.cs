using System.CommandLine;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary><c>docs</c>: writes the pages that are made of the XML documentation, and the pictures of others.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; exit with 1 if the page is not what would be written." };
        var pictures = new Option<bool>("--pictures")
        {
            Description = $"Draw the pictures of {FigurePictures.Location}, some of them of trainings, instead of the page.",
        };
        var command = new Command("docs", $"Write {ActivationPage.Location} from the XML documentation.") { check, pictures };
        command.SetAction(parsed => CommandFailure.Guard(() =>
            parsed.GetValue(pictures) ? DrawPictures() : Run(parsed.GetValue(check))));
        return command;
    }

    private static int Run(bool isCheck)
    {
        string page;
        try
        {
            page = ActivationPage.Create(XmlDocumentation.Of(typeof(Activation)));
        }
        catch (DocumentationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }

        string path = Path.Combine(RepositoryRoot.Find(), ActivationPage.Location);
        if (File.Exists(path) && File.ReadAllText(path) == page)
        {
            Console.WriteLine($"{ActivationPage.Location} is up to date");
            return 0;
        }

        if (isCheck)
        {
            Console.Error.WriteLine($"{ActivationPage.Location} is not what the XML documentation says: run docs without --check");
            return 1;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, page);
        Console.WriteLine($"wrote {ActivationPage.Location}");
        return 0;
    }

    private static int DrawPictures()
    {
        string folder = Path.Combine(RepositoryRoot.Find(), FigurePictures.Location);
        foreach (string name in FigurePictures.All.Keys)
        {
            FigurePictures.Draw(name, folder);
            Console.WriteLine($"wrote {FigurePictures.Location}/{name}.png");
        }

        return 0;
    }
}
