using System.Diagnostics.CodeAnalysis;
using TinyNet.Bench;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>The environment variable; no other test may read it meanwhile.</summary>
[Collection(GlobalState.Name)]
public class DataPlacesTests
{
    [Theory]
    [InlineData("", "mnist")]
    [InlineData("mnist", "")]
    public void The_variable_names_the_folder_of_datasets_or_one_of_the_own_name(string root, string own)
    {
        using var folder = new TemporaryFolder([.. FileMaker.Idx(dotted: false)
            .Select(file => new CaseFile(Path.Combine(root, own, file.Name), file.Bytes))]);

        WithVariable(folder.At(root), () => Assert.Equal(3, Mnist.Load().Train.Count));
    }

    /// <summary>MNIST's files have the names of Fashion-MNIST's.</summary>
    [Fact]
    public void The_variable_alone_makes_no_dataset_of_another()
    {
        using var folder = new TemporaryFolder([.. FileMaker.Idx(dotted: false).Select(file => file with { Name = $"mnist/{file.Name}" })]);

        WithVariable(folder.At("mnist"), () => Assert.False(IsFound(folder.Root)));

        static bool IsFound(string root)
        {
            try
            {
                // Where Debian's package is installed, it is that one.
                return FashionMnist.Load().Train.Count == 3;
            }
            catch (DataNotFoundException refusal)
            {
                return !refusal.Message.Contains(root, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Without_folder_and_variable_the_message_says_so() => WithVariable(null, () =>
        Assert.Contains("no folder was given and TINYNET_DATA is not set", Assert.Throws<DataNotFoundException>(() => Mnist.Load()).Message,
            StringComparison.Ordinal));

    [Fact]
    public void With_the_variable_alone_the_message_says_what_it_is() => WithVariable("/nowhere", () => Refusal.Of<DataNotFoundException>(
        () => Mnist.Load(), "TINYNET_DATA is '/nowhere'", $"{Path.Combine("/nowhere", "mnist")} (no such folder)", "yann.lecun.com"));

    /// <summary>What a package of the system has is the last place, and none where a folder is given.</summary>
    [Fact]
    public void The_folder_of_the_system_is_found_by_itself()
    {
        using var folder = new TemporaryFolder(new CaseFile("system/a", []), new CaseFile("data/set/a", []));
        var places = new DataPlaces("a set", ["set"], folder.At("system"), "the file a", "somebody");

        WithVariable(null, () => Assert.Equal(folder.At("system"), places.Find<string>(null, TryFind)));
        WithVariable(folder.At("empty"), () => Assert.Equal(folder.At("system"), places.Find<string>(null, TryFind)));
        WithVariable(folder.At("data"), () => Assert.Equal(folder.At("data/set"), places.Find<string>(null, TryFind)));
        WithVariable(
            null, () => Refusal.Of<DataNotFoundException>(() => places.Find<string>(folder.At("empty"), TryFind), "no such folder"));

        static bool TryFind(string place, [NotNullWhen(true)] out string? found, out string? missing)
        {
            missing = null;
            found = File.Exists(Path.Combine(place, "a")) ? place : null;
            return found is not null;
        }
    }

    private static void WithVariable(string? value, Action test)
    {
        string? before = Environment.GetEnvironmentVariable("TINYNET_DATA");
        try
        {
            Environment.SetEnvironmentVariable("TINYNET_DATA", value);
            test();
        }
        finally
        {
            Environment.SetEnvironmentVariable("TINYNET_DATA", before);
        }
    }
}
