using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>Operations of one operand over all magnitudes, 1e-38 to 1e38 of both signs, on every width.</summary>
public class ElementwiseMagnitudeTests
{
    /// <summary>What single precision loses by itself: the relative error of e^x for x near −80.</summary>
    private const double Relative = 2e-5;

    /// <summary>Results of this size are denormal.</summary>
    private const double Denormal = 1e-36;

    /// <summary>
    /// The largest absolute errors of derivatives that are computed from the output, which the documentation states, and of those
    /// that pass through 0, where relative errors mean nothing.
    /// </summary>
    private static readonly Dictionary<Type, double> DerivativeErrors = new()
    {
        [typeof(TanhOp)] = 2.2e-7,
        [typeof(SigmoidOp)] = 9e-8,
        [typeof(ClippedSigmoidOp)] = 9e-8,
        [typeof(ScaledTanhOp)] = 3e-7,
        [typeof(SnakeOp)] = 2e-7,
        [typeof(MishOp)] = 1e-7,
        [typeof(GELUOp)] = 1e-7,
        [typeof(TanhGELUOp)] = 1e-7,
        [typeof(SiLUOp)] = 1e-7,
        [typeof(SwishOp)] = 1e-7,
        [typeof(HardSwishOp)] = 3e-8,
    };

    public static TheoryData<int, string> Operations
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var row in ElementwiseOpTable.Unary.Where(row => row.Type != typeof(QuantizedSigmoidOp)))
            {
                data.Add(Array.IndexOf(ElementwiseOpTable.Unary, row), row.Type.Name);
            }

            return data;
        }
    }

    public static TheoryData<int, string> Edges
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var (row, _) in ElementwiseEdges.Rows)
            {
                data.Add(data.Count, row.Type.Name);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Operations))]
    public void Values_and_derivatives_are_those_of_double_precision(int index, string name)
    {
        var row = ElementwiseOpTable.Unary[index];
        float[] x = Magnitudes();
        double error = DerivativeErrors.GetValueOrDefault(row.Type);
        foreach (var device in Devices())
        {
            var (values, slopes) = row.On(device, x, Ones(x));
            for (int i = 0; i < x.Length; i++)
            {
                AssertClose(row.InDouble(x[i]), values[i], 0, $"{name}({x[i]:R}) on {device}");
                AssertClose(row.Derivative(x[i]), slopes[i], error, $"the derivative of {name} at {x[i]:R} on {device}");
            }
        }
    }

    [Theory, MemberData(nameof(Edges))]
    public void Values_and_derivatives_are_right_far_out_and_close_to_zero(int index, string name)
    {
        var (row, edges) = ElementwiseEdges.Rows[index];
        float[] x = [.. edges.Select(edge => (float)edge.X)];
        foreach (var device in Devices())
        {
            var (values, slopes) = row.On(device, x, Ones(x));
            for (int i = 0; i < x.Length; i++)
            {
                AssertClose(edges[i].Y, values[i], 0, $"{name}({x[i]:R}) on {device}");
                AssertClose(edges[i].Slope, slopes[i], 0, $"the derivative of {name} at {x[i]:R} on {device}");
            }
        }
    }

    private static IEnumerable<Device> Devices() => TestDevices.OfEachWidth().Append<Device>(Device.Reference);

    private static float[] Magnitudes()
    {
        var positive = Enumerable.Range(-38 * 8, 76 * 8 + 1).Select(i => (float)Math.Pow(10, i / 8.0))
            .Concat(Enumerable.Range(1, 800).Select(i => i * 0.1317f));
        return [.. positive.SelectMany(x => new[] { x, -x })];
    }

    private static float[] Ones(float[] like) => Array.ConvertAll(like, _ => 1f);

    private static void AssertClose(double expected, float actual, double tolerance, string what)
    {
        bool isClose = double.IsNaN(expected)
            ? float.IsNaN(actual)
            : (float)expected == actual || Math.Abs(expected - actual) <= Relative * Math.Abs(expected) + tolerance + Denormal;
        Assert.True(isClose, $"{what} is {actual:R}, should be {expected:R}");
    }
}
