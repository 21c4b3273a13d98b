using TinyNet.Autograd;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>When checkpoints are written, and what else is done in their folder.</summary>
[Collection(GlobalState.Name)]
public class CheckpointFolderTests
{
    /// <summary>Of 7 batches; with 3 a step they end after batches 3, 6 and 7.</summary>
    [Theory]
    [InlineData(1, 3, new long[] { 3, 6, 7 })]
    [InlineData(1, 7, new long[] { 7 })]
    [InlineData(3, 4, new long[] { 2, 3 })]
    [InlineData(3, 2, new long[] { 1, 2, 3 })]
    [InlineData(3, 7, new long[] { 3 })]
    public void One_is_written_with_the_step_that_reaches_so_many_batches(int batchesPerStep, int every, long[] steps)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run")) { EveryBatches = every, EveryEpochs = 9, Keep = 99 };
        using var loader = TinyRun.Loader();
        Make(checkpoints, batchesPerStep).Fit(loader);
        Assert.Equal(steps, checkpoints.List().Select(path =>
        {
            using var checkpoint = RunCheckpoint.Open(path);
            return checkpoint.Step;
        }));
    }

    [Fact]
    public void What_killed_processes_left_is_deleted_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        Directory.CreateDirectory(checkpoints.Path);
        string[] others = ["notes.tinynet-tmp", "model.safetensors.abc.tinynet-tmp", "checkpoint-000000003.txt"];
        foreach (string name in (string[])[.. others, "checkpoint-000000003.safetensors.abc.tinynet-tmp"])
        {
            File.WriteAllText(Path.Combine(checkpoints.Path, name), "half of it");
        }

        using var loader = TinyRun.Loader();
        Make(checkpoints).Fit(loader);
        Assert.Equal(
            [.. others.Append("checkpoint-000000007.safetensors").Order(StringComparer.Ordinal)],
            Directory.EnumerateFiles(checkpoints.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_the_first_batch()
    {
        using var folder = new TemporaryFolder();
        using var loader = TinyRun.Loader();
        File.WriteAllText(folder.At("file"), "");
        Refuses<IOException>(new CheckpointFolder(folder.At("file")), folder.At("file"));
        Refuses<IOException>(new CheckpointFolder(folder.At("file/below")), folder.At("file/below"));
        Refuses<InvalidOperationException>(
            new CheckpointFolder(folder.At("run")) { Metadata = { ["tinynet.mine"] = "" } }, "'tinynet.mine'", "'tinynet.'");
        Refuses<InvalidOperationException>(new CheckpointFolder(folder.At("run")) { Metadata = { ["model"] = null! } }, "'model'", "null");

        void Refuses<T>(CheckpointFolder checkpoints, params string[] parts) where T : Exception
        {
            var trainer = Make(checkpoints);
            float[] before = TinyRun.Weights(trainer.Model);
            Refusal.Of<T>(() => trainer.Fit(loader), parts);
            Assert.Equal(before, TinyRun.Weights(trainer.Model));
            Assert.Equal(0, trainer.Step);
        }
    }

    private static Trainer Make(CheckpointFolder checkpoints, int batchesPerStep = 1)
    {
        var model = TinyRun.Model();
        return new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            BatchesPerStep = batchesPerStep,
            Checkpoints = checkpoints,
        };
    }
}
