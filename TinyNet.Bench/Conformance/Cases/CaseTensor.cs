using System.Text.Json;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The type of a tensor's elements in a case file.</summary>
internal enum ElementType
{
    Float32,
    Float64,
    Int64,
    Bool,
}

/// <summary>A tensor as a case file states it. Every number of the format is exact in double.</summary>
internal sealed record CaseTensor(Shape Shape, ElementType Type, double[] Values)
{
    /// <summary>Integers and booleans must be met exactly.</summary>
    public bool IsExact => Type is ElementType.Int64 or ElementType.Bool;

    public static CaseTensor Parse(JsonElement json)
    {
        var type = json.GetProperty("dtype").GetString() switch
        {
            "float32" => ElementType.Float32,
            "float64" => ElementType.Float64,
            "int64" => ElementType.Int64,
            "bool" => ElementType.Bool,
            var other => throw new FormatException($"unknown dtype \"{other}\""),
        };
        int[] sizes = [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        double[] values = [.. json.GetProperty("data").EnumerateArray().Select(Number)];
        var shape = new Shape(sizes);
        return values.Length == shape.Length
            ? new CaseTensor(shape, type, values)
            : throw new FormatException($"a tensor of shape {shape} with {values.Length} data");
    }

    /// <summary>A number, or the name of one that JSON has no number for.</summary>
    public static double Number(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => json.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            var other => throw new FormatException($"\"{other}\" is no number"),
        },
        _ => throw new FormatException($"{json.GetRawText()} is no number"),
    };

    public Tensor ToTensor(Device device) => Tensor.From(Array.ConvertAll(Values, value => (float)value), Shape, device);

    public IndexTensor ToIndices() => Type == ElementType.Int64
        ? IndexTensor.From(Array.ConvertAll(Values, value => checked((int)value)), Shape)
        : throw new FormatException($"indices of type {Type}");
}
