namespace TinyNet.Training;

/// <summary>
/// A sum in double whose roundings are summed up beside it (A. Neumaier, ZAMM 54, 1974, pages 39 to 51): as good as one in twice the
/// precision, also where terms cancel. Added one by one, terms give the same bits however they come in batches.
/// </summary>
/// <param name="Sum">What the terms give, rounded each time.</param>
/// <param name="Rest">What was rounded away.</param>
internal readonly record struct CompensatedSum(double Sum, double Rest)
{
    /// <summary>The sum; infinite or nan where a term or the sum is.</summary>
    public double Value => double.IsFinite(Sum) ? Sum + Rest : Sum;

    /// <summary>The sum with one more term.</summary>
    public CompensatedSum Plus(double term)
    {
        double sum = Sum + term;
        double rest = Math.Abs(Sum) >= Math.Abs(term) ? Sum - sum + term : term - sum + Sum;
        return new CompensatedSum(sum, double.IsFinite(sum) ? Rest + rest : 0);
    }
}
