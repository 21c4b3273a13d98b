using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>Something that is computed from operands, and can be computed on any device.</summary>
/// <param name="operands">What it is computed from.</param>
internal abstract class NumberCase(NumberOperand[] operands)
{
    /// <summary>What it is computed from.</summary>
    public NumberOperand[] Operands { get; } = operands;

    /// <summary>
    /// The size of terms that cancel whatever the operands are, so that changing these does not show it: for each number of the result and
    /// of the gradients that of the terms it is the difference of. From the operands, the gradient of the result, and the right results.
    /// </summary>
    public Func<double[][], double[], double[]?[], double[]?[]>? Terms { get; init; }

    /// <summary>Whether a float may lose what a common offset of the operands takes.</summary>
    public bool ForgivesOffset { get; init; }

    /// <summary>Whether the gradient is meant to be another than that of the function: straight through a staircase, say.</summary>
    public bool HasOwnGradient { get; init; }

    /// <summary>Up to which magnitude of the operands differences say something: not far, if the function oscillates.</summary>
    public double SmoothUpTo { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// How far each element of the first operand may go before the function is far from what its derivative says; null where no less than
    /// the element itself is.
    /// </summary>
    public Func<double[], double[]>? Extents { get; init; }

    /// <summary>Whether operands may lie outside of the domain, so that results are not numbers.</summary>
    public bool LeavesDomain { get; init; }

    /// <summary>The result and then the gradients of the operands, where they have one.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="values">The elements of the operands; only the reference device sees more of them than floats.</param>
    /// <param name="cotangent">Makes the gradient of a result of some length; null where gradients are not wanted.</param>
    public abstract double[]?[] Evaluate(Device device, double[][] values, Func<int, double[]>? cotangent);

    /// <summary>Writes numbers: in full precision on the reference device.</summary>
    protected static void Write(double[] values, Tensor tensor)
    {
        if (tensor.Device is ReferenceDevice)
        {
            ReferenceDevice.WriteDoubles(values, tensor);
        }
        else
        {
            tensor.CopyFrom(Array.ConvertAll(values, value => (float)value));
        }
    }

    /// <summary>Reads numbers: in full precision on the reference device.</summary>
    protected static double[] Read(Tensor tensor) => tensor.Device is ReferenceDevice
        ? ReferenceDevice.ReadDoubles(tensor)
        : Array.ConvertAll(tensor.ToArray(), value => (double)value);

    /// <summary>A tensor with numbers.</summary>
    protected static Tensor Filled(double[] values, in Shape shape, Device device)
    {
        var tensor = Tensor.Zeros(shape, device);
        Write(values, tensor);
        return tensor;
    }
}

/// <summary>A function of tensors, of a module's parameters too, with its gradients.</summary>
internal sealed class FunctionCase : NumberCase
{
    private readonly Func<Module?, Tensor[], Tensor> _function;
    private readonly Func<Module>? _make;
    private readonly int _inputs;

    /// <summary>A function of operands.</summary>
    public FunctionCase(NumberOperand[] operands, Func<Tensor[], Tensor> function) : base(operands) =>
        (_function, _inputs) = ((_, x) => function(x), operands.Length);

    /// <summary>A module, whose parameters become operands beside its inputs.</summary>
    public FunctionCase(Draw draw, Func<Module> make, NumberOperand[] inputs, Func<Module, Tensor[], Tensor> run)
        : base([.. inputs, .. make().Parameters().Select(parameter => draw.Of(parameter.Shape))]) =>
        (_function, _make, _inputs) = ((module, x) => run(module!, x), make, inputs.Length);

    /// <inheritdoc/>
    public override double[]?[] Evaluate(Device device, double[][] values, Func<int, double[]>? cotangent)
    {
        var inputs = new Tensor[_inputs];
        for (int i = 0; i < _inputs; i++)
        {
            var tensor = Filled(values[i], Operands[i].Shape, device);
            inputs[i] = Operands[i].HasGradient ? new Parameter(tensor) : tensor;
        }

        var module = _make?.Invoke();
        module?.To(device);
        Parameter[] parameters = [.. module?.Parameters() ?? []];
        for (int i = 0; i < parameters.Length; i++)
        {
            Write(values[_inputs + i], parameters[i]);
        }

        using var tape = cotangent is null ? Tape.NoRecord() : Tape.Record();
        var y = _function(module, inputs);
        var results = new double[]?[1 + Operands.Length];
        results[0] = Read(y);
        if (cotangent is null || !y.HasHistory)
        {
            return results;
        }

        tape.Backward(y, Filled(cotangent(y.Length), y.Shape, device));
        for (int i = 0; i < Operands.Length; i++)
        {
            var parameter = i < _inputs ? inputs[i] as Parameter : parameters[i - _inputs];
            results[1 + i] = parameter?.Gradient is { } gradient ? Read(gradient) : null;
        }

        return results;
    }
}

/// <summary>Steps of an optimizer from a given value by given gradients; the results are the values after each.</summary>
internal sealed class OptimizerCase : NumberCase
{
    private readonly Func<Parameter[], Optimizer> _make;

    public OptimizerCase(NumberOperand[] valueAndGradients, Func<Parameter[], Optimizer> make) : base(valueAndGradients) =>
        (_make, Terms) = (make, Ways);

    /// <inheritdoc/>
    public override double[]?[] Evaluate(Device device, double[][] values, Func<int, double[]>? cotangent)
    {
        var parameter = new Parameter(Filled(values[0], Operands[0].Shape, device));
        Write(values[0], parameter);
        var optimizer = _make([parameter]);
        var results = new double[]?[values.Length];
        for (int step = 1; step < values.Length; step++)
        {
            parameter.SetGradient(Filled(values[step], Operands[0].Shape, device));
            optimizer.Step();
            results[step] = Read(parameter);
        }

        results[0] = results[^1];
        return results;
    }

    /// <summary>How far every element went so far: steps back and forth cancel.</summary>
    private static double[]?[] Ways(double[][] values, double[] cotangent, double[]?[] expected)
    {
        double[] before = values[0], way = Array.ConvertAll(before, Math.Abs);
        var ways = new double[]?[expected.Length];
        for (int step = 1; step < expected.Length; step++)
        {
            way = [.. way.Select((length, i) => length + Math.Abs(expected[step]![i] - before[i]))];
            (ways[step], before) = (way, expected[step]!);
        }

        ways[0] = way;
        return ways;
    }
}
