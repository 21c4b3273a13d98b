using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Two trainings at once do not change each other, where their layers have random numbers of their own.</summary>
[Collection(GlobalState.Name)]
public class TwoTrainingsTests
{
    [Fact]
    public void Each_is_as_if_it_were_alone()
    {
        var alone = new[] { Train(1), Train(2) };
        var together = new float[2][];
        OtherThread.Run(() =>
        {
            var second = new Thread(() => together[1] = Train(2));
            second.Start();
            together[0] = Train(1);
            second.Join();
        });
        Assert.NotEqual(alone[0], alone[1]);
        Assert.Equal(alone, together);
    }

    private static float[] Train(ulong seed)
    {
        var random = new RandomStream(seed);
        var model = new Sequential(
            new Dense(4, 8, random: random), new Tanh(), new Dropout(0.3f, new RandomStream(seed + 10)), new Dense(8, 2, random: random));
        using var loader = TinyRun.Loader(seed);
        new Trainer(model, new Adam(model.Parameters()), new CrossEntropy())
        {
            Metrics = { new Accuracy() },
            Average = WeightAverage.Exponential(model),
        }.Fit(loader, epochs: 10);
        return TinyRun.Weights(model);
    }
}
