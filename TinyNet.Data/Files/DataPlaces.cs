using System.Diagnostics.CodeAnalysis;

namespace TinyNet.Data;

/// <summary>Where the files of a dataset may lie, and the one message for when they do not.</summary>
/// <param name="name">What the dataset is called in messages.</param>
/// <param name="folderNames">What a folder of it is called, relative to a folder of several datasets; the usual name first.</param>
/// <param name="systemFolder">Where a package of the system puts it; null if none does.</param>
/// <param name="wanted">Its files, in words.</param>
/// <param name="source">Who has them: an address.</param>
internal sealed class DataPlaces(string name, string[] folderNames, string? systemFolder, string wanted, string source)
{
    /// <summary>The environment variable with the folder in which datasets have folders of their own.</summary>
    public const string Variable = "TINYNET_DATA";

    private const string Unsaid = $"no folder was given and {Variable} is not set";

    /// <summary>The folder of the environment variable; null where it is not set.</summary>
    private static string? Default => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } root ? root : null;

    /// <summary>Finds something of a folder; false where the folder does not have it, and then what is missing, or null for all.</summary>
    public delegate bool Finder<T>(string folder, [NotNullWhen(true)] out T? found, out string? missing);

    /// <summary>What the first folder has that has all of it.</summary>
    /// <param name="folder">The folder of the dataset or the one above it; null for the environment variable and the system.</param>
    /// <param name="find">What is looked for.</param>
    /// <exception cref="DataNotFoundException">No folder has it.</exception>
    public T Find<T>(string? folder, Finder<T> find) where T : class
    {
        // An empty name is none, as that of the variable.
        folder = folder is { Length: > 0 } ? folder : null;
        var looked = new List<string>();
        foreach (string place in Candidates(folder))
        {
            if (find(place, out var found, out string? missing))
            {
                return found;
            }

            looked.Add(!Directory.Exists(place) ? $"{place} (no such folder)" : missing is null ? place : $"{place} (without {missing})");
        }

        string asked = folder is not null ? "" : Default is { } root ? $"; {Variable} is '{root}'" : $"; {Unsaid}";
        string where = looked.Count > 0 ? $"; looked in {string.Join(", ", looked)}" : "";
        throw new DataNotFoundException($"{name} needs {wanted}{asked}{where}. Get them from {source}, and give the folder that has them, "
            + $"or set the environment variable {Variable} to a folder that has them in '{folderNames[0]}'");
    }

    /// <summary>The folder of the dataset itself, for files that are put there; it need not be there.</summary>
    /// <param name="folder">That folder or the one above it; null for the environment variable.</param>
    /// <exception cref="ArgumentException">No folder was given, and the variable is not set.</exception>
    public string Own(string? folder)
    {
        string root = (folder is { Length: > 0 } ? folder : Default)
            ?? throw new ArgumentException($"{name}: {Unsaid}; say where the files are to be", nameof(folder));
        return IsOwn(root) ? root : Path.Combine(root, folderNames[0]);
    }

    /// <summary>
    /// Folders of the dataset's own name come first: a folder of several datasets may hold another's files of the same names. For that
    /// reason the variable's folder itself counts only if it has the dataset's name.
    /// </summary>
    private IEnumerable<string> Candidates(string? folder)
    {
        if ((folder ?? Default) is { } root)
        {
            foreach (string own in folderNames)
            {
                yield return Path.Combine(root, own);
            }

            if (folder is not null || IsOwn(root))
            {
                yield return root;
            }
        }

        if (folder is null && systemFolder is not null)
        {
            yield return systemFolder;
        }
    }

    /// <summary>Whether a folder has a name of the dataset.</summary>
    private bool IsOwn(string folder) => folderNames.Contains(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
}
