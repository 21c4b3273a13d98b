using TinyNet.Autograd;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>In a steady step Fit allocates what the loop written out does, and nothing of its own.</summary>
[Collection(GlobalState.Name)]
public class TrainerAllocationTests
{
    private const int Batches = 60, Epochs = 3;

    [Theory, InlineData("nothing"), InlineData("schedule"), InlineData("average"), InlineData("progress")]
    public void It_allocates_no_more_than_the_loop(string what)
    {
        using var loader = new DataLoader(TinyRun.Data(Batches * 8), batchSize: 8, prefetch: 0);
        var model = Model();
        var counter = new Counter();
        var trainer = new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            StepSchedule = what == "schedule" ? new CosineSchedule(1000) : null,
            Average = what == "average" ? WeightAverage.Exponential(model) : null,
            Callbacks = { counter },
        };
        if (what == "progress")
        {
            trainer.Callbacks.Add(new ConsoleProgress(TextWriter.Null));
        }

        trainer.Fit(loader, epochs: Epochs);
        long fit = counter.Bytes;

        var other = Model();
        var optimizer = new Adam(other.Parameters());
        var crossEntropy = new CrossEntropy();
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            int batch = 0;
            foreach (var (features, labels) in loader)
            {
                using (var tape = Tape.Record())
                {
                    tape.Backward(crossEntropy.Forward(other.Forward(features), labels));
                    optimizer.Step();
                }

                counter.Count(++batch);
            }
        }

        Assert.InRange(fit / (double)Batches, 0, counter.Bytes / (double)Batches + 32);
    }

    private static Sequential Model() => new(new Dense(4, 16), new ReLU(), new Dense(16, 2));

    /// <summary>What this thread allocates between the first batch of an epoch and its last.</summary>
    private sealed class Counter : Callback
    {
        private long _start;

        public long Bytes { get; private set; }

        public override void OnBatchEnded(TrainingRun run) => Count(run.Batch);

        public void Count(int batch)
        {
            if (batch == 1)
            {
                _start = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (batch == Batches)
            {
                Bytes = GC.GetAllocatedBytesForCurrentThread() - _start;
            }
        }
    }
}
