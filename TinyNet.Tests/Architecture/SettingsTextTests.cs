using System.Globalization;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Tests.Training;
using TinyNet.Training;

namespace TinyNet.Tests.Architecture;

/// <summary>What a debugger shows of what one holds in a variable: settings, and not the name of a type.</summary>
[Collection(GlobalState.Name)]
public class SettingsTextTests
{
    [Fact]
    public void Transforms_have_their_settings() => Lines(
        (new Normalize([0.5f, 0.25f], [1, 2]), "Normalize(mean [0.5, 0.25], deviation [1, 2])"),
        (new Normalize(new float[9], [1, 1, 1, 1, 1, 1, 1, 1, 1]), "Normalize(mean [0, 0, 0, 0, 0, …], deviation [1, 1, 1, 1, 1, …])"),
        (new RandomAffine(10, 0.1f), "RandomAffine(degrees 10, shift 0.1, zoom 0, fill 0)"),
        (new RandomCrop(4), "RandomCrop(padding 4, mode Constant, fill 0)"),
        (new RandomCrop(4, PaddingMode.Reflect), "RandomCrop(padding 4, mode Reflect)"),
        (new RandomHorizontalFlip(), "RandomHorizontalFlip(probability 0.5)"),
        (new RandomVerticalFlip(0.1f), "RandomVerticalFlip(probability 0.1)"),
        (new Cutout(16), "Cutout(size 16, fill 0, probability 1)"));

    [Fact]
    public void Losses_have_their_settings_and_what_reduction_is_not_the_mean() => Lines(
        (new MeanSquaredError(), "MeanSquaredError"),
        (new MeanAbsoluteError(Reduction.Sum), "MeanAbsoluteError(Sum)"),
        (new CrossEntropy(), "CrossEntropy"),
        (new CrossEntropy(0.1f, Tensor.Ones([3]), -100, Reduction.None),
            "CrossEntropy(label smoothing 0.1, class weights [3], ignored -100, None)"),
        (new NegativeLogLikelihood(ignoreIndex: 0), "NegativeLogLikelihood(ignored 0)"),
        (new KullbackLeibler(), "KullbackLeibler(BatchMean)"),
        (new KullbackLeibler(true, Reduction.Mean), "KullbackLeibler(of logarithms)"),
        (new BinaryCrossEntropy(Tensor.Ones([2])), "BinaryCrossEntropy(weight [2])"),
        (new BinaryCrossEntropyWithLogits(Tensor.Ones([4])), "BinaryCrossEntropyWithLogits(positive weight [4])"),
        (new SmoothL1(), "SmoothL1(beta 1)"),
        (new Huber(0.5f), "Huber(delta 0.5)"),
        (new PoissonNegativeLogLikelihood(), "PoissonNegativeLogLikelihood(of logarithms)"),
        (new GaussianNegativeLogLikelihood(true), "GaussianNegativeLogLikelihood(full, epsilon 1E-06)"),
        (new HingeEmbedding(), "HingeEmbedding(margin 1)"),
        (new MarginRanking(), "MarginRanking(margin 0)"),
        (new CosineEmbedding(0.5f), "CosineEmbedding(margin 0.5)"),
        (new TripletMargin(swap: true), "TripletMargin(margin 1, p 2, swap)"));

    [Fact]
    public void Schedules_have_their_settings() => Lines(
        (new StepSchedule(30), "StepSchedule(every 30, gamma 0.1)"),
        (new MultiStepSchedule([10, 20]), "MultiStepSchedule(at [10, 20], gamma 0.1)"),
        (new ExponentialSchedule(0.9), "ExponentialSchedule(gamma 0.9)"),
        (new LinearSchedule(5, 0.5), "LinearSchedule(steps 5, from 0.5, to 1)"),
        (new ConstantSchedule(5, 0.5), "ConstantSchedule(steps 5, factor 0.5)"),
        (new PolynomialSchedule(9, 2), "PolynomialSchedule(steps 9, power 2)"),
        (new CosineSchedule(40), "CosineSchedule(steps 40, to 0)"),
        (new WarmRestartsSchedule(10, 2), "WarmRestartsSchedule(first period 10, period factor 2, to 0)"),
        (new WarmupCosineSchedule(5, 50), "WarmupCosineSchedule(warm-up 5, steps 50, to the part 0)"),
        (new OneCycleSchedule(1, 100, divisor: 4, finalDivisor: 2),
            "OneCycleSchedule(steps 100, from 0.25, over 1, to 0.125, Cosine, cycles momentum)"),
        (new CyclicSchedule(0.1, 20, cyclesMomentum: false), "CyclicSchedule(to 0.1, steps up 20, steps down 20, Triangular)"),
        (Schedule.ByFactor(step => step), "ByFactor"),
        (new LinearSchedule(5, 0).Then(5, new CosineSchedule(9).With(new ExponentialSchedule(1))),
            "LinearSchedule(steps 5, from 0, to 1) for 5 steps, then CosineSchedule(steps 9, to 0) with ExponentialSchedule(gamma 1)"));

    [Fact]
    public void Optimizers_have_their_groups_and_what_steers_them_its_state()
    {
        var model = TinyRun.Model();
        var sgd = new SGD([.. ParameterGroup.SplitByDecay(
            model.Parameters(), new SGDOptions { LearningRate = 0.1f, Momentum = 0.9f, WeightDecay = 0.01f })]);
        sgd.Groups[1].Name = "others";
        sgd.Groups[1].LearningRate = 0.5f;
        Lines(
            (new Adam(model.Parameters(), 1e-3f), "Adam(learning rate 0.001, momentum 0.9, 8 parameters)"),
            (new RMSProp(model.Parameters(), 1e-2f), "RMSProp(learning rate 0.01, 8 parameters)"),
            (sgd, "SGD(learning rate 0.1, momentum 0.9, weight decay 0.01, 3 parameters; others: learning rate 0.5, momentum 0.9, "
                + "5 parameters)"),
            (new PlateauScheduler(sgd), "PlateauScheduler(Min, factor 0.1, patience 10, best Infinity, bad steps 0)"),
            (new LearningRateScheduler(sgd, new CosineSchedule(9)), "LearningRateScheduler(CosineSchedule(steps 9, to 0), at step 0)"));
    }

    [Fact]
    public void Data_say_how_much_they_are()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("t.csv");
        File.WriteAllText(path, "a,b,c,d,e,f\n1,2,3,4,5,6\n");
        using var loader = TinyRun.Loader();
        using DataLoader plain = new(TinyRun.Data(), 8, dropLast: true, device: Device.Reference);
        Lines(
            (CsvTable.Load(path), "t.csv: 1 rows of 6 columns, a, b, c, d, e, …"),
            (CsvTable.Load(path).Select("b"), "t.csv: 1 rows of 1 columns, b"),
            (new Vocabulary("the", "a"), "Vocabulary(4 tokens: the, a)"),
            (new Vocabulary(), "Vocabulary(2 tokens)"),
            (plain, "DataLoader(6 batches of 8 of 'tiny', on reference)"),
            (new RandomStream(7), "RandomStream(seed 7, position 0)"));
        Assert.StartsWith("DataLoader(7 batches of 8 of 'tiny', shuffled by seed 3, on ", loader.ToString());
    }

    [Fact]
    public void A_run_says_how_far_it_is()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        var trainer = TinyRun.Full(checkpoints);
        const string optimizer = "Adam(learning rate 0.01, momentum 0.9, 8 parameters)";
        Lines(
            (trainer, $"Trainer(Sequential, {optimizer}, epoch 0, step 0)"),
            (trainer.Average!, "WeightAverage(decay 0.9, steps 0)"),
            (WeightAverage.Equal(trainer.Model, 5), "WeightAverage(from step 5, steps 0)"),
            (checkpoints, $"CheckpointFolder({folder.At("run")}, epochs 1, keep 3)"),
            (new History("train_loss", "seconds"), "no epoch yet of train_loss, seconds"));
        using var loader = TinyRun.Loader();
        trainer.Fit(loader, cancellation: TestContext.Current.CancellationToken);
        using var checkpoint = RunCheckpoint.Open(checkpoints.Newest!);
        using var file = SafetensorsFile.Open(checkpoints.Newest!);
        Lines((checkpoint, $"{checkpoints.Newest}: epoch 1, step 4"));
        Assert.EndsWith(", epoch 1, step 4)", trainer.ToString());
        Assert.EndsWith(" tensors, 1 texts", file.ToString());
    }

    [Fact]
    public void Loaded_weights_say_what_was_not_loaded()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("w.safetensors");
        var model = new Sequential(new Dense(2, 3), new Dense(3, 4));
        model.Save(path);
        Lines(
            (model.Load(path), "LoadedWeights(4 loaded)"),
            (new Sequential(new Dense(2, 3)).Load(path, strict: false), "LoadedWeights(2 loaded, unexpected 1.weight, 1.bias)"),
            (model.Load(path, strict: false, rename: name => name.StartsWith("1.", StringComparison.Ordinal) ? null : name),
                "LoadedWeights(2 loaded, missing 1.weight, 1.bias)"),
            (model.Snapshot(), "WeightsSnapshot(4 tensors: 0.weight, 0.bias, 1.weight, 1.bias)"));
    }

    private static void Lines(params (object Described, string Expected)[] lines)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Where 0.5 is 0,5.
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = other;
            Assert.All(lines, line => Assert.Equal(line.Expected, line.Described.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
