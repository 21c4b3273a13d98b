using TinyNet.Bench;

namespace TinyNet.Tests;

/// <summary>A folder for the files of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(params CaseFile[] files) => Write(files);

    public string Root { get; } = Directory.CreateTempSubdirectory("tinynet-test-").FullName;

    /// <summary>The names of the files in it.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(Root).Select(file => Path.GetFileName(file)).Order();

    /// <summary>Writes files, into folders of their own where their names say so; gives the path of the first.</summary>
    public string Write(params CaseFile[] files)
    {
        foreach (var file in files)
        {
            string path = At(file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Bytes);
        }

        return files.Length == 0 ? Root : At(files[0].Name);
    }

    public string At(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
