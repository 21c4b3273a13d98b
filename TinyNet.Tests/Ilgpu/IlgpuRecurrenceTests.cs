using TinyNet.Core;
using TinyNet.Ilgpu;
using TinyNet.Tests.Layers;

namespace TinyNet.Tests.Ilgpu;

/// <summary>Recurrent layers of the GPU device, and their gradients, against the reference device.</summary>
public class IlgpuRecurrenceTests
{
    public static TheoryData<string> Kinds => [.. RecurrentCase.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void Layers_agree(string kind) =>
        AssertAgree(RecurrentCase.Make(kind, batch: 5, steps: 3, inputs: 3, hidden: 7, hasState: true), IlgpuTestDevice.Instance);

    [Theory, MemberData(nameof(Kinds))]
    public void Layers_agree_in_both_directions_without_biases_and_with_padding(string kind) => AssertAgree(
        RecurrentCase.Make(
            kind, batch: 17, steps: 3, inputs: 2, hidden: 8, bidirectional: true, bias: false,
            lengths: [.. Enumerable.Range(0, 17).Select(i => 1 + i % 3)]),
        IlgpuTestDevice.Instance);

    // Groups of 64 threads have squares of 32, those of 256 have squares of 64: of both there is a layer with several along both sides.
    [Theory]
    [InlineData("lstm", 4, 33, 11), InlineData("gru", 4, 3, 13), InlineData("relu", 4, 2, 35)]
    [InlineData("lstm", 16, 64, 18), InlineData("gru", 16, 65, 21), InlineData("tanh", 16, 2, 66)]
    public void Large_groups_agree(string kind, int warps, int batch, int hidden)
    {
        using var tested = IlgpuDevices.OnProcessor(16, warps);
        AssertAgree(RecurrentCase.Make(kind, batch, steps: 2, inputs: 2, hidden), tested);
    }

    [Theory, InlineData("tanh", 259), InlineData("tanh", 513)]
    public void Deep_products_agree(string kind, int hidden) =>
        AssertAgree(RecurrentCase.Make(kind, batch: 1, steps: 1, inputs: 1, hidden, hasState: true), IlgpuTestDevice.Instance);

    [Fact]
    public void Layers_too_large_for_a_launch_a_step_agree_with_padding() => AssertAgree(
        RecurrentCase.Make("gru", batch: 3, steps: 2, inputs: 2, hidden: 513, lengths: [2, 1, 2]), IlgpuTestDevice.Instance);

    [Theory, MemberData(nameof(Kinds))]
    public void Layers_of_no_samples_or_steps_agree(string kind)
    {
        AssertAgree(RecurrentCase.Make(kind, batch: 0, steps: 3, inputs: 2, hidden: 4), IlgpuTestDevice.Instance);
        AssertAgree(RecurrentCase.Make(kind, batch: 2, steps: 0, inputs: 2, hidden: 4), IlgpuTestDevice.Instance);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void A_state_that_is_no_number_stays_with_its_sample(float value)
    {
        var layer = RecurrentCase.Make("lstm", batch: 3, steps: 2, inputs: 2, hidden: 5, hasState: true);
        layer.Values[1][5] = value;
        AssertAgree(layer, IlgpuTestDevice.Instance, withGradients: false);
    }

    private static void AssertAgree(RecurrentCase layer, Device tested, bool withGradients = true)
    {
        float[][] expected = layer.Evaluate(Device.Reference), actual = layer.Evaluate(tested);
        for (int i = 0; i < (withGradients ? expected.Length : 1); i++)
        {
            float tolerance = 2e-5f * (1 + expected[i].Where(float.IsFinite).DefaultIfEmpty().Max(Math.Abs));
            Assert.Equal(expected[i].Length, actual[i].Length);
            Assert.All(expected[i].Zip(actual[i]), at => Assert.True(
                at.First.Equals(at.Second) || Math.Abs(at.First - at.Second) <= tolerance, $"result {i}: {at.First} and {at.Second}"));
        }
    }
}
