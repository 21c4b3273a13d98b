using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The files that are read and written by calls: in a folder that goes with the process.</summary>
internal static class ApiFiles
{
    public static string Folder { get; } = MakeFolder();

    /// <summary>The weights of a dense layer at first, and then what was last written.</summary>
    public static string Weights { get; } = MakeWeights();

    /// <summary>Where a table is written.</summary>
    public static string Table => Path.Combine(Folder, "table.csv");

    /// <summary>A path to which there is no folder.</summary>
    public static string Missing => Path.Combine(Folder, "none", "a");

    private static string MakeFolder()
    {
        string folder = Directory.CreateTempSubdirectory("tinynet-hunt-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string MakeWeights()
    {
        string path = Path.Combine(Folder, "weights.safetensors");
        new Dense(4, 3).Save(path);
        return path;
    }
}
