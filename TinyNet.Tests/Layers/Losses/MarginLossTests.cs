using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Distances and cosines of rows whose squares are no floats.</summary>
public class MarginLossTests
{
    // The numbers are those of PyTorch in double precision.
    [Fact]
    public void Distances_of_large_rows_are_compared()
    {
        Check(x => new TripletMargin().Forward(x[0], x[1], x[2]), [[1e20f, 2e20f], [-3e20f, 2e20f], [1e20f, 1e20f]],
            3e20, [[1, -1], [-1, 0], [0, 1]]);
        Check(x => new TripletMargin(p: 3).Forward(x[0], x[1], x[2]), [[1e20f, 2e20f], [-3e20f, 1e20f], [1e20f, 1e20f]],
            3.02072575858905e20, [[0.9897171098, -0.9381426806], [-0.9897171098, -0.0618573194], [0, 1]]);
    }

    [Fact]
    public void The_cosine_of_large_and_of_small_rows_is_measured()
    {
        Check(x => new CosineEmbedding().Forward(x[0], x[1], Ones(x[0], 1)), [[1e20f, 2e20f], [3e20f, -1e20f]],
            0.8585786437626904, [[-3.959797975e-21, 1.979898987e-21], [-9.899494937e-22, -2.969848481e-21]]);
        Check(x => new CosineEmbedding().Forward(x[0], x[1], Ones(x[0], -1)), [[1e20f, 2e20f], [3e-20f, 2e-20f]],
            3.130495174754126e-14, [[7.155417542e-35, -3.577708771e-35], [447213.5964, 894427.1928]]);
        Check(x => new CosineEmbedding().Forward(x[0], x[1], Ones(x[0], 1)), [[1e-6f, 2e-6f], [3e-6f, 2e-6f]],
            0.2362373838107118, [[-200033.0661, 36369.64856], [54554.47263, -109108.9451]]);
    }

    private static Tensor Ones(Tensor like, float value) => Tensor.Full([1], value, like.Device);

    private static void Check(Func<Tensor[], Tensor> loss, float[][] rows, double expected, double[][] gradients)
    {
        foreach (var device in (Device[])[.. TestDevices.OfEachWidth(), Device.Reference])
        {
            Parameter[] x = Array.ConvertAll(rows, row => new Parameter(Tensor.From(row, [1, row.Length], device)));
            using var tape = Tape.Record();
            var y = loss([.. x]);
            tape.Backward(y);
            Assert.Equal(1, y.Item() / expected, 2e-6);
            for (int i = 0; i < x.Length; i++)
            {
                double largest = gradients[i].Max(Math.Abs);
                for (int k = 0; k < gradients[i].Length; k++)
                {
                    Assert.Equal(gradients[i][k] / largest, x[i].Gradient!.ToArray()[k] / largest, 5e-6);
                }
            }
        }
    }
}
