using System.Diagnostics.CodeAnalysis;
using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>An operation of one operand, and what is known about it.</summary>
internal abstract class UnaryRow(
    Type type, double low, double high, (double X, double Y)[] values, double[] specials, Func<double, double>? slopeOf)
{
    public static readonly double[] SpecialOperands = [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    public Type Type => type;

    public (double X, double Y)[] Values => values;

    public double[] Specials => specials;

    /// <summary>The function whose derivative the operation states: itself, or another where its own would be 0 everywhere.</summary>
    public Func<double, double> SlopeOf => slopeOf ?? InDouble;

    /// <summary>Operands where the operation is smooth.</summary>
    public IEnumerable<double> SmoothOperands => Enumerable.Range(0, 41).Select(i => low + (high - low) * (i + 0.37) / 41.6);

    public abstract double InDouble(double x);

    public abstract float InScalar(float x);

    public abstract double Derivative(double x);

    /// <summary>Values and gradients g · f′(x) by the loops of a device.</summary>
    public abstract (float[] Values, float[] Gradients) On(Device device, float[] x, float[] gradients);

    /// <summary>The same, one scalar lane at a time.</summary>
    public abstract (float[] Values, float[] Gradients) InScalars(float[] x, float[] gradients);
}

[SuppressMessage("Performance", "CA1812", Justification = "made in the table")]
internal sealed class UnaryRow<TOp>(
    TOp op, double low, double high, (double X, double Y)[] values, double[] specials, Func<double, double>? slopeOf = null)
    : UnaryRow(typeof(TOp), low, high, values, specials, slopeOf) where TOp : struct, IUnaryOp
{
    public override double InDouble(double x) => op.Forward(new DoubleLane(x)).Value;

    public override float InScalar(float x) => op.Forward(new ScalarLane(x)).Value;

    /// <summary>What the derivative does not say it reads is nan.</summary>
    public override double Derivative(double x) => op.Derivative(
        new DoubleLane(TOp.DerivativeReads.HasFlag(Operands.Input) ? x : double.NaN),
        new DoubleLane(TOp.DerivativeReads.HasFlag(Operands.Output) ? InDouble(x) : double.NaN)).Value;

    public override (float[] Values, float[] Gradients) On(Device device, float[] x, float[] gradients)
    {
        Tensor input = Tensor.From(x, device), output = Tensor.Zeros([x.Length], device), gradient = Tensor.Zeros([x.Length], device);
        device.Map(op, input, output);
        device.Map(new GradientFromBothMap<TOp>(op), input, output, Tensor.From(gradients, device), gradient);
        return (output.ToArray(), gradient.ToArray());
    }

    public override (float[] Values, float[] Gradients) InScalars(float[] x, float[] gradients)
    {
        float[] y = Array.ConvertAll(x, InScalar);
        return (
            y, [.. x.Select((_, i) => (new ScalarLane(gradients[i]) * op.Derivative(new ScalarLane(x[i]), new ScalarLane(y[i]))).Value)]);
    }
}

/// <summary>An operation of two operands, and what is known about it.</summary>
internal abstract class BinaryRow(Type type, double low, double high, (double A, double B, double Y)[] values, double[] specials)
{
    public static readonly (double A, double B)[] SpecialOperands =
        [
            .. from a in UnaryRow.SpecialOperands from b in new[]
            {
                0,
                double.NaN,
                double.PositiveInfinity,
                double.NegativeInfinity,
                2,
                -1,
            } select (a, b),
        ];

    public Type Type => type;

    public (double A, double B, double Y)[] Values => values;

    public double[] Specials => specials;

    /// <summary>Operands where the operation is smooth.</summary>
    public IEnumerable<(double A, double B)> SmoothOperands =>
        Enumerable.Range(0, 60).Select(i => (low + (high - low) * (i * 0.618034 % 1), low + (high - low) * ((i * 0.7548777 + 0.1) % 1)));

    public abstract double InDouble(double a, double b);

    public abstract float InScalar(float a, float b);

    public abstract (double A, double B) Gradients(double a, double b, double gradient);

    /// <summary>Values and both gradients by the loops of a device.</summary>
    public abstract float[][] On(Device device, float[] a, float[] b, float[] gradients);

    /// <summary>The same, one scalar lane at a time.</summary>
    public abstract float[][] InScalars(float[] a, float[] b, float[] gradients);
}

[SuppressMessage("Performance", "CA1812", Justification = "made in the table")]
internal sealed class BinaryRow<TOp>(double low, double high, (double A, double B, double Y)[] values, double[] specials, TOp op = default)
    : BinaryRow(typeof(TOp), low, high, values, specials) where TOp : struct, IBinaryOp
{
    public override double InDouble(double a, double b) => op.Forward(new DoubleLane(a), new DoubleLane(b)).Value;

    public override float InScalar(float a, float b) => op.Forward(new ScalarLane(a), new ScalarLane(b)).Value;

    public override (double A, double B) Gradients(double a, double b, double gradient)
    {
        DoubleLane x = new(a), y = new(b), g = new(gradient);
        return (op.GradientA(x, y, g).Value, op.GradientB(x, y, g).Value);
    }

    public override float[][] On(Device device, float[] a, float[] b, float[] gradients)
    {
        Tensor x = Tensor.From(a, device), y = Tensor.From(b, device), g = Tensor.From(gradients, device);
        Tensor[] results = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Zeros([a.Length], device))];
        device.Map(op, x, y, results[0]);
        device.Map(new BinaryGradientAMap<TOp>(op), x, y, g, results[1]);
        device.Map(new BinaryGradientBMap<TOp>(op), x, y, g, results[2]);
        return Array.ConvertAll(results, result => result.ToArray());
    }

    public override float[][] InScalars(float[] a, float[] b, float[] gradients)
    {
        int[] indices = [.. Enumerable.Range(0, a.Length)];
        return
        [
            Array.ConvertAll(indices, i => InScalar(a[i], b[i])),
            Array.ConvertAll(indices, i => op.GradientA(new ScalarLane(a[i]), new ScalarLane(b[i]), new ScalarLane(gradients[i])).Value),
            Array.ConvertAll(indices, i => op.GradientB(new ScalarLane(a[i]), new ScalarLane(b[i]), new ScalarLane(gradients[i])).Value),
        ];
    }
}
