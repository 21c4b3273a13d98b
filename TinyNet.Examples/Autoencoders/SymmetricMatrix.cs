namespace TinyNet.Examples;

/// <summary>The eigenvalues and eigenvectors of symmetric matrices.</summary>
internal static class SymmetricMatrix
{
    private const int MostSweeps = 100;

    /// <summary>
    /// Jacobi's method: a rotation of two axes makes one element off the diagonal 0; sweeps over all of them are repeated until none is
    /// left that the diagonal would feel. What is on the diagonal are the eigenvalues then, the product of the rotations has the vectors.
    /// </summary>
    /// <remarks>G. H. Golub, C. F. Van Loan, "Matrix computations", section 8.5.</remarks>
    /// <param name="matrix">The matrix, which is left as it is; the part below the diagonal is not looked at.</param>
    /// <returns>The eigenvalues, the largest first, and for each its vector of length 1.</returns>
    public static (double[] Values, double[][] Vectors) Eigen(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var a = new double[n, n];
        var vectors = new double[n][];
        for (int i = 0; i < n; i++)
        {
            vectors[i] = new double[n];
            vectors[i][i] = 1;
            for (int k = i; k < n; k++)
            {
                a[i, k] = a[k, i] = matrix[i, k];
            }
        }

        for (int sweep = 0; sweep < MostSweeps && Sweep(a, vectors); sweep++)
        {
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i, i])];
        return ([.. order.Select(i => a[i, i])], [.. order.Select(i => vectors[i])]);
    }

    /// <summary>Rotates each pair of axes, and says whether there was anything to do.</summary>
    private static bool Sweep(double[,] a, double[][] vectors)
    {
        bool hasRotated = false;
        for (int p = 0; p < vectors.Length; p++)
        {
            for (int q = p + 1; q < vectors.Length; q++)
            {
                double largest = Math.Max(Math.Abs(a[p, p]), Math.Abs(a[q, q]));
                if (largest + Math.Abs(a[p, q]) != largest)
                {
                    Rotate(a, vectors, p, q);
                    hasRotated = true;
                }
            }
        }

        return hasRotated;
    }

    /// <summary>Rotates the axes p and q by the smaller one of the angles that make a[p, q] 0.</summary>
    private static void Rotate(double[,] a, double[][] vectors, int p, int q)
    {
        double tau = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double tangent = (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + tau * tau));
        double cosine = 1 / Math.Sqrt(1 + tangent * tangent), sine = tangent * cosine;
        for (int k = 0; k < vectors.Length; k++)
        {
            (a[k, p], a[k, q]) = (cosine * a[k, p] - sine * a[k, q], sine * a[k, p] + cosine * a[k, q]);
        }

        for (int k = 0; k < vectors.Length; k++)
        {
            (a[p, k], a[q, k]) = (cosine * a[p, k] - sine * a[q, k], sine * a[p, k] + cosine * a[q, k]);
            (vectors[p][k], vectors[q][k]) =
                (cosine * vectors[p][k] - sine * vectors[q][k], sine * vectors[p][k] + cosine * vectors[q][k]);
        }

        a[p, q] = a[q, p] = 0;
    }
}
