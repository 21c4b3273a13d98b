namespace TinyNet.Examples;

/// <summary>
/// Principal components: the directions in which data vary most, in double precision. Of all linear maps to so many numbers and back, the
/// one along them loses the least of the data that they were fitted to.
/// </summary>
/// <remarks>K. Pearson, "On lines and planes of closest fit to systems of points in space", 1901.</remarks>
internal sealed class PrincipalComponents
{
    private readonly double[] _mean;
    private readonly double[][] _directions;

    /// <summary>Fits components: the eigenvectors of the covariance with the largest eigenvalues.</summary>
    /// <param name="rows">The data, row after row.</param>
    /// <param name="features">The number of numbers of a row.</param>
    /// <param name="count">The number of components.</param>
    public PrincipalComponents(ReadOnlySpan<float> rows, int features, int count)
    {
        int samples = rows.Length / features;
        _mean = new double[features];
        for (int i = 0; i < rows.Length; i++)
        {
            _mean[i % features] += rows[i] / (double)samples;
        }

        var covariance = new double[features, features];
        var centered = new double[features];
        for (int sample = 0; sample < samples; sample++)
        {
            Center(rows.Slice(sample * features, features), centered);
            for (int i = 0; i < features; i++)
            {
                for (int k = i; k < features; k++)
                {
                    covariance[i, k] += centered[i] * centered[k] / samples;
                }
            }
        }

        _directions = SymmetricMatrix.Eigen(covariance).Vectors[..count];
    }

    /// <summary>What is left of rows when they are told by the components alone.</summary>
    public float[] Reconstruct(ReadOnlySpan<float> rows)
    {
        int features = _mean.Length;
        var result = new float[rows.Length];
        double[] centered = new double[features], sum = new double[features];
        for (int first = 0; first < rows.Length; first += features)
        {
            Center(rows.Slice(first, features), centered);
            _mean.CopyTo(sum, 0);
            foreach (double[] direction in _directions)
            {
                double along = 0;
                for (int i = 0; i < features; i++)
                {
                    along += centered[i] * direction[i];
                }

                for (int i = 0; i < features; i++)
                {
                    sum[i] += along * direction[i];
                }
            }

            for (int i = 0; i < features; i++)
            {
                result[first + i] = (float)sum[i];
            }
        }

        return result;
    }

    private void Center(ReadOnlySpan<float> row, double[] centered)
    {
        for (int i = 0; i < row.Length; i++)
        {
            centered[i] = row[i] - _mean[i];
        }
    }
}
