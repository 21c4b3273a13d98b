using TinyNet.Analysis;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Analysis;

/// <summary>What layers make of an input.</summary>
public class FeatureMapTests
{
    private static readonly RandomStream Random = new(9);

    private readonly Sequential _model = new(
        new Conv2d(1, 20, kernelSize: 3, random: Random), new BatchNorm2d(20), new ReLU(), new Flatten(),
        new Dense(20 * 4 * 5, 7, random: Random), new Dropout(0.5f));

    private readonly Tensor _images = Tensor.Normal([2, 1, 6, 7], new RandomStream(3));

    [Fact]
    public void A_convolution_has_sixteen_pictures_eight_in_a_row()
    {
        var maps = FeatureMaps.Of(_model, "0", _images, sample: 1);
        float[] all = ((Conv2d)_model[0]).Forward(_images).ToArray();
        Assert.Equal((20, 16), (maps.Features, maps.Shape[0]));
        Assert.Equal(all.AsSpan(20 * 20, 16 * 20).ToArray(), maps.Values);

        var figure = maps.ToFigure();
        var images = (TinyNet.Analysis.Images)Assert.Single(Assert.Single(figure.Panels).Series);
        Assert.Equal((16, 8), (images.Pictures.Count, images.PerRow));
        Assert.All(images.Pictures, picture => Assert.Equal((5, 4, 1), (picture.Width, picture.Height, picture.Channels)));
        Assert.Equal(maps.Values.Skip(20).Take(20), images.Pictures[1].Values);
        Assert.Contains("16 of 20", figure.Note, StringComparison.Ordinal);
        Assert.Equal(maps.Values.Take(20).Average(value => (double)value), (double)maps.ToTable().Rows[0][1]!, 1e-9);
        Assert.Null(FeatureMaps.Of(_model, "0", _images, most: 20).ToFigure().Note);
    }

    /// <summary>In evaluation nothing is dropped, whatever the mode of the model.</summary>
    [Fact]
    public void A_dense_layer_has_a_bar_for_each_unit()
    {
        var maps = FeatureMaps.Of(_model, "5", _images);
        Assert.Equal(_model.Predict(_images).ToArray()[..7], maps.Values);
        var panel = Assert.Single(maps.ToFigure().Panels);
        Assert.Equal(7, ((Bars)panel.Series[0]).Values.Count);
        Assert.Equal(7, panel.X.Names!.Count);
        Assert.True(_model[5].IsTraining);
        Assert.Equal(3, FeatureMaps.Of(_model, "4", _images, most: 3).Values.Count);
    }

    [Fact]
    public void A_step_under_way_goes_on()
    {
        using var tape = Tape.Record();
        var loss = _model.Forward(_images).Sum();
        FeatureMaps.Of(_model, "2", _images);
        tape.Backward(loss);
        Assert.NotNull(((Conv2d)_model[0]).Parameters()[0].Gradient);
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        Refusal.Of<ArgumentException>(() => FeatureMaps.Of(_model, "features", _images), "features", "4, 5");
        Refusal.Of<ShapeException>(
            () => FeatureMaps.Of(new Sequential(new Conv1d(1, 2, 3)), "0", Tensor.Ones([1, 1, 5])), "[1, 2, 3]", "[N, units]");
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureMaps.Of(_model, "0", _images, sample: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureMaps.Of(_model, "0", _images, most: 0));
    }
}
