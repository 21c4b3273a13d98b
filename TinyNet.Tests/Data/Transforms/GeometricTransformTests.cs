using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Crops, flips, cutout and affine maps, each against a second way to the same image, and how often each of them comes.</summary>
public class GeometricTransformTests
{
    /// <summary>A row for each mode; margins that a pixel may lie in twice, and ones larger than the image.</summary>
    public static TheoryData<PaddingMode, int> Margins => new()
    {
        { PaddingMode.Constant, 2 }, { PaddingMode.Constant, 7 }, { PaddingMode.Reflect, 2 }, { PaddingMode.Replicate, 2 },
        { PaddingMode.Replicate, 6 }, { PaddingMode.Constant, 0 },
    };

    [Theory, MemberData(nameof(Margins))]
    public void A_crop_is_a_piece_of_the_padded_image(PaddingMode mode, int padding)
    {
        const int channels = 2, height = 3, width = 4;
        float[] values = [.. Enumerable.Range(1, channels * height * width).Select(i => (float)i)];
        var crop = new RandomCrop(padding, mode, fill: -1);
        var padded = Tensor.From(values, [channels, height, width]).Pad([padding, padding, padding, padding], mode, value: -1);
        for (int down = -padding; down <= padding; down++)
        {
            for (int right = -padding; right <= padding; right++)
            {
                var piece = padded.Slice(1, down + padding, down + padding + height).Slice(2, right + padding, right + padding + width);
                Assert.Equal(piece.ToArray(), Images.After(values, channels, height, width, image => crop.Shift(image, down, right)));
            }
        }
    }

    [Fact]
    public void Every_place_of_a_crop_is_as_likely()
    {
        const int count = 5000, places = 25;
        var images = Images.Read(Images.Same(count, [1, 5, 5]).Transform(1, new RandomCrop(2, PaddingMode.Replicate)));
        var centers = images.CountBy(image => image[12]).ToDictionary();

        Assert.Equal(places, centers.Count);
        // Five deviations of a binomial distribution.
        Assert.All(centers.Values, times => Assert.InRange(times, 200 - 70, 200 + 70));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.5f, 2350, 2650)]
    [InlineData(0.1f, 390, 610)]
    [InlineData(1, 5000, 5000)]
    public void Flips_mirror_as_often_as_they_should(float probability, int least, int most)
    {
        var data = Images.Same(5000, [2, 2, 3]);
        float[] across = [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10], over = [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9];
        float[] same = [.. Enumerable.Range(1, 12).Select(i => (float)i)];

        Check(new RandomHorizontalFlip(probability), across);
        Check(new RandomVerticalFlip(probability), over);
        void Check(Transform flip, float[] mirrored)
        {
            var images = Images.Read(data.Transform(1, flip));
            Assert.All(images, image => Assert.True(image.SequenceEqual(mirrored) || image.SequenceEqual(same)));
            Assert.InRange(images.Count(image => image.SequenceEqual(mirrored)), least, most);
        }
    }

    [Fact]
    public void An_odd_number_of_rows_is_mirrored_about_the_middle_one() => Assert.Equal([5, 6, 3, 4, 1, 2],
        Images.After([1, 2, 3, 4, 5, 6], 1, 3, 2, image => new RandomVerticalFlip(1).Apply(image, new RandomStream(0))));

    /// <summary>Sizes that are odd, even and larger than the image.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(20)]
    public void Cutout_fills_a_square_about_any_pixel(int size)
    {
        const int height = 5, width = 6, count = 6000;
        var images = Images.Read(Images.Same(count, [2, height, width]).Transform(1, new Cutout(size, fill: -1)));
        var expected = new Dictionary<string, int>();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                string key = Key((row, column) => row >= y - size / 2 && row < y - size / 2 + size
                    && column >= x - size / 2 && column < x - size / 2 + size);
                expected[key] = expected.GetValueOrDefault(key) + 1;
            }
        }

        var found = images.CountBy(image => Key((y, x) => image[y * width + x] < 0)).ToDictionary();
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        Assert.All(found, pair =>
        {
            double mean = count * expected[pair.Key] / (double)(height * width);
            Assert.InRange(pair.Value, mean - 5 * Math.Sqrt(mean), mean + 5 * Math.Sqrt(mean));
        });
        Assert.All(images.Select(image => image.Select(value => value < 0).Chunk(height * width).ToArray()), filled =>
            Assert.Equal(filled[0], filled[1]));

        static string Key(Func<int, int, bool> isFilled) => string.Concat(
            Enumerable.Range(0, height * width).Select(i => isFilled(i / width, i % width) ? 'x' : '.'));
    }

    [Fact]
    public void Cutout_comes_as_often_as_it_should() => Assert.InRange(Images.Read(Images.Same(5000, [1, 3, 3])
        .Transform(1, new Cutout(1, probability: 0.3f))).Count(image => image.Contains(0)), 1500 - 165, 1500 + 165);

    /// <summary>
    /// By torch 1.13 in float64, for the image (i · 37 mod 101) / 64 of 4 × 5, 25°, a shift of 0.75 to the right and 0.5 up, and a zoom of
    /// 1.25: with A = [[cos, sin], [−sin, cos]] / zoom and D = diag((W − 1) / 2, (H − 1) / 2), theta = [D⁻¹ A D, −D⁻¹ A t];
    /// <c>grid_sample(image, affine_grid(theta, (1, 1, 4, 5), align_corners=True), align_corners=True)</c>.
    /// </summary>
    [Fact]
    public void An_affine_map_is_that_of_PyTorch()
    {
        float[] image = [.. Enumerable.Range(0, 20).Select(i => i * 37 % 101 / 64f)];
        double[] expected =
        [
            0.751739119, 0.82204225, 0.37321166, 0.882185392, 0.810390977, 0.930749708, 0.397127954, 0.376082201, 0.885055933, 1.394029665,
            0.828501638, 1.06958017, 0.534314097, 0.887926474, 1.011202675, 0.14125866, 0.436254004, 0.347140141, 0.890797016, 0.965399945,
        ];
        float[] found = Images.After(image, 1, 4, 5, span =>
            AffineSampling.Apply(span, 25 * Math.PI / 180, right: 0.75, down: -0.5, zoom: 1.25, fill: 0));

        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void An_affine_map_is_its_definition_for_every_angle_shift_zoom_and_shape()
    {
        var random = new RandomStream(5);
        foreach (var (channels, height, width) in new[] { (1, 1, 1), (1, 1, 7), (2, 6, 1), (1, 28, 28), (3, 9, 12) })
        {
            for (int trial = 0; trial < 30; trial++)
            {
                float[] values = [.. Enumerable.Range(0, channels * height * width).Select(_ => random.Uniform(-1, 1))];
                double radians = random.Uniform(-7, 7), zoom = random.Uniform(0.05f, 3), fill = random.Uniform(-1, 1);
                double right = random.Uniform(-1, 1) * (double)width, down = random.Uniform(-1, 1) * (double)height;
                float[] found = Images.After(values, channels, height, width, image =>
                    AffineSampling.Apply(image, radians, right, down, zoom, (float)fill));

                Assert.All(Enumerable.Range(0, found.Length), i => Assert.Equal(Defined(i), found[i], 2e-6));
                double Defined(int i)
                {
                    double x = i % width - (width - 1) / 2.0 - right, y = i / width % height - (height - 1) / 2.0 - down;
                    double atX = (Math.Cos(radians) * x + Math.Sin(radians) * y) / zoom + (width - 1) / 2.0;
                    double atY = (Math.Cos(radians) * y - Math.Sin(radians) * x) / zoom + (height - 1) / 2.0, sum = 0;
                    for (int row = (int)Math.Floor(atY); row <= Math.Floor(atY) + 1; row++)
                    {
                        for (int column = (int)Math.Floor(atX); column <= Math.Floor(atX) + 1; column++)
                        {
                            bool isInside = row >= 0 && row < height && column >= 0 && column < width;
                            double value = isInside ? values[(i / (height * width) * height + row) * width + column] : (float)fill;
                            sum += value * (1 - Math.Abs(atX - column)) * (1 - Math.Abs(atY - row));
                        }
                    }

                    return sum;
                }
            }
        }
    }

    [Fact]
    public void What_does_not_move_keeps_its_bits_and_whole_pixels_are_shifted_as_they_are()
    {
        float[] values = Images.Random(1, [2, 5, 6]).Features.ToArray();
        float[] shifted = Images.After(values, 2, 5, 6, image => AffineSampling.Apply(image, 0, right: 2, down: -1, zoom: 1, fill: 9));

        Assert.Equal(values, Images.After(values, 2, 5, 6, image => new RandomAffine().Apply(image, new RandomStream(1))));
        Assert.Equal(Images.After(values, 2, 5, 6, image => new RandomCrop(2, fill: 9).Shift(image, down: 1, right: -2)), shifted);
    }

    [Fact]
    public void Angles_shifts_and_zooms_are_uniform()
    {
        // Two channels, x and y: what stands at a pixel afterwards says where it came from.
        float[] places = [.. Enumerable.Range(0, 162).Select(i => i < 81 ? i % 9f : (i - 81) / 9)];
        var affine = new RandomAffine(degrees: 20, shift: 0.1f, zoom: 0.2f);
        var random = new RandomStream(3);
        var (angles, zooms, rights, downs) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (int i = 0; i < 4000; i++)
        {
            float[] image = Images.After(places, 2, 9, 9, span => affine.Apply(span, random));
            double fromX = image[40] - 4, fromY = image[121] - 4, cos = image[41] - image[40], sin = image[121] - image[122];
            double zoom = 1 / Math.Sqrt(cos * cos + sin * sin);
            angles.Add(Math.Atan2(sin, cos) * 180 / Math.PI);
            zooms.Add(zoom);
            rights.Add((sin * fromY - cos * fromX) * zoom * zoom);
            downs.Add(-(sin * fromX + cos * fromY) * zoom * zoom);
        }

        Uniform(angles, 0, 20);
        Uniform(zooms, 1, 0.2);
        Uniform(rights, 0, 0.9);
        Uniform(downs, 0, 0.9);
        static void Uniform(List<double> numbers, double middle, double half)
        {
            Assert.All(numbers, number => Assert.InRange(number, middle - half * 1.001, middle + half * 1.001));
            // A quarter of them in each quarter of the interval, to five deviations.
            var quarters = numbers.CountBy(number => Math.Clamp((int)((number - middle + half) / half * 2), 0, 3)).ToList();
            Assert.All(quarters, quarter => Assert.InRange(quarter.Value, 1000 - 140, 1000 + 140));
        }
    }
}
