using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace TinyNet.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md: which project may use which. Any other arrow fails, and so does an unlisted project.</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["TinyNet.Core"] = [],
        ["TinyNet.Autograd"] = ["TinyNet.Core"],
        ["TinyNet.Layers"] = ["TinyNet.Autograd", "TinyNet.Core"],
        ["TinyNet.Data"] = ["TinyNet.Core"],
        ["TinyNet.Training"] = ["TinyNet.Layers", "TinyNet.Autograd", "TinyNet.Data", "TinyNet.Core"],
        ["TinyNet.Analysis"] = ["TinyNet.Training", "TinyNet.Layers", "TinyNet.Autograd", "TinyNet.Data", "TinyNet.Core"],
        ["TinyNet.Plots"] = ["TinyNet.Analysis"],
        ["TinyNet.Ilgpu"] = ["TinyNet.Core"],
        ["TinyNet.Images"] = ["TinyNet.Data", "TinyNet.Core"],
    };

    // What stands outside the libraries may use all of them.
    private static readonly string[] Programs =
    [
        "TinyNet.Examples", "TinyNet.Bench", "TinyNet.Bench.Peers", "TinyNet.Tests", "TinyNet.ExtensionTests", "TinyNet.Ilgpu.Tests",
        "TinyNet.Images.Tests",
    ];

    // Beyond the .NET runtime.
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["TinyNet.Core"] = ["System.Numerics.Tensors"],
        ["TinyNet.Autograd"] = ["System.Numerics.Tensors"],
        ["TinyNet.Layers"] = ["System.Numerics.Tensors"],
        ["TinyNet.Data"] = ["System.Numerics.Tensors"],
        ["TinyNet.Training"] = ["System.Numerics.Tensors"],
        ["TinyNet.Analysis"] = ["System.Numerics.Tensors"],
        ["TinyNet.Plots"] = ["ScottPlot", "SkiaSharp"],
        ["TinyNet.Ilgpu"] = ["System.Numerics.Tensors", "ILGPU", "ILGPU.Algorithms"],
        ["TinyNet.Images"] = ["System.Numerics.Tensors", "SixLabors.ImageSharp"],
        ["TinyNet.Examples"] = ["System.Numerics.Tensors", "Spectre.Console", "Spectre.Console.Ansi", "System.CommandLine"],
    };

    private static readonly string RuntimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static TheoryData<string> BuiltLibraries => [.. Libraries()];

    public static TheoryData<string> Projects => [.. Repository.Files(".csproj")];

    [Theory, MemberData(nameof(BuiltLibraries))]
    public void A_library_uses_only_what_its_arrows_allow(string assembly)
    {
        Assert.Empty(Forbidden(assembly, References(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"))));
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_file_references_only_what_its_arrows_allow(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Empty(Forbidden(Path.GetFileNameWithoutExtension(project), references));
    }

    [Fact]
    public void The_given_libraries_are_checked()
    {
        string[] given =
        [
            "TinyNet.Core", "TinyNet.Autograd", "TinyNet.Layers", "TinyNet.Data", "TinyNet.Images", "TinyNet.Training", "TinyNet.Analysis",
            "TinyNet.Plots", "TinyNet.Examples",
        ];

        Assert.Subset(Libraries().ToHashSet(), given.ToHashSet());
    }

    [Theory]
    [InlineData("TinyNet.Core", "TinyNet.Autograd")]
    [InlineData("TinyNet.Data", "TinyNet.Layers")]
    [InlineData("TinyNet.Core", "Spectre.Console")]
    [InlineData("TinyNet.Layers", "ILGPU")]
    [InlineData("TinyNet.Unheard", "TinyNet.Core")]
    public void A_wrong_arrow_is_found(string from, string to) => Assert.NotEmpty(Forbidden(from, [to]));

    private static IEnumerable<string> Libraries() => Directory.EnumerateFiles(AppContext.BaseDirectory, "TinyNet.*.dll")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Where(name => !Programs.Contains(name) || Packages.ContainsKey(name));

    private static IEnumerable<string> Forbidden(string from, IEnumerable<string> references)
    {
        if (!Arrows.TryGetValue(from, out var arrows))
        {
            if (!Programs.Contains(from))
            {
                return [$"{from} is not in the table of arrows"];
            }

            arrows = [.. Arrows.Keys, .. Programs];
        }

        var packages = Packages.GetValueOrDefault(from, []);
        return references
            .Where(to => !arrows.Contains(to) && !packages.Contains(to) && !IsRuntime(to))
            .Select(to => $"{from} -> {to}");
    }

    private static bool IsRuntime(string assembly) => File.Exists(Path.Combine(RuntimeFolder, assembly + ".dll"));

    /// <summary>The assemblies that a compiled assembly refers to, read from its metadata without loading it.</summary>
    private static List<string> References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.AsEnumerable().Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)),
        ];
    }
}
