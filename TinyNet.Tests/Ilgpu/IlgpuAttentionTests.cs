using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Ilgpu;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Attention of the GPU device, and its gradients, against the reference device.</summary>
public class IlgpuAttentionTests
{
    private const double Tolerance = 2e-5;

    /// <summary>Queries, keys, depth, features; and what lets queries see keys.</summary>
    public static TheoryData<int, int, int, int, bool, bool, int?> Cases => new()
    {
        { 5, 7, 3, 2, false, false, null },
        { 18, 35, 8, 20, true, true, null },
        { 33, 17, 4, 4, false, true, 0 },
        { 17, 40, 5, 1, true, false, 9 },
        { 3, 0, 2, 2, false, false, null },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Attention_agrees(int queries, int keys, int depth, int features, bool isMasked, bool isBiased, int? offset) => AssertBoth(
        IlgpuTestDevice.Instance, device => Run(device, OperandsOf(device, queries, keys, depth, features, isMasked, isBiased, offset)));

    [Fact]
    public void Large_groups_agree()
    {
        using var tested = IlgpuDevices.OnProcessor(32, 8);
        AssertBoth(tested, device => Run(
            device, OperandsOf(device, 3, 67, 2, 2, isMasked: true, isBiased: true, offset: 64, samples: 1)));
    }

    [Fact]
    public void A_query_that_sees_no_key_gives_0() => AssertBoth(IlgpuTestDevice.Instance, device =>
    {
        var operands = OperandsOf(device, 4, 20, 3, 2, isMasked: true, isBiased: false, null);
        operands.Mask![.., .., 1..2].Fill(0);
        var results = Run(device, operands);
        Assert.All(results[0][.., .., 1..2].ToArray(), x => Assert.Equal(0, x));
        Assert.All(results[1][.., .., 1..2].ToArray(), x => Assert.Equal(float.NegativeInfinity, x));
        return results;
    });

    [Theory, InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity), InlineData(float.NaN)]
    [InlineData(1e30f), InlineData(-1e30f)]
    public void Extreme_scores_agree(float extreme) => AssertBoth(IlgpuTestDevice.Instance, device =>
    {
        var operands = OperandsOf(device, 3, 37, 3, 2, isMasked: false, isBiased: true, null);
        operands.Bias![.., .., 1..2, 17..18].Fill(extreme);

        // Beside such finite scores floats would not tell what doubles add.
        operands.Bias![.., .., 2..3].Fill(float.IsFinite(extreme) ? 0 : extreme);
        return Run(device, operands);
    });

    private static Tensor[] Run(Device device, in AttentionOperands operands)
    {
        var (query, key, value) = (operands.Query, operands.Key, operands.Value);
        Shape shape = query.Shape.With(-1, value.Shape[-1]);
        Tensor result = Poisoned(device, shape), logSumExp = Poisoned(device, shape.Without(-1)), gradient = Random(device, 9, shape);
        device.Attention(operands, logSumExp, result);
        Tensor toQuery = Poisoned(device, query.Shape), toKey = Poisoned(device, key.Shape), toValue = Poisoned(device, value.Shape);
        device.AttentionGradient(operands, logSumExp, gradient, toQuery, toKey, toValue);
        return [result, logSumExp, toQuery, toKey, toValue];
    }

    private static AttentionOperands OperandsOf(
        Device device, int queries, int keys, int depth, int features, bool isMasked, bool isBiased, int? offset, int samples = 2)
    {
        // Heads lie between the rows, as those of a layer do; mask and bias are shared.
        Tensor Heads(ulong seed, int rows, int columns) => Random(device, seed, [samples, rows, 2, columns]).Transpose(1, 2);
        var mask = isMasked ? Random(device, 4, [samples, 1, queries, keys]) : null;
        var isSeen = mask is null ? null : Tensor.From([.. mask.ToArray().Select(x => x > -0.5f ? 1f : 0f)], mask.Shape, device);
        var bias = isBiased ? Random(device, 5, [queries, keys]) : null;
        return new AttentionOperands(
            Heads(1, queries, depth), Heads(2, keys, depth), Heads(3, keys, features),
            isSeen?.Expand(samples, 2, queries, keys), bias?.Expand(samples, 2, queries, keys), offset, Scale: 0.7f);
    }

    private static void AssertBoth(IlgpuDevice tested, Func<Device, Tensor[]> run)
    {
        Tensor[] expected = run(Device.Reference), actual = run(tested);
        string[] names = ["result", "log of sum", "to query", "to key", "to value"];
        for (int i = 0; i < expected.Length; i++)
        {
            float[] ofReference = expected[i].ToArray(), ofDevice = actual[i].ToArray();
            for (int at = 0; at < ofReference.Length; at++)
            {
                float x = ofReference[at], y = ofDevice[at];
                Assert.True(
                    x.Equals(y) || Math.Abs(x - y) <= Tolerance * Math.Max(1, Math.Abs(x)), $"{names[i]} at {at}: {y} instead of {x}");
            }
        }
    }

    private static Tensor Poisoned(Device device, Shape shape) => Tensor.Full(shape, float.NaN, device);

    private static Tensor Random(Device device, ulong seed, Shape shape) =>
        Tensor.From(Tensor.Normal(shape, new RandomStream(seed), device: Device.Cpu).ToArray(), shape, device);
}
