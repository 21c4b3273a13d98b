using TinyNet.Data;
using TinyNet.Examples;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class AutoencoderTests
{
    [Fact]
    public void Eigenvalues_are_those_that_numpy_gives()
    {
        var hilbert = new double[4, 4];
        for (int i = 0; i < 16; i++)
        {
            hilbert[i / 4, i % 4] = 1.0 / (i / 4 + i % 4 + 1);
        }

        var (values, vectors) = SymmetricMatrix.Eigen(hilbert);

        double[] expected = [1.5002142800592424, 0.16914122022145, 0.006738273605760657, 9.670230402260053e-05];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], values[i], 1e-14);
            for (int k = 0; k < 4; k++)
            {
                Assert.Equal(i == k ? 1 : 0, vectors[i].Zip(vectors[k], (a, b) => a * b).Sum(), 1e-14);
                double product = Enumerable.Range(0, 4).Sum(column => hilbert[k, column] * vectors[i][column]);
                Assert.Equal(values[i] * vectors[i][k], product, 1e-14);
            }
        }
    }

    [Fact]
    public void A_matrix_without_a_diagonal_or_of_zeros_has_eigenvalues_too()
    {
        Assert.Equal([0, 0, 0], SymmetricMatrix.Eigen(new double[3, 3]).Values);
        double[] values = SymmetricMatrix.Eigen(new double[,] { { 0, 3 }, { 3, 0 } }).Values;
        Assert.Equal(3, values[0], 1e-14);
        Assert.Equal(-3, values[1], 1e-14);
    }

    [Theory]
    [InlineData(8, 0.023913252936705105)]
    [InlineData(64, 0)]
    public void Principal_components_of_the_digits_lose_what_numpy_says(int count, double expected)
    {
        float[] digits = Digits.LoadAll().Features.ToArray();

        float[] told = new PrincipalComponents(digits, 64, count).Reconstruct(digits);

        Assert.Equal(expected, digits.Zip(told, (x, y) => ((double)x - y) * (x - y)).Average(), 1e-9);
    }

    [Fact]
    public void The_error_is_below_that_of_principal_components()
    {
        string[] output = Output("train", "autoencoder");

        Assert.InRange(double.Parse(output[^1].Split(' ')[5], System.Globalization.CultureInfo.InvariantCulture), 0.1, 0.6);
        Assert.All(output.Where(line => !line.StartsWith("epoch", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
        string[] titles = ["test images", "the autoencoder's", "by principal components"];
        Assert.All(titles, title => Assert.Contains(title, output));
    }

    [Theory]
    [InlineData("gaussian_glu")]
    [InlineData("softplus")]
    [InlineData("prelu")]
    public void Any_activation_may_follow_the_generator(string generator)
    {
        string[] output = Output("train", "autoencoder", "--epochs", "1", "--generator", generator, "--latent", "3");

        Assert.Contains(output, line => line.Contains("each told by 3 numbers", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--latent: '33' is not a whole number from 1 to 32", "--latent 33")]
    [InlineData("--generator: no activation 'gaussian_glo' (did you mean 'gaussian_glu'?)", "--generator gaussian_glo")]
    public void What_cannot_be_is_refused_in_a_line(string line, string options) =>
        Assert.Contains(line, Error(2, ["train", "autoencoder", .. options.Split(' ')]), StringComparison.Ordinal);
}
