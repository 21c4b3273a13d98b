using System.Buffers.Binary;
using TinyNet.Tests.Analysis;

namespace TinyNet.Tests.Bench;

/// <summary>A node of a model in the format of ONNX.</summary>
internal sealed record OnnxNode(string Operation, string Domain, string[] Inputs, string[] Outputs, Dictionary<string, long[]> Attributes);

/// <summary>A tensor of numbers that do not change.</summary>
internal sealed record OnnxTensor(long[] Shape, double[] Values);

/// <summary>A model in the format of ONNX, read by the numbers of the fields in onnx.proto.</summary>
internal sealed class OnnxFile
{
    public OnnxFile(byte[] model)
    {
        var fields = ProtoField.Of(model);
        FormatVersion = (long)fields.Single(field => field.Number == 1).Varint;
        Versions = fields.Where(field => field.Number == 8).Select(field => ProtoField.Of(field.Bytes))
            .ToDictionary(set => set.Single(field => field.Number == 1).Text, set => (long)set.Single(field => field.Number == 2).Varint);
        var graph = ProtoField.Of(fields.Single(field => field.Number == 7).Bytes);
        Nodes = [.. graph.Where(field => field.Number == 1).Select(field => Node(ProtoField.Of(field.Bytes)))];
        Constants = graph.Where(field => field.Number == 5).Select(field => ProtoField.Of(field.Bytes))
            .ToDictionary(tensor => tensor.Single(field => field.Number == 8).Text, Constant);
        Input = Value(graph.Single(field => field.Number == 11));
        Output = Value(graph.Single(field => field.Number == 12));
    }

    public long FormatVersion { get; }

    public Dictionary<string, long> Versions { get; }

    public OnnxNode[] Nodes { get; }

    public Dictionary<string, OnnxTensor> Constants { get; }

    public (string Name, long[] Shape) Input { get; }

    public (string Name, long[] Shape) Output { get; }

    private static OnnxNode Node(List<ProtoField> node) => new(
        node.Single(field => field.Number == 4).Text,
        node.Single(field => field.Number == 7).Text,
        [.. node.Where(field => field.Number == 1).Select(field => field.Text)],
        [.. node.Where(field => field.Number == 2).Select(field => field.Text)],
        node.Where(field => field.Number == 5).Select(field => ProtoField.Of(field.Bytes)).ToDictionary(
            attribute => attribute.Single(field => field.Number == 1).Text,
            attribute => attribute.Where(field => field.Number is 3 or 8).Select(field => (long)field.Varint).ToArray()));

    private static OnnxTensor Constant(List<ProtoField> tensor)
    {
        byte[] bytes = tensor.Single(field => field.Number == 9).Bytes;
        double[] values = tensor.Single(field => field.Number == 2).Varint switch
        {
            1 => [.. bytes.Chunk(4).Select(chunk => (double)BinaryPrimitives.ReadSingleLittleEndian(chunk))],
            7 => [.. bytes.Chunk(8).Select(chunk => (double)BinaryPrimitives.ReadInt64LittleEndian(chunk))],
            var type => throw new InvalidDataException($"elements of type {type}"),
        };
        return new OnnxTensor([.. tensor.Where(field => field.Number == 1).Select(field => (long)field.Varint)], values);
    }

    private static (string Name, long[] Shape) Value(ProtoField value)
    {
        var fields = ProtoField.Of(value.Bytes);
        var tensor = ProtoField.Of(Single(ProtoField.Of(Single(fields, 2)), 1));
        Assert.Equal(1ul, tensor.Single(field => field.Number == 1).Varint);
        var sizes = ProtoField.Of(Single(tensor, 2)).Select(size => (long)ProtoField.Of(size.Bytes).Single().Varint);
        return (fields.Single(field => field.Number == 1).Text, [.. sizes]);
    }

    private static byte[] Single(List<ProtoField> fields, int number) => fields.Single(field => field.Number == number).Bytes;
}
