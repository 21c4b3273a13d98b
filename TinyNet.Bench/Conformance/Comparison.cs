using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>Compares results with what a case expects, and collects what is wrong.</summary>
internal sealed class Comparison(double relativeTolerance, double absoluteTolerance)
{
    private readonly List<string> _findings = [];

    public IReadOnlyList<string> Findings => _findings;

    /// <summary>The largest error so far, as a part of what is tolerated.</summary>
    public double WorstError { get; private set; }

    /// <summary>Compares all results of a kind; there must be exactly the expected ones.</summary>
    public void Compare(
        string kind, IReadOnlyDictionary<string, CaseTensor> expected, IReadOnlyDictionary<string, (Shape Shape, double[] Values)> actual)
    {
        foreach (var (name, tensor) in expected)
        {
            if (!actual.TryGetValue(name, out var result))
            {
                Add($"{kind} {name}: missing");
            }
            else
            {
                Compare($"{kind} {name}", tensor, result.Shape, result.Values);
            }
        }

        foreach (string name in actual.Keys.Except(expected.Keys))
        {
            Add($"{kind} {name}: not expected");
        }
    }

    private void Compare(string what, CaseTensor expected, Shape shape, double[] values)
    {
        if (shape != expected.Shape)
        {
            Add($"{what}: shape {shape} instead of {expected.Shape}");
            return;
        }

        double worst = 0;
        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double error = Error(expected.Values[i], values[i], expected.IsExact);
            if (error > worst)
            {
                (worst, at) = (error, i);
            }
        }

        WorstError = Math.Max(WorstError, worst);
        if (worst > 1)
        {
            _findings.Add(string.Create(CultureInfo.InvariantCulture,
                $"{what}: worst error {worst:G3} times the tolerance, "
                + $"{values[at]:G9} instead of {expected.Values[at]:G9} at element {at}"));
        }
    }

    /// <summary>|actual − expected| over what is tolerated; what must be equal and is not counts as infinite.</summary>
    private double Error(double expected, double actual, bool isExact)
    {
        if (expected.Equals(actual) || expected == actual)
        {
            return 0;
        }

        double tolerance = absoluteTolerance + relativeTolerance * Math.Abs(expected), error = Math.Abs(actual - expected) / tolerance;
        return isExact || !double.IsFinite(expected) || !double.IsFinite(error) ? double.PositiveInfinity : error;
    }

    private void Add(string finding)
    {
        _findings.Add(finding);
        WorstError = double.PositiveInfinity;
    }
}
