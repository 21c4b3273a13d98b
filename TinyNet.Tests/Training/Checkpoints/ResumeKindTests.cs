using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Whatever optimizer and layers a run has, one that was stopped and resumed ends in the bits of one that was not.</summary>
[Collection(GlobalState.Name)]
public class ResumeKindTests
{
    private static readonly Dictionary<string, Func<IReadOnlyList<Parameter>, Optimizer>> Optimizers = new()
    {
        ["Adadelta"] = parameters => new Adadelta(parameters),
        ["Adagrad"] = parameters => new Adagrad(parameters, learningRate: 0.1f, learningRateDecay: 0.1f, initialAccumulator: 0.1f),
        ["Adam"] = parameters => new Adam(parameters, amsgrad: true),
        ["Adamax"] = parameters => new Adamax(parameters),
        ["AdamW"] = parameters => new AdamW(parameters),
        ["AdamW of two groups"] = parameters => new AdamW(ParameterGroup.SplitByDecay(parameters, new AdamWOptions())),
        ["NAdam"] = parameters => new NAdam(parameters),
        ["RAdam"] = parameters => new RAdam(parameters, learningRate: 0.01f),
        ["RMSProp"] = parameters => new RMSProp(parameters, momentum: 0.9f, centered: true),
        ["SGD"] = parameters => new SGD(parameters, learningRate: 0.1f),
        ["SGD with momentum"] = parameters => new SGD(parameters, learningRate: 0.1f, momentum: 0.9f, dampening: 0.1f),
    };

    /// <summary>What stands between a dense layer of 4 to 12 features and one of 12 to 2.</summary>
    private static readonly Dictionary<string, Func<RandomStream?, Module<Tensor, Tensor>[]>> Layers = new()
    {
        ["AlphaDropout"] = random => [new AlphaDropout(0.3f, random)],
        ["BatchNorm1d"] = _ => [new BatchNorm1d(12, momentum: null)],
        ["Dropout"] = random => [new Dropout(0.3f, random), new Tanh(), new Dropout(0.3f, random)],
        ["encoder"] = random => [Sequence, new Encoder(random), new Flatten()],
        ["GRU"] = random => [Sequence, new GRU(4, 12, layers: 2, dropout: 0.3f, random: random).LastStep()],
        ["LSTM"] = random => [Sequence, new LSTM(4, 12, layers: 3, dropout: 0.3f, random: random).LastStep()],
        ["RNN"] = random => [Sequence, new RNN(4, 12, layers: 2, dropout: 0.3f, random: random).LastStep()],
        ["RReLU"] = random => [new RReLU(random: random)],
        ["SpatialDropout"] = random => [Sequence, new SpatialDropout(0.3f, random), new Flatten()],
    };

    public static TheoryData<string> OptimizerKinds => [.. Optimizers.Keys];

    public static TheoryData<string, bool> LayerKinds
    {
        get
        {
            var kinds = new TheoryData<string, bool>();
            foreach (string kind in Layers.Keys)
            {
                kinds.AddRange((kind, false), (kind, true));
            }

            return kinds;
        }
    }

    private static Lambda Sequence => new(x => x.Reshape([x.Shape[0], 3, 4]));

    [Theory, MemberData(nameof(OptimizerKinds))]
    public void An_optimizer_goes_on(string kind) => AssertGoesOn(
        () => new Sequential(new Dense(4, 12), new BatchNorm1d(12), new Tanh(), new Dense(12, 2)), Optimizers[kind]);

    [Theory, MemberData(nameof(LayerKinds))]
    public void A_layer_goes_on(string kind, bool hasOwnStream) => AssertGoesOn(
        () => new Sequential([new Dense(4, 12), .. Layers[kind](hasOwnStream ? new RandomStream(21) : null), new Dense(12, 2)]),
        parameters => new Adam(parameters));

    /// <summary>A module in two places, and one of which a callback changes what is learned.</summary>
    [Fact]
    public void Shared_and_thawed_modules_go_on() => AssertGoesOn(
        () =>
        {
            var shared = new Dense(4, 4);
            var model = new Sequential(shared, new Tanh(), shared, new Dense(4, 2));
            shared.Freeze();
            return model;
        },
        parameters => new NAdam(parameters),
        new Thaw());

    private static void AssertGoesOn(
        Func<Sequential> build, Func<IReadOnlyList<Parameter>, Optimizer> optimize, params Callback[] callbacks)
    {
        var whole = Run(null, null);
        foreach (int stop in new[] { 3, 7, 10 })
        {
            using var folder = new TemporaryFolder();
            var checkpoints = new CheckpointFolder(folder.At("run"));
            Run(checkpoints, stop);
            var resumed = Run(checkpoints, null);
            Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
            Assert.Equal(whole.History!["train_loss"], resumed.History!["train_loss"]);
        }

        Trainer Run(CheckpointFolder? checkpoints, int? stopAfter)
        {
            RandomStream.Reseed(5);
            var model = build();
            var trainer = new Trainer(model, optimize(model.Parameters()), new CrossEntropy()) { Checkpoints = checkpoints };
            Array.ForEach(callbacks, trainer.Callbacks.Add);
            if (stopAfter is { } batches)
            {
                trainer.Callbacks.Add(new TinyRun.StopAfter(batches));
            }

            if (checkpoints is not null)
            {
                Assert.Equal(stopAfter is null, trainer.TryResume());
            }

            using var loader = TinyRun.Loader();
            trainer.Fit(loader, epochs: 3);
            return trainer;
        }
    }

    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly TransformerEncoderLayer _layer;

        public Encoder(RandomStream? random) =>
            _layer = Child("layer", new TransformerEncoderLayer(4, heads: 2, hidden: 6, dropout: 0.3f, random: random));

        protected override Tensor ForwardCore(Tensor input) => _layer.Forward(new EncoderInput(input));
    }

    private sealed class Thaw : Callback
    {
        public override void OnEpochStarted(TrainingRun run) => ((Sequential)run.Model)[0].Freeze(run.Epoch < 2);
    }
}
