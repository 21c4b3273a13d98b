namespace TinyNet.Plots;

/// <summary>Where a value lies on an axis: there, or at its logarithm. What lies nowhere is nan, which is a gap.</summary>
internal readonly record struct PlotScale(bool IsLog)
{
    public double At(double value)
    {
        double position = IsLog ? Math.Log10(value) : value;
        return double.IsFinite(position) ? position : double.NaN;
    }

    public double[] At(IReadOnlyList<double> values)
    {
        double[] positions = new double[values.Count];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = At(values[i]);
        }

        return positions;
    }
}
