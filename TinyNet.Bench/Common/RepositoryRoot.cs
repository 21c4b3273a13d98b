namespace TinyNet.Bench;

/// <summary>The folder of the repository, for commands that write into it or build from it.</summary>
internal static class RepositoryRoot
{
    /// <exception cref="CommandFailure">The program does not lie in a repository.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TinyNet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new CommandFailure($"there is no TinyNet.sln above {AppContext.BaseDirectory}: run the command from the repository");
    }
}
