using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// Compares what a processor's device computes with the reference device, which keeps and computes all in double precision, whole composed
/// losses and layers included: it has range and digits to spare wherever floats run out of them. A formula that both share is checked by
/// central differences there.
/// </summary>
/// <remarks>
/// The tolerance. A result ŷ passes if it is the right one for operands that a float could not have told from the given ones: |ŷ − y| ≤
/// 64 u (|y| + t) + 32 Δ + m, with u = 2^−24, m the smallest normal float (times the largest gradient of the result, where that is
/// more), and Δ the largest change of y, over some directions, when every operand and the gradient of the result are changed by u
/// of their distance from the offset that an operand has in common (0 unless it was drawn with one). So an operation may lose what its
/// condition takes, but not what a common offset hides: floats near 2^24 have exact differences. t is the size of terms that cancel
/// whatever the operands are (<see cref="NumberCase.Terms"/>): the gradient of a normalization of two numbers, say. Where y, or a term
/// in it (Δ / u), is beyond the range of floats, anything may come.
/// </remarks>
internal static class NumberCheck
{
    /// <summary>u, half a unit in the last place at 1, and how many of them a result may be off.</summary>
    public const double Unit = 1.0 / (1 << 24), Relative = 64;

    private const double Condition = 32, Smallest = 1.17549435e-38, Largest = float.MaxValue / 8;
    private const int Perturbations = 8;

    /// <summary>What is wrong with a case: a line each, with what kind of result it is.</summary>
    public static IEnumerable<string> Faults(NumberCase numberCase, int seed, IReadOnlyList<CpuDevice> devices)
    {
        double[][] values = Array.ConvertAll(numberCase.Operands, operand => Array.ConvertAll(operand.Values, value => (double)value));
        Func<int, double[]> cotangent = length => Array.ConvertAll(new Draw(seed).Cotangent(length), value => (double)value);
        var expected = numberCase.Evaluate(Device.Reference, values, cotangent);
        var changes = Changes(numberCase, values, cotangent, expected, seed);
        double[] gradient = cotangent(expected[0]!.Length);
        double smallest = Smallest * (1 + gradient.Select(Math.Abs).Append(0).Max());
        var terms = numberCase.Terms?.Invoke(values, gradient, expected);
        for (int i = 0; i < expected.Length && !numberCase.LeavesDomain; i++)
        {
            if (expected[i] is { } numbers && Array.FindIndex(numbers, double.IsNaN) is >= 0 and var place)
            {
                yield return $"{NameOf(i)} on the reference device: element {place} is not a number";
            }
        }

        double[]?[]? ofOneThread = null;
        foreach (var device in devices)
        {
            var actual = numberCase.Evaluate(device, values, cotangent);
            for (int i = 0; i < expected.Length; i++)
            {
                if (Difference(expected[i], actual[i], changes[i], terms?[i], smallest) is { } difference)
                {
                    yield return $"{NameOf(i)} on {device.LaneBits} bits, {device.Threads} threads: {difference}";
                }
                else if (ofOneThread is not null && device.Threads > 1 && !IsSame(ofOneThread[i], actual[i]))
                {
                    yield return $"{NameOf(i)} on {device.LaneBits} bits: other bits on {device.Threads} threads than on one";
                }
            }

            ofOneThread = device.Threads == 1 ? actual : ofOneThread;
        }

        if (numberCase is FunctionCase && CentralDifferences.Fault(numberCase, values, cotangent, expected, terms, seed) is { } fault)
        {
            yield return fault;
        }
    }

    /// <summary>The name of the result or of a gradient.</summary>
    public static string NameOf(int index) => index == 0 ? "result" : $"gradient of operand {index - 1}";

    /// <summary>Δ: the largest changes of each number.</summary>
    private static double[]?[] Changes(
        NumberCase numberCase, double[][] values, Func<int, double[]> cotangent, double[]?[] expected, int seed)
    {
        var random = new Random(seed);
        var changes = Array.ConvertAll(expected, numbers => numbers is null ? null : new double[numbers.Length]);
        for (int k = 0; k < Perturbations; k++)
        {
            double[][] changed = [.. values.Select((numbers, i) =>
            {
                var (domain, center) = (numberCase.Operands[i].Domain, numberCase.ForgivesOffset ? 0 : numberCase.Operands[i].Center);
                return domain is Domain.Sign or Domain.Flag ? numbers : Within(domain, Perturbed(numbers, center, k, random));
            })];
            var results = numberCase.Evaluate(Device.Reference, changed, length => Perturbed(cotangent(length), 0, k, random));
            for (int i = 0; i < results.Length; i++)
            {
                for (int j = 0; j < (changes[i]?.Length ?? 0); j++)
                {
                    double change = Math.Abs((results[i]?[j] ?? 0) - expected[i]![j]);

                    // Nan, where a change leads out of the domain: nothing is known about the neighborhood.
                    changes[i]![j] = change > changes[i]![j] || double.IsNaN(change) ? change : changes[i]![j];
                }
            }
        }

        return changes;
    }

    /// <summary>Numbers that may have left their domain by a rounding, back in it.</summary>
    private static double[] Within(Domain domain, double[] values) =>
        domain == Domain.Probability ? Array.ConvertAll(values, value => Math.Clamp(value, 0, 1)) : values;

    /// <summary>
    /// Numbers changed by one rounding: all away from the center, all towards it, every other one away, then at random. Of two numbers
    /// that cancel, random directions alone would all be the same in one of 64 cases, and show nothing of that.
    /// </summary>
    private static double[] Perturbed(double[] values, double center, int kind, Random random) => [.. values.Select((value, i) =>
    {
        double direction = kind switch { 0 => 1, 1 => -1, 2 => 1 - i % 2 * 2, _ => random.Next(2) * 2 - 1 }, distance = value - center;
        double change = Math.Abs(distance) is > 0 and < Smallest ? float.Epsilon : Unit * distance;
        return double.IsInfinity(value) ? value : value + direction * change;
    })];

    private static string? Difference(double[]? expected, double[]? actual, double[]? changes, double[]? terms, double smallest)
    {
        if (expected is null || actual is null || expected.Length != actual.Length)
        {
            return (expected is null) == (actual is null) && expected?.Length == actual?.Length
                ? null
                : "only one of the devices has it";
        }

        string? worst = null;
        double excess = 1;
        for (int i = 0; i < expected.Length; i++)
        {
            double y = expected[i], found = actual[i], change = changes![i];
            if (found.Equals(y) || double.IsNaN(change) || Math.Abs(y) + change / Unit + (terms?[i] ?? 0) > Largest)
            {
                continue;
            }

            double error = Math.Abs(found - y), size = Math.Abs(y) + (terms?[i] ?? 0);
            double allowed = Relative * Unit * size + Condition * change + smallest;
            double ratio = double.IsNaN(error) ? double.PositiveInfinity : error / allowed;
            if (ratio > excess || (worst is null && double.IsNaN(ratio)))
            {
                (excess, worst) = (ratio, $"element {i} is {found:R}, should be {y:R} (allowed {allowed:G3})");
            }
        }

        return worst;
    }

    private static bool IsSame(double[]? first, double[]? second) =>
        first is null ? second is null : second is not null && first.AsSpan().SequenceEqual(second);
}
