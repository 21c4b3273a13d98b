using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Layer norm, or RMS norm, of contiguous rows: a group a row.</summary>
internal struct LayerNormJob : IGpuJob
{
    public int Rows, Columns;
    public double Epsilon;

    /// <summary>[rows, columns].</summary>
    public ArrayView<float> X, Destination;

    /// <summary>[columns].</summary>
    public ArrayView<float> Weight, Bias;

    /// <summary>[2, rows] and [rows].</summary>
    public ArrayView<float> Means, Scales;

    public Flag IsCentered, HasWeight, HasBias;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<double>(GroupTotal.MostThreads);
        for (int row = Grid.IdxX; Threads.Has(row, Rows); row += Grid.DimX)
        {
            int start = row * Columns;
            double mean = 0, squares = 0;
            if (IsCentered)
            {
                double sum = 0;
                for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
                {
                    sum += X[start + k];
                }

                mean = GroupTotal.Sum(sum, shared) / Columns;
            }

            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                double distance = X[start + k] - mean;
                squares += distance * distance;
            }

            double scale = 1 / GpuMath.Sqrt(GroupTotal.Sum(squares, shared) / Columns + Epsilon);
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                double normal = (X[start + k] - mean) * scale;
                Destination[start + k] = (float)(normal * (HasWeight ? Weight[k] : 1.0) + (HasBias ? Bias[k] : 0.0));
            }

            if (Group.IdxX == 0)
            {
                Scales[row] = (float)scale;
                if (IsCentered)
                {
                    FloatParts.Write(Means, row, Rows, mean);
                }
            }
        }
    }
}

/// <summary>The gradient of layer norm to each element; also g · n, whose sums over rows are the gradient of the weight.</summary>
internal struct LayerNormGradientJob : IGpuJob
{
    public int Rows, Columns;

    /// <summary>[rows, columns].</summary>
    public ArrayView<float> X, Gradient, XGradient, Products;

    public ArrayView<float> Weight, Means, Scales;
    public Flag IsCentered, HasWeight, HasXGradient, HasProducts;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<double>(GroupTotal.MostThreads);
        for (int row = Grid.IdxX; Threads.Has(row, Rows); row += Grid.DimX)
        {
            int start = row * Columns;
            double mean = IsCentered ? FloatParts.Read(Means, row, Rows, 2) : 0, scale = Scales[row], average = 0, alignment = 0;
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                double normal = (X[start + k] - mean) * scale, gradient = Gradient[start + k];
                double weighted = gradient * (HasWeight ? Weight[k] : 1.0);
                average += weighted;
                alignment += weighted * normal;
                if (HasProducts)
                {
                    Products[start + k] = (float)(gradient * normal);
                }
            }

            average = GroupTotal.Sum(average, shared) / Columns;
            alignment = GroupTotal.Sum(alignment, shared) / Columns;
            if (HasXGradient)
            {
                for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
                {
                    double normal = (X[start + k] - mean) * scale, weighted = Gradient[start + k] * (HasWeight ? Weight[k] : 1.0);
                    XGradient[start + k] = (float)(scale * (weighted - (IsCentered ? average : 0) - normal * alignment));
                }
            }
        }
    }
}
