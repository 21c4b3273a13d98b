using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>How the scores of the classes become one.</summary>
public enum Averaging
{
    /// <summary>Their mean over the classes that occur, as label or as prediction.</summary>
    Macro,

    /// <summary>
    /// The score of all classes' counts together: here, where each sample has one class, the accuracy, for all three scores.
    /// </summary>
    Micro,

    /// <summary>Their mean with the number of the class's labels as weight.</summary>
    Weighted,
}

/// <summary>
/// How well one class was told from the others. Where a score would be 0 / 0 it is 0, as in scikit-learn (zero_division = 0).
/// </summary>
/// <param name="Support">How many labels are this class: true positives and false negatives.</param>
/// <param name="Predicted">How many predictions are: true and false positives.</param>
/// <param name="Right">How many of both: the true positives.</param>
public readonly record struct ClassScores(long Support, long Predicted, long Right)
{
    /// <summary>Right / predicted: how many of the predictions of this class are right.</summary>
    public double Precision => Share(Right, Predicted);

    /// <summary>Right / support: how many of the samples of this class were found.</summary>
    public double Recall => Share(Right, Support);

    /// <summary>2 right / (support + predicted): the harmonic mean of precision and recall.</summary>
    public double F1 => Share(2.0 * Right, (double)Support + Predicted);

    /// <summary>One of the three.</summary>
    internal double Of(ClassScoreKind kind) => kind switch
    {
        ClassScoreKind.Precision => Precision,
        ClassScoreKind.Recall => Recall,
        _ => F1,
    };

    /// <summary>One of the three over all classes; nan where nothing was counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such averaging.</exception>
    internal static double Average(ClassScoreKind kind, Averaging averaging, ReadOnlySpan<ClassScores> classes)
    {
        Require.Defined(averaging);
        var all = default(ClassScores);
        double sum = 0, weights = 0;
        foreach (var scores in classes)
        {
            double weight = averaging == Averaging.Weighted ? scores.Support : scores.Support + scores.Predicted > 0 ? 1 : 0;
            sum += weight * scores.Of(kind);
            weights += weight;
            all = new ClassScores(all.Support + scores.Support, all.Predicted + scores.Predicted, all.Right + scores.Right);
        }

        return averaging == Averaging.Micro && weights > 0 ? all.Of(kind) : sum / weights;
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}

/// <summary>Which score of a class.</summary>
internal enum ClassScoreKind
{
    Precision,
    Recall,
    F1,
}
