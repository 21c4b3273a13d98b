using System.Runtime.InteropServices;
using TinyNet.Analysis;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// A model in the format of ONNX, node by node: a value is known by its name. Fields have the numbers of onnx.proto
/// (<see href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto"/>).
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The input of the model, and its output.</summary>
    public const string Input = "x", Output = "y";

    // The versions of the format, and of its operations and onnxruntime's own.
    private const int FormatVersion = 8, OperationVersion = 17, OwnVersion = 1;

    private const string OwnDomain = "com.microsoft";

    private const int FloatType = 1, Int64Type = 7;

    private readonly ProtoMessage _graph = new();

    private int _values;

    /// <summary>Adds a node, and returns the value that it makes.</summary>
    /// <param name="operation">Its operation; one of onnxruntime's own begins with <c>com.microsoft.</c>.</param>
    /// <param name="inputs">What it reads; "" for an operand that is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="output">Which of its outputs is used.</param>
    public string Add(string operation, string[] inputs, ProtoMessage[]? attributes = null, int output = 0)
    {
        string value = $"v{++_values}";
        AddNode(operation, inputs, [.. Enumerable.Repeat("", output), value], attributes ?? []);
        return value;
    }

    /// <summary>Adds a node that splits a value evenly.</summary>
    public string[] Split(string value, int parts, int axis)
    {
        string[] values = [.. Enumerable.Range(0, parts).Select(_ => $"v{++_values}")];
        AddNode("Split", [value], values, [Attribute("axis", axis)]);
        return values;
    }

    /// <summary>Adds numbers that do not change, as a value.</summary>
    public string Constant(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape) =>
        AddConstant(FloatType, MemoryMarshal.AsBytes(values), shape);

    /// <summary>The same of whole numbers, in one axis.</summary>
    public string Constant(params ReadOnlySpan<long> values) => AddConstant(Int64Type, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>The model with one more node that makes the output of a value.</summary>
    public byte[] ToModel(string value, Shape input, Shape output)
    {
        AddNode("Identity", [value], [Output], []);
        _graph.Write(2, "TinyNet");
        _graph.Write(11, Describe(Input, input));
        _graph.Write(12, Describe(Output, output));

        var model = new ProtoMessage();
        model.Write(1, FormatVersion);
        model.Write(2, "TinyNet.Bench");
        model.Write(7, _graph);
        model.Write(8, Operations("", OperationVersion));
        model.Write(8, Operations(OwnDomain, OwnVersion));
        return model.Bytes.ToArray();
    }

    public static ProtoMessage Attribute(string name, long value) => Attribute(name, 2, message => message.Write(3, value));

    public static ProtoMessage Attribute(string name, float value) => Attribute(name, 1, message => message.Write(2, value));

    public static ProtoMessage Attribute(string name, string value) => Attribute(name, 3, message => message.Write(4, value));

    public static ProtoMessage Attribute(string name, params long[] values) => Attribute(name, 7, message =>
    {
        foreach (long value in values)
        {
            message.Write(8, value);
        }
    });

    private static ProtoMessage Attribute(string name, int type, Action<ProtoMessage> write)
    {
        var attribute = new ProtoMessage();
        attribute.Write(1, name);
        write(attribute);
        attribute.Write(20, type);
        return attribute;
    }

    private static ProtoMessage Operations(string domain, int version)
    {
        var operations = new ProtoMessage();
        operations.Write(1, domain);
        operations.Write(2, version);
        return operations;
    }

    private static ProtoMessage Describe(string name, Shape shape)
    {
        var (sizes, tensor, type, value) = (new ProtoMessage(), new ProtoMessage(), new ProtoMessage(), new ProtoMessage());
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            var size = new ProtoMessage();
            size.Write(1, shape[axis]);
            sizes.Write(1, size);
        }

        tensor.Write(1, FloatType);
        tensor.Write(2, sizes);
        type.Write(1, tensor);
        value.Write(1, name);
        value.Write(2, type);
        return value;
    }

    private void AddNode(string operation, string[] inputs, string[] outputs, ProtoMessage[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Write(1, input);
        }

        foreach (string output in outputs)
        {
            node.Write(2, output);
        }

        bool isOwn = operation.StartsWith(OwnDomain, StringComparison.Ordinal);
        node.Write(4, isOwn ? operation[(OwnDomain.Length + 1)..] : operation);
        foreach (var attribute in attributes)
        {
            node.Write(5, attribute);
        }

        node.Write(7, isOwn ? OwnDomain : "");
        _graph.Write(1, node);
    }

    private string AddConstant(int type, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> shape)
    {
        var tensor = new ProtoMessage();
        foreach (int size in shape)
        {
            tensor.Write(1, size);
        }

        string name = $"c{++_values}";
        tensor.Write(2, type);
        tensor.Write(8, name);
        tensor.Write(9, bytes);
        _graph.Write(5, tensor);
        return name;
    }
}
