using System.Text.Json;
using TinyNet.Autograd;
using TinyNet.Core;
using static TinyNet.Bench.Replays;

namespace TinyNet.Bench;

/// <summary>The family <c>shape</c>.</summary>
internal static class ShapeReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["reshape"] = Unary((x, attributes) => x.Reshape(attributes.Ints("shape"))),
        ["transpose"] = Unary((x, attributes) => x.Transpose(attributes.Int("dim0"), attributes.Int("dim1"))),
        ["permute"] = Unary((x, attributes) => x.Permute(attributes.Ints("dims"))),
        ["flatten"] = Unary((x, attributes) => x.Flatten(attributes.Int("start_dim"), attributes.Int("end_dim"))),
        ["squeeze"] = Unary((x, attributes) => x.Squeeze(attributes.OptionalInt("dim"))),
        ["unsqueeze"] = Unary((x, attributes) => x.Unsqueeze(attributes.Int("dim"))),
        ["cat"] = run => run.Output("y", Tensor.Concat(run.Attributes.Int("dim"), run.InputSeries("x"))),
        ["stack"] = run => run.Output("y", Tensor.Stack(run.Attributes.Int("dim"), run.InputSeries("x"))),
        ["split"] = run => run.OutputSeries("y", run.Attributes.IsList("split_size")
            ? run.Input("x").Split(run.Attributes.Ints("split_size"), run.Attributes.Int("dim"))
            : run.Input("x").Split(run.Attributes.Int("split_size"), run.Attributes.Int("dim"))),
        ["chunk"] = run => run.OutputSeries("y", run.Input("x").Chunk(run.Attributes.Int("chunks"), run.Attributes.Int("dim"))),
        ["slice"] = Unary(Slice),
        ["select"] = Unary((x, attributes) => x.Select(attributes.Int("dim"), attributes.Int("index"))),
        ["index_select"] = run => run.Output("y", run.Input("x").IndexSelect(run.Attributes.Int("dim"), run.Indices("index"))),
        ["gather"] = run => run.Output("y", run.Input("x").Gather(run.Attributes.Int("dim"), run.Indices("index"))),
        ["scatter_add"] = run =>
            run.Output("y", run.Input("x").ScatterAdd(run.Attributes.Int("dim"), run.Indices("index"), run.Input("src"))),
        ["pad"] = Unary(Pad),
        ["flip"] = Unary((x, attributes) => attributes.Ints("dims") is { Length: > 0 } axes ? x.Flip(new Axes(axes)) : x),
        ["roll"] = Unary(Roll),
        ["expand"] = Unary((x, attributes) => x.Expand(attributes.Ints("shape"))),
        ["repeat"] = Unary((x, attributes) => x.Repeat(attributes.Ints("repeats"))),
        ["tril"] = Unary((x, attributes) => x.LowerTriangle(attributes.Int("diagonal"))),
        ["triu"] = Unary((x, attributes) => x.UpperTriangle(attributes.Int("diagonal"))),
        ["one_hot"] = run => run.Output("y", run.Indices("index").OneHot(run.Attributes.Int("num_classes"), run.Device)),
        ["masked_fill"] = run => run.Output("y", MaskedFill(run.Input("x"), run.Input("mask"), run.Attributes.Float("value"))),
    };

    private static Tensor Slice(Tensor x, CaseAttributes attributes)
    {
        int axis = 0;
        foreach (var slice in attributes.Element("slices").EnumerateArray())
        {
            if (slice.ValueKind == JsonValueKind.Array)
            {
                int?[] bounds =
                [
                    .. slice.EnumerateArray().Select(bound => bound.ValueKind == JsonValueKind.Null ? (int?)null : bound.GetInt32()),
                ];
                x = x.Slice(axis, bounds[0], bounds[1], bounds[2] ?? 1);
            }

            axis++;
        }

        return x;
    }

    private static Tensor Pad(Tensor x, CaseAttributes attributes)
    {
        string mode = attributes.Text("mode");
        return mode switch
        {
            "constant" => x.Pad(attributes.Ints("pad"), PaddingMode.Constant, attributes.OptionalFloat("value") ?? 0),
            "reflect" => x.Pad(attributes.Ints("pad"), PaddingMode.Reflect),
            "replicate" => x.Pad(attributes.Ints("pad"), PaddingMode.Replicate),
            _ => throw new NotCoveredException($"pad mode {mode}"),
        };
    }

    /// <summary>Without axes the elements roll through the flattened tensor.</summary>
    private static Tensor Roll(Tensor x, CaseAttributes attributes)
    {
        int[] shifts = attributes.Ints("shifts"), axes = attributes.Ints("dims");
        if (axes.Length == 0)
        {
            return x.Flatten().Roll(shifts[0], 0).Reshape(x.Shape.Sizes);
        }

        for (int i = 0; i < axes.Length; i++)
        {
            x = x.Roll(shifts[i], axes[i]);
        }

        return x;
    }

    /// <summary>PyTorch lets the tensor broadcast to the mask too; here that is asked for.</summary>
    private static Tensor MaskedFill(Tensor x, Tensor mask, float value)
    {
        var shape = Shape.Broadcast(x.Shape, mask.Shape, "masked_fill");
        return (shape == x.Shape ? x : x.Expand(shape.Sizes)).MaskedFill(mask, value);
    }
}
