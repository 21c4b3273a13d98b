using System.Globalization;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>Prices of a table, in their own units. The files are named from where it runs, as a program does.</summary>
public sealed class RegressionTests : IDisposable
{
    private static readonly string[] Files = ["houses.csv", "houses.safetensors"];

    public RegressionTests()
    {
        var random = new RandomStream(3);
        File.WriteAllLines("houses.csv", Enumerable.Range(0, 1000).Select(i =>
        {
            var (area, rooms, year) = (30 + random.Next(170), 1 + random.Next(6), 1900 + random.Next(120));
            float distance = random.Next(300) / 10f;
            double price = area * (1500 + 2000 * Math.Exp(-distance / 10)) + 12_000 * rooms + 700 * (year - 1900) + random.Normal(0, 8000);
            return string.Create(CultureInfo.InvariantCulture, $"{i},{area},{rooms},{year},{distance},{price:F0}");
        }).Prepend("id,area,rooms,year,distance,price"));
    }

    public void Dispose() => Array.ForEach(Files, File.Delete);

    [Fact]
    public void A_table_of_prices_is_learned_at_the_first_attempt()
    {
        // <training>
        var (all, test) = CsvTable.Load("houses.csv").Without("id").ToRegression("price").Split(0.2);
        var (kept, heldOut) = all.Split(0.1);
        using var train = new DataLoader<RegressionBatch>(kept, batchSize: 32, shuffle: true, seed: 1);
        using var validation = new DataLoader<RegressionBatch>(heldOut, batchSize: 100);

        var (x, y) = (Normalize.Measure(kept, "features"), Normalize.Measure(kept, "target"));
        var model = Build(new Standardize(x.Mean, x.Deviation), new Rescale(y.Mean, y.Deviation));
        var trainer = new RegressionTrainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new MeanSquaredError())
        {
            Metrics = { new R2(), new MAE() },
            KeepBest = true,
        };
        trainer.Fit(train, validation, epochs: 30);

        using var testLoader = new DataLoader<RegressionBatch>(test, batchSize: 100);
        Console.WriteLine(trainer.Evaluate(testLoader));        // R2 0.99, and the mean error in the currency of the table
        model.Save("houses.safetensors");

        static Sequential Build(Standardize standardize, Rescale rescale) => new(
            standardize, new Dense(4, 64), new ReLU(), new Dense(64, 64), new ReLU(), new Dense(64, 1), rescale);
        // </training>
        var evaluation = trainer.Evaluate(testLoader);
        Assert.InRange(evaluation["r2"], 0.97, 1);
        Assert.InRange(evaluation["mae"], 1000, 15_000);

        float expected = model.Predict(Tensor.From([120, 4, 1987, 2.5f], [1, 4])).Item();
        Assert.Equal(expected, Use(), 1f);

        float Use()
        {
            // <training>
            var model = Build(new Standardize(4), new Rescale(1));  // whose numbers come from the file, too
            model.Load("houses.safetensors");
            float price = model.Predict(Tensor.From([120, 4, 1987, 2.5f], [1, 4])).Item();
            // </training>
            return price;
        }
    }

    [Fact]
    public void The_loss_may_be_in_deviations()
    {
        var (train, test) = CsvTable.Load("houses.csv").Without("id").ToRegression("price", "area").Split(0.2);
        var (x, y) = (Normalize.Measure(train, "features"), Normalize.Measure(train, "target"));
        var random = new RandomStream(1);
        var model = new Sequential(
            new Standardize(x.Mean, x.Deviation), new Dense(3, 32, random: random), new ReLU(), new Dense(32, 2, random: random),
            new Rescale(y.Mean, y.Deviation));
        var optimizer = new SGD(model.Parameters(), learningRate: 0.05f, momentum: 0.9f);
        // <training>
        var (inDeviations, squaredError) = (new Standardize(y.Mean, y.Deviation), new MeanSquaredError());
        var trainer = new Trainer<RegressionBatch, Tensor, Tensor>(
            model, optimizer, batch => model.Forward(batch.Features), batch => batch.Targets,
            (output, target) => squaredError.Forward(inDeviations.Forward(output), inDeviations.Forward(target)));
        // </training>
        using var loader = new DataLoader<RegressionBatch>(train, batchSize: 32, shuffle: true, seed: 1);
        var history = trainer.Fit(loader, epochs: 5);
        Assert.InRange(history["train_loss"][^1], 0, 1);
        Assert.True(history["train_loss"][^1] < history["train_loss"][0], history.ToString());
    }

    [Fact]
    public void Steps_of_Adam_do_not_depend_on_the_units_of_targets()
    {
        var (mean, deviation) = (250_000f, 100_000f);
        var (inUnits, standardized) = (Core(), Core());
        var whole = new Sequential(inUnits, new Rescale([mean], [deviation]));
        var (first, second) = (new Adam(whole.Parameters(), 1e-2f), new Adam(standardized.Parameters(), 1e-2f));
        var random = new RandomStream(2);
        var loss = new MeanSquaredError();
        for (int step = 0; step < 20; step++)
        {
            var (x, z) = (Tensor.Normal([16, 3], random), Tensor.Normal([16, 1], random));
            Step(whole, first, x, (z * deviation + mean).Keep());
            Step(standardized, second, x, z);
        }

        foreach (var (a, b) in inUnits.Parameters().Zip(standardized.Parameters()))
        {
            Assert.All(a.ToArray().Zip(b.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
        }

        static Sequential Core()
        {
            var random = new RandomStream(1);
            return new Sequential(new Dense(3, 8, random: random), new Tanh(), new Dense(8, 1, random: random));
        }

        void Step(Sequential model, Adam optimizer, Tensor x, Tensor target)
        {
            using var tape = Tape.Record();
            tape.Backward(loss.Forward(model.Forward(x), target));
            optimizer.Step();
        }
    }
}
