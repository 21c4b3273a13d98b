using TinyNet.Bench;
using TinyNet.Data;
using TinyNet.Images;

namespace TinyNet.Tests.Bench;

public class LoaderCommandTests
{
    /// <summary>MNIST's files may be a part of the official ones, with fewer images than are written otherwise.</summary>
    [Fact]
    public void Images_become_a_folder_of_files_as_many_as_there_are()
    {
        using var files = new TemporaryFolder(FileMaker.Idx(dotted: false));
        using var pngs = new TemporaryFolder();
        var (images, _) = Mnist.Load(files.Root);
        LoaderCommand.WritePngs(images, pngs.Root);

        var written = new ImageFolder(pngs.Root, 28, 28, channels: 1);
        Assert.Equal(["0", "7", "9"], written.ClassNames.ToArray());
        // By class: the second, the first and the third.
        Assert.Equal(images.Load(1, 0, 2).Features.ToArray(), written.Load(0, 1, 2).Features.ToArray());
    }
}
