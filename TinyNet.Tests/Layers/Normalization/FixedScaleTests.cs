using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Means and deviations that a model carries along.</summary>
public class FixedScaleTests
{
    private static readonly LayerCase[] Cases =
    [
        LayerCase.Of(() => new Standardize([2, -1, 0], [0.5f, 3, 1]), [4, 3]),
        LayerCase.Of(() => new Standardize([2, -1, 0], [0.5f, 3, 1], axis: -1), [2, 5, 3]),
        LayerCase.Of(() => new Rescale([2, -1, 0], [0.5f, 3, 1]), [4, 3]),
        LayerCase.OfImages(() => new Standardize([2, -1, 0], [0.5f, 3, 1]), [2, 3, 4, 5], isChannelsLast: false),
        LayerCase.OfImages(() => new Rescale([2, -1, 0], [0.5f, 3, 1]), [2, 3, 4, 5], isChannelsLast: true),
    ];

    [Theory, MemberData(nameof(TestDevices.WidthRows), MemberType = typeof(TestDevices))]
    public void Results_and_gradients_are_those_of_the_reference_device(int bits) =>
        Assert.All(Cases, layer => layer.AssertAgrees(TestDevices.Splitting(2, bits), 1e-6));

    [Fact]
    public void One_undoes_the_other()
    {
        var (standardize, rescale) = (new Standardize([10, 200], [2, 50]), new Rescale([10, 200], [2, 50]));
        var y = standardize.Forward(Tensor.From([12, 150, 8, 300], [2, 2]));
        Assert.Equal([1, -1, -1, 2], y.ToArray());
        Assert.Equal([12, 150, 8, 300], rescale.Forward(y).ToArray());

        var image = standardize.Forward(Tensor.From([12, 14, 200, 250], [1, 2, 1, 2]));
        Assert.Equal([1, 2, 0, 1], image.ToArray());
    }

    [Fact]
    public void It_does_what_the_transform_does()
    {
        var data = new RegressionDataset("flats", [80, 2, 120, 3, 95, 2, 60, 1], [2], [21, 34, 26, 15]);
        var normalize = Normalize.Measure(data, "features");
        var (expected, _) = data.Transform(normalize).Load(0, 1, 2, 3);
        var (features, _) = data.Load(0, 1, 2, 3);
        Assert.Equal(expected.ToArray(), new Standardize(normalize.Mean, normalize.Deviation).Forward(features).ToArray());
    }

    [Fact]
    public void The_numbers_are_saved_and_not_learned()
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("model.safetensors");
        new Sequential(new Standardize([3], [2]), new Rescale([5], [7])).Save(path);
        var model = new Sequential(new Standardize(1), new Rescale(1));
        Assert.Equal([4], model.Forward(Tensor.From([4], [1, 1])).ToArray());

        model.Load(path);
        Assert.Equal([12], model.Forward(Tensor.From([5], [1, 1])).ToArray());
        Assert.Empty(model.Parameters());
        Assert.Equal(["0.mean", "0.deviation", "1.mean", "1.deviation"], model.NamedBuffers().Select(named => named.Name));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refusal.Of<ArgumentException>(() => new Standardize([1, 2], [1]), "Standardize", "2 means", "1 deviations");
        Refusal.Of<ArgumentException>(() => new Rescale([], []), "Rescale", "0 means");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Standardize([1], [0]), "deviation[0]");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Standardize([float.NaN], [1]), "mean[0]");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Rescale(0), "channels");
        Refusal.Of<ShapeException>(() => new Standardize(3).Forward(Tensor.Ones([2, 4])), "Standardize", "[2, 4]", "3 channels (axis 1)");
        Refusal.Of<ShapeException>(() => new Rescale(3, axis: -3).Forward(Tensor.Ones([3, 3])), "Rescale", "(axis -3)");
    }
}
