using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>
/// A small run with all that a checkpoint has to keep: dropout of two streams, batch norm, shuffled batches of uneven size.
/// </summary>
internal static class TinyRun
{
    public const int Samples = 53, BatchSize = 8;

    public static ArrayDataset Data(int samples = Samples, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        float[] features = [.. Enumerable.Range(0, samples * 4).Select(_ => random.Normal())];
        int[] labels = [.. Enumerable.Range(0, samples).Select(i => features[4 * i] + features[4 * i + 1] > 0 ? 1 : 0)];
        return new ArrayDataset("tiny", features, [4], labels, ["down", "up"]);
    }

    public static DataLoader Loader(ulong seed = 3, int batchSize = BatchSize) => new(Data(), batchSize, shuffle: true, seed: seed);

    /// <summary>The model; the default stream begins anew, so that two of them are the same.</summary>
    public static Sequential Model(ulong dropoutSeed = 11)
    {
        RandomStream.Reseed(5);
        return new Sequential(
            new Dense(4, 8), new BatchNorm1d(8), new ReLU(), new Dropout(0.3f), new Dense(8, 8), new Tanh(),
            new Dropout(0.2f, new RandomStream(dropoutSeed)), new Dense(8, 2));
    }

    /// <summary>A trainer that averages, keeps the best, adds gradients up, clips them, and follows a schedule.</summary>
    public static Trainer Full(CheckpointFolder? checkpoints = null, params Callback[] callbacks)
    {
        var model = Model();
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy())
        {
            Metrics = { new Right() },
            StepSchedule = new CosineSchedule(40),
            Average = WeightAverage.Exponential(model, 0.9),
            KeepBest = true,
            BatchesPerStep = 2,
            ClipNorm = 0.5f,
            Checkpoints = checkpoints,
        };
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer;
    }

    /// <summary>All parameters and buffers, bit for bit.</summary>
    public static float[] Weights(Module model) =>
        [.. model.NamedParameters().SelectMany(p => p.Parameter.ToArray()), .. model.NamedBuffers().SelectMany(b => b.Buffer.ToArray())];

    /// <summary>How many samples were right: a metric as a stranger writes it.</summary>
    public class Right : Metric<Tensor, IndexTensor>
    {
        private double _right, _all;

        public override string Name => "right";

        public override double Value => _right / _all;

        public override double[] State
        {
            get => [_right, _all];
            set => (_right, _all) = value.Length == 2 ? (value[0], value[1]) : throw new ArgumentException("two numbers");
        }

        public override void Add(Tensor output, IndexTensor target)
        {
            _right += output.Accuracy(target) * target.Length;
            _all += target.Length;
        }

        public override void Clear() => (_right, _all) = (0, 0);
    }

    /// <summary>Stops after some batches in all.</summary>
    public sealed class StopAfter(int batches) : Callback
    {
        private int _batches;

        public override void OnBatchEnded(TrainingRun run)
        {
            if (++_batches == batches)
            {
                run.Stop();
            }
        }
    }
}
