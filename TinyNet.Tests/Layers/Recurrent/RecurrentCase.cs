using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A recurrent layer with operands: the sequence, the initial state if there is one, and the weights.</summary>
internal sealed class RecurrentCase
{
    private readonly RecurrentLayer _layer;
    private readonly bool _hasState;

    private RecurrentCase(RecurrentLayer layer, bool hasState, IndexTensor? lengths, float[][] values, Shape[] shapes)
    {
        (_layer, _hasState, Lengths, Values, Shapes) = (layer, hasState, lengths, values, shapes);
    }

    public static string[] Kinds { get; } = ["tanh", "relu", "lstm", "gru"];

    public IndexTensor? Lengths { get; }

    /// <summary>The operands: sequence, hidden state, cell, then the parameters in order.</summary>
    public float[][] Values { get; }

    public Shape[] Shapes { get; }

    public static RecurrentLayer Layer(
        string kind,
        int inputs,
        int hidden,
        int layers = 1,
        bool bidirectional = false,
        bool bias = true,
        float dropout = 0,
        bool batchFirst = true,
        ulong seed = 1)
    {
        var random = new RandomStream(seed);
        return kind switch
        {
            "lstm" => new LSTM(inputs, hidden, layers, bidirectional, bias, dropout, batchFirst, random),
            "gru" => new GRU(inputs, hidden, layers, bidirectional, bias, dropout, batchFirst, random),
            _ => new RNN(
                inputs,
                hidden,
                layers,
                kind == "relu" ? Nonlinearity.Relu : Nonlinearity.Tanh,
                bidirectional,
                bias,
                dropout,
                batchFirst,
                random),
        };
    }

    public static RecurrentCase Make(
        string kind,
        int batch,
        int steps,
        int inputs,
        int hidden,
        int layers = 1,
        bool bidirectional = false,
        bool bias = true,
        bool batchFirst = true,
        bool hasState = false,
        int[]? lengths = null)
    {
        var layer = Layer(kind, inputs, hidden, layers, bidirectional, bias, batchFirst: batchFirst);
        Shape state = [layers * (bidirectional ? 2 : 1), batch, hidden],
            sequence = batchFirst ? [batch, steps, inputs] : [steps, batch, inputs];
        Shape[] given = hasState ? kind == "lstm" ? [sequence, state, state] : [sequence, state] : [sequence];
        var random = new RandomStream(2);
        return new RecurrentCase(layer, hasState, lengths is null ? null : IndexTensor.From(lengths),
            [
                .. given.Select(shape => Tensor.Normal(shape, random).ToArray()),
                .. layer.Parameters().Select(parameter => parameter.ToArray()),
            ],
            [.. given, .. layer.Parameters().Select(parameter => parameter.Shape)]);
    }

    public Tensor[] Operands(Device device) => [.. Values.Zip(Shapes, (values, shape) => Tensor.From(values, shape, device))];

    /// <summary>Output, hidden state and cell, in one row.</summary>
    public Tensor Run(Tensor[] operands)
    {
        var output = Forward(operands);
        Tensor?[] parts = [output.Output, output.State.Hidden, output.State.Cell];
        return Tensor.Concat(0, [.. parts.OfType<Tensor>().Select(tensor => tensor.Reshape(tensor.Length))]);
    }

    public RecurrentOutput Forward(Tensor[] operands)
    {
        bool hasCell = _layer is LSTM;
        int at = _hasState ? hasCell ? 3 : 2 : 1, perDirection = operands.Length > at + 2 && operands[at + 2].Rank == 1 ? 4 : 2;
        var weights = new List<RecurrentWeights>();
        for (; at < operands.Length; at += perDirection)
        {
            weights.Add(
                new RecurrentWeights(
                    operands[at],
                    operands[at + 1],
                    perDirection == 4 ? operands[at + 2] : null,
                    perDirection == 4 ? operands[at + 3] : null));
        }

        RecurrentState? state = _hasState ? new RecurrentState(operands[1], hasCell ? operands[2] : null) : null;
        return _layer.Compute(new RecurrentInput(operands[0], state, Lengths), weights.ToArray());
    }

    /// <summary>The result on a device, and the gradients of all operands for a random cotangent.</summary>
    public float[][] Evaluate(Device device)
    {
        Parameter[] parameters = [.. Operands(device).Select(operand => new Parameter(operand))];
        using var tape = Tape.Record();
        var y = Run(parameters);
        tape.Backward(y, Tensor.Normal(y.Shape, new RandomStream(3), device: device));
        return [y.ToArray(), .. parameters.Select(parameter => parameter.Gradient!.ToArray())];
    }
}
