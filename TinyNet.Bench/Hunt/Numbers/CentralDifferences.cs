using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// Checks the gradients of the reference device by differences of its results along a random direction, in steps relative to each element:
/// what catches a wrong derivative that all devices share. Where the function is not smooth (two steps, or both sides, disagree) nothing is
/// said.
/// </summary>
internal static class CentralDifferences
{
    private const double Step = 1e-6, Tolerance = 1e-4, MachineEpsilon = 2.2e-16, Smallest = 1e-38;

    /// <summary>What is wrong, if anything.</summary>
    public static string? Fault(
        NumberCase numberCase, double[][] values, Func<int, double[]> cotangent, double[]?[] expected, double[]?[]? terms, int seed)
    {
        if (numberCase.HasOwnGradient || values.Any(operand => operand.Any(value => Math.Abs(value) > numberCase.SmoothUpTo)))
        {
            return null;
        }

        var random = new Random(seed);
        for (int operand = 0; operand < values.Length; operand++)
        {
            if (expected[1 + operand] is not { } gradient)
            {
                continue;
            }

            double center = numberCase.Operands[operand].Center;
            bool isProbability = numberCase.Operands[operand].Domain == Domain.Probability;
            double[]? extents = operand == 0 ? numberCase.Extents?.Invoke(values[0]) : null;
            double[] direction =
            [
                .. values[operand].Select((value, i) => double.IsFinite(value) ? Reach(value, i) * (2 * random.NextDouble() - 1) : 0),
            ];
            double analytic = 0, parts = 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                double term = direction[i] == 0 ? 0 : gradient[i] * direction[i];
                (analytic, parts) = (analytic + term, parts + Math.Abs(term));
            }

            // A result that is a difference of large terms is as inexact as those.
            double[] middle = At(0), right = At(Step), left = At(-Step), halfRight = At(Step / 2), halfLeft = At(-Step / 2);
            double magnitude = middle.Sum(Math.Abs);
            magnitude += terms?[0] is { } ofResult ? cotangent(ofResult.Length).Zip(ofResult, (c, term) => Math.Abs(c * term)).Sum() : 0;
            double numeric = (right.Sum() - left.Sum()) / (2 * Step), half = (halfRight.Sum() - halfLeft.Sum()) / Step;
            double scale = Math.Max(Math.Max(Math.Abs(analytic), Math.Abs(numeric)), parts);
            double slope = cotangent(expected[0]!.Length).Max(Math.Abs) * direction.Sum(Math.Abs);
            double noise = 1000 * MachineEpsilon * magnitude / Step + Smallest;

            // An element moves by the rounding of a double more or less, which counts where it moves little: a probability near 1.
            double moved = gradient.Select((g, i) => direction[i] == 0 ? 0 : Math.Abs(g * values[operand][i])).Where(double.IsFinite).Sum();
            double bound = Tolerance * scale + noise + 1000 * MachineEpsilon * slope + 4 * MachineEpsilon / Step * moved;
            for (int i = 0; i < direction.Length && terms?[1 + operand] is { } canceling; i++)
            {
                bound += direction[i] == 0 ? 0 : NumberCheck.Relative * NumberCheck.Unit * canceling[i] * Math.Abs(direction[i]);
            }

            double steady = Tolerance / 4 * Math.Max(Math.Abs(numeric), Math.Abs(half)) + noise;

            // Of each number: the kinks of several may cancel, and the slopes that the function has there by definition do not.
            double kink = middle.Select((value, i) => Math.Abs((right[i] - value) - (value - left[i]))).Sum() / Step;
            bool isSmooth = Math.Abs(numeric - half) <= steady && kink <= 10 * steady;
            bool isKnown = isSmooth && double.IsFinite(magnitude) && !(double.IsNaN(analytic) && numberCase.LeavesDomain);
            if (isKnown && !(Math.Abs(analytic - numeric) <= bound + 4 * kink))
            {
                return $"{NumberCheck.NameOf(1 + operand)} on the reference device: {analytic:G6} along a direction, "
                    + $"differences give {numeric:G6}";
            }

            // How far an element can move: not out of its domain, and in a step a thousandth of its extent, where the third derivative
            // takes a millionth.
            double Reach(double value, int i) => Math.Min(
                isProbability ? Math.Min(value, 1 - value) : Math.Abs(value - center),
                extents?[i] * (1e-3 / Step) ?? double.PositiveInfinity);

            // Each number of the result times its gradient.
            double[] At(double step)
            {
                double[][] moved = [.. values];
                moved[operand] = [.. values[operand].Select((value, i) => value + step * direction[i])];
                double[] y = numberCase.Evaluate(Device.Reference, moved, null)[0]!, c = cotangent(y.Length);
                return [.. y.Zip(c, (value, gradient) => gradient * value)];
            }
        }

        return null;
    }
}
