using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Transforms over a dataset: what the images depend on, what is refused, and what a step costs.</summary>
public class TransformedDatasetTests
{
    private const int Count = 40, Channels = 2, Height = 5, Width = 6;

    private static Transform[] All =>
    [
        new RandomCrop(2, PaddingMode.Reflect), new RandomHorizontalFlip(), new RandomVerticalFlip(), new RandomAffine(30, 0.2f, 0.1f),
        new Normalize([0.4f, 0.5f], [0.2f, 0.3f]), new Cutout(3),
    ];

    public static TheoryData<int, int> Loaders => new() { { 1, 0 }, { 7, 1 }, { 3, 4 }, { 64, 2 } };

    [Theory, MemberData(nameof(Loaders))]
    public void Images_are_a_function_of_seed_epoch_and_sample(int batchSize, int prefetch)
    {
        var data = Images.Random(Count, [Channels, Height, Width]).Transform(3, All);
        float[][] expected = [Read(data, epoch: 0), Read(data, epoch: 1)];
        using var loader = new DataLoader(data, batchSize, prefetch: prefetch);
        using var shuffled = new DataLoader(data, batchSize, shuffle: true, seed: 8, prefetch: prefetch);
        for (int epoch = 0; epoch < expected.Length; epoch++)
        {
            Assert.Equal(expected[epoch], loader.SelectMany(batch => batch.Features.ToArray()));
            foreach (var (features, labels) in shuffled)
            {
                int length = data.SampleLength;
                var images = features.ToArray().Chunk(length).Zip(labels.ToArray());
                Assert.All(images, image => Assert.Equal(expected[epoch].AsSpan(image.Second * length, length).ToArray(), image.First));
            }
        }

        Assert.NotEqual(expected[0], expected[1]);
        Assert.Equal(expected[0], data.Load([.. Enumerable.Range(0, Count)]).Features.ToArray());
        Assert.NotEqual(expected[0], Read(Images.Random(Count, [Channels, Height, Width]).Transform(4, All), epoch: 0));
    }

    [Fact]
    public void Many_readers_at_once_get_the_same_bits_on_every_device()
    {
        var data = Images.Random(Count, [Channels, Height, Width]).Transform(3, All);
        float[] expected = Read(data, epoch: 2);

        Parallel.For(0, 16, _ => Assert.Equal(expected, Read(data, epoch: 2)));
        Assert.All<Device>([.. TestDevices.OfEachWidth(), Device.Reference], device =>
        {
            using var loader = new DataLoader(data, 16, device: device) { Epoch = 2 };
            Assert.Equal(expected, loader.SelectMany(batch => batch.Features.ToArray()));
        });
    }

    [Fact]
    public void Parts_have_the_images_of_the_whole()
    {
        var data = Images.Random(Count, [Channels, Height, Width]).Transform(3, All);
        var (kept, heldOut) = data.Split(0.25, seed: 1);

        foreach (var part in new[] { kept, heldOut, data.Subset("some", 7, 3, 7) })
        {
            int[] indices = part.Load([.. Enumerable.Range(0, part.Count)]).Labels.ToArray();
            Assert.Equal(data.Load(indices).Features.ToArray(), part.Load([.. Enumerable.Range(0, part.Count)]).Features.ToArray());
        }
    }

    [Fact]
    public void Over_a_part_the_index_in_the_part_counts()
    {
        var shifts = new Transform[] { new RandomCrop(2) };
        var all = Images.Same(Count, [1, 3, 3]);
        var part = all.Subset("part", 30, 5);

        Assert.Equal(part.Transform(1, shifts).Load(0, 1).Features.ToArray(),
            all.Subset("other", 2, 9).Transform(1, shifts).Load(0, 1).Features.ToArray());
        Assert.Equal(["part", "part"], [part.Transform(1, shifts).Name, part.Transform(1, shifts).Subset("part", 0).Name]);
    }

    [Fact]
    public void What_one_transform_draws_moves_no_other_one()
    {
        var data = Images.Random(Count, [Channels, Height, Width]);
        float[] alone = Read(data.Transform(3, new Draws(1), new RandomCrop(2)), epoch: 0);

        Assert.Equal(alone, Read(data.Transform(3, new Draws(100), new RandomCrop(2)), epoch: 0));
    }

    [Fact]
    public void Two_layers_of_one_seed_draw_different_numbers()
    {
        var data = Images.Same(2000, [1, 1, 2]);
        var flip = new RandomHorizontalFlip();
        float[] twice = Read(data.Transform(1, flip).Transform(1, flip), epoch: 0);
        float[] mixed = Read(data.Transform(1, flip).Subset("all", [.. Enumerable.Range(0, 2000)]).Transform(1, flip), epoch: 0);

        // Of the same numbers, the second flip would undo the first one in every image.
        Assert.InRange(Enumerable.Range(0, 2000).Count(i => twice[2 * i] > twice[2 * i + 1]), 900, 1100);
        Assert.InRange(Enumerable.Range(0, 2000).Count(i => mixed[2 * i] > mixed[2 * i + 1]), 900, 1100);
    }

    [Fact]
    public void Any_batch_with_images_is_transformed_also_by_the_name_of_the_field()
    {
        var regression = new RegressionDataset("r", [1, 2, 3, 4], [1, 2, 2], [7]);
        var unlabeled = new UnlabeledDataset("u", [1, 2, 3, 4], [1, 2, 2]);
        var always = new RandomHorizontalFlip(1);
        var pairs = new TwoImages().Transform(0, "second", always).Load(0);

        Assert.Equal([2, 1, 4, 3], regression.Transform(always).Load(0).Features.ToArray());
        Assert.Equal([7], regression.Transform(always).Load(0).Targets.ToArray());
        Assert.Equal([2, 1, 4, 3], unlabeled.Transform(always).Load(0).ToArray());
        Assert.Equal(([1f, 2f], [4f, 3f]), (pairs.Item1.ToArray(), pairs.Item2.ToArray()), Images.Equal);
        Assert.Equal([1, 2, 3, 4], unlabeled.Transform().Load(0).ToArray());
    }

    [Fact]
    public void What_is_no_image_is_refused_by_name()
    {
        var table = new RegressionDataset("table", [1, 2, 3, 4], [2], [7, 8]);
        var texts = new TokenDataset("texts", [[1]], [0], ["a"]);
        var data = Images.Same(2, [3, 4, 5]);

        string message = Assert.Throws<ShapeException>(() => table.Transform(new RandomCrop(1))).Message;
        Assert.Contains("features [2] of dataset 'table' is no image [channels, height, width]", message, StringComparison.Ordinal);
        Assert.Contains("no field of numbers; its fields are: tokens [steps], label",
            Assert.Throws<ArgumentException>(() => texts.Transform(new RandomCrop(1))).Message, StringComparison.Ordinal);
        Assert.Contains("'pixels'; its fields are: features [3, 4, 5], label",
            Assert.Throws<ArgumentException>(() => data.Transform(1, "pixels", new RandomCrop(1))).Message, StringComparison.Ordinal);
        Assert.Contains("steps [steps, 2] is a sequence",
            Assert.Throws<ArgumentException>(() => new Walk().Transform(new RandomCrop(1))).Message, StringComparison.Ordinal);
        Assert.Contains("4 does not reflect an image of 4 x 5", Assert.Throws<ShapeException>(() =>
            data.Transform(new RandomCrop(4, PaddingMode.Reflect))).Message, StringComparison.Ordinal);
        Assert.Contains("means of 1 channels", Assert.Throws<ShapeException>(() => data.Transform(Normalize.Mnist)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => data.Transform(1, new RandomCrop(1), null!));
        Assert.Throws<ArgumentNullException>(() => ((Dataset<Tensor>)null!).Transform(new RandomCrop(1)));
    }

    [Fact]
    public void A_transform_that_fails_names_the_sample()
    {
        var data = Images.Same(3, [1, 2, 2]).Transform(new Fails());

        var exception = Assert.Throws<SampleException>(() => data.Load(2));
        Assert.Equal(("same", 2), (exception.Dataset, exception.Index));
        Assert.Contains("no such thing", exception.Message, StringComparison.Ordinal);
        Assert.Throws<SampleException>(() => data.Load(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_allocates_what_it_does_without_transforms(bool mixes)
    {
        Dataset<ClassificationBatch> plain = Images.Random(256, [Channels, 16, 16]), transformed = plain.Transform(1, All);
        long bytes = mixes ? BytesOfAnEpoch(transformed.Mixup(1)) : BytesOfAnEpoch(transformed);

        // A tensor of probabilities is larger than one of indices, by less than this.
        Assert.InRange(bytes - BytesOfAnEpoch(plain), -64, mixes ? 16 * 160 : 64);
    }

    [Fact]
    public void Settings_out_of_their_range_are_refused()
    {
        Assert.All<Func<object>>(
            [
                () => new RandomCrop(-1), () => new RandomCrop(int.MaxValue), () => new RandomCrop(1, (PaddingMode)7),
                () => new RandomHorizontalFlip(1.5f), () => new RandomVerticalFlip(float.NaN), () => new Cutout(0),
                () => new Cutout(2, probability: -1), () => new RandomAffine(degrees: -1), () => new RandomAffine(shift: float.NaN),
                () => new RandomAffine(zoom: 1), () => new RandomAffine(degrees: 361), () => Images.Same(1, [1, 1, 1]).Mixup(1, 0),
                () => new RandomCrop(1, fill: float.NaN), () => new Cutout(1, fill: float.PositiveInfinity),
                () => new RandomAffine(fill: float.NaN),
            ],
            make => Assert.Throws<ArgumentOutOfRangeException>(make));
    }

    private static float[] Read(Dataset<ClassificationBatch> data, int epoch)
    {
        using var loader = new DataLoader(data, data.Count, prefetch: 0) { Epoch = epoch };
        return [.. loader.SelectMany(batch => batch.Features.ToArray())];
    }

    private static long BytesOfAnEpoch<TBatch>(Dataset<TBatch> data)
    {
        using var loader = new DataLoader<TBatch>(data, batchSize: 16, shuffle: true, prefetch: 0);
        Pass();
        return AllocatedBytes.Of(Pass);

        void Pass()
        {
            foreach (var batch in loader)
            {
            }
        }
    }

    /// <summary>Draws some numbers and changes nothing.</summary>
    private sealed class Draws(int count) : Transform
    {
        public override void Apply(ImageSpan image, RandomStream random)
        {
            for (int i = 0; i < count; i++)
            {
                random.Uniform();
            }
        }
    }

    private sealed class Fails : Transform
    {
        public override void Apply(ImageSpan image, RandomStream random) => throw new InvalidOperationException("no such thing");
    }

    private sealed class TwoImages : Dataset<(Tensor, Tensor)>
    {
        private readonly NumberField _first, _second;

        public TwoImages() : base("two", 1) => (_first, _second) = (Numbers("first", 1, 1, 2), Numbers("second", 1, 1, 2));

        public override (Tensor, Tensor) ToBatch(BatchTensors tensors) => (tensors[_first], tensors[_second]);

        protected override void ReadCore(Sample sample)
        {
            new[] { 1f, 2f }.CopyTo(sample[_first]);
            new[] { 3f, 4f }.CopyTo(sample[_second]);
        }
    }

    private sealed class Walk : Dataset<Tensor>
    {
        private readonly NumberField _steps;

        public Walk() : base("walk", 1) => _steps = NumberSequence("steps", 2);

        public override Tensor ToBatch(BatchTensors tensors) => tensors[_steps];

        protected override void ReadCore(Sample sample) => _ = sample[_steps, 3];
    }
}
