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
