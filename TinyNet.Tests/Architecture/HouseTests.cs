using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TinyNet.Tests.Architecture;

/// <summary>Rules about the repository itself.</summary>
public class HouseTests
{
    private const string TestCommand = "dotnet test TinyNet.sln -c Release";
    private const string TrainCommand = "dotnet run -c Release --project TinyNet.Examples -- train digits";

    public static TheoryData<string> Projects => [.. Repository.Files(".csproj")];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_file_states_references_and_no_versions(string project)
    {
        var xml = XDocument.Load(Path.Combine(Repository.Root, project));

        Assert.DoesNotContain(xml.Descendants(), e => e.Attribute("Version") is not null || e.Attribute("VersionOverride") is not null);
        Assert.DoesNotContain(xml.Descendants(), e => e.Name.LocalName is "TargetFramework" or "Nullable" or "LangVersion" or "NoWarn");

        // The peers bring along libtorch, which nobody should restore who does not measure them.
        Assert.Equal(
            Path.GetFileName(project) != "TinyNet.Bench.Peers.csproj",
            Repository.Read("TinyNet.sln").Contains(Path.GetFileName(project), StringComparison.Ordinal));
    }

    [Fact]
    public void No_file_names_a_package_registry()
    {
        Assert.Empty(Repository.Files("nuget.config"));
        // What package feeds of every kind end in, spelled so that this file does not match itself.
        var address = new Regex(@"https?://[^\s""']*(/v[23]/" + "index|packages/" + "feed)", RegexOptions.IgnoreCase);
        string[] endings =
        [
            ".cs", ".csproj", ".props", ".targets", ".json", ".md", ".sh", ".sln", ".editorconfig", Path.Combine(".ci", "run"),
        ];

        Assert.DoesNotContain(endings.SelectMany(Repository.Files), file => address.IsMatch(Repository.Read(file)));
    }

    [Fact]
    public void The_commands_of_the_readme_are_the_ones_that_are_run()
    {
        var readme = Repository.Read("README.md");

        Assert.Contains(TrainCommand, readme, StringComparison.Ordinal);
        Assert.Contains(TestCommand, readme, StringComparison.Ordinal);
        Assert.Contains(TestCommand, Repository.Read(Path.Combine(".ci", "run")), StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_libraries_have_a_public_type_of_one_name()
    {
        // A program uses all of them, and could not say which one it means.
        var types =
            from file in Repository.Files(".txt")
            where Path.GetFileName(file).StartsWith("PublicAPI.", StringComparison.Ordinal)
            from line in Repository.Read(file).Split('\n')
            let match = Regex.Match(line, @"^(?<library>TinyNet\.\w+)\.(?<type>\w+)(<[^.>]*>)?$")
            where match.Success
            select (Name: match.Groups["type"].Value, Library: match.Groups["library"].Value);

        var twice = types.Distinct().GroupBy(type => type.Name).Where(group => group.Count() > 1).Select(group => group.Key);
        Assert.NotEmpty(types);
        Assert.Empty(twice);
    }

    [Fact]
    public void A_namespace_is_the_name_of_its_project()
    {
        var declaration = new Regex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline);
        var wrong =
            from file in Repository.Files(".cs")
            let project = file.Split(Path.DirectorySeparatorChar)[0]
            where project.StartsWith("TinyNet.", StringComparison.Ordinal)
            from Match match in declaration.Matches(Repository.Read(file))
            let name = match.Groups[1].Value
            where project.EndsWith("Tests", StringComparison.Ordinal)
                ? !(name + ".").StartsWith(project + ".", StringComparison.Ordinal)
                : name != project
            select $"{file}: {name}";

        Assert.Empty(wrong);
    }
}
