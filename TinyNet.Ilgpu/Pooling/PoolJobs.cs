using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The largest element of each part, and its position.</summary>
internal struct MaxPoolJob : IGpuJob
{
    public int Count, Channels;
    public PoolGrid Grid;
    public ArrayView<float> X, Destination, Positions;
    public ImageSteps AtX, AtDestination, AtPositions;
    public Flag HasPositions;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var pixel = Pixel.Of(i, Channels, Grid.Height.Parts, Grid.Width.Parts);
            PoolPart rows = Grid.Height.Part(pixel.Y), columns = Grid.Width.Part(pixel.X);
            int start = AtX.Plane(pixel), position = 0;
            float largest = float.NegativeInfinity;
            for (int row = 0; row < rows.Count; row++)
            {
                for (int column = 0; column < columns.Count; column++)
                {
                    int at = (rows.First + row * rows.Step) * AtX.Row + (columns.First + column * columns.Step) * AtX.Column;
                    var value = new GpuLane(X[start + at]);
                    bool wins = value.Value > largest | GpuLane.Holds(GpuLane.IsNaN(value));
                    largest = wins ? value.Value : largest;
                    position = wins ? row * columns.Count + column : position;
                }
            }

            Destination[AtDestination.IndexOf(pixel)] = largest;
            if (HasPositions)
            {
                Positions[AtPositions.IndexOf(pixel)] = position;
            }
        }
    }
}

/// <summary>The average of each part: sums in double precision, as that of elements might be no float.</summary>
internal struct AveragePoolJob : IGpuJob
{
    public int Count, Channels;
    public PoolGrid Grid;
    public ArrayView<float> X, Destination;
    public ImageSteps AtX, AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var pixel = Pixel.Of(i, Channels, Grid.Height.Parts, Grid.Width.Parts);
            PoolPart rows = Grid.Height.Part(pixel.Y), columns = Grid.Width.Part(pixel.X);
            int start = AtX.Plane(pixel);
            double sum = 0;
            for (int row = 0; row < rows.Count; row++)
            {
                for (int column = 0; column < columns.Count; column++)
                {
                    int at = (rows.First + row * rows.Step) * AtX.Row + (columns.First + column * columns.Step) * AtX.Column;
                    sum += X[start + at];
                }
            }

            bool isEmpty = rows.Count * columns.Count == 0;
            Destination[AtDestination.IndexOf(pixel)] = isEmpty ? 0 : (float)(sum / ((double)rows.Size * columns.Size));
        }
    }
}

/// <summary>What the gradient of a part gives to one of its elements.</summary>
internal interface IPoolShare
{
    /// <summary>The share of the element at a position of a part.</summary>
    /// <param name="part">The part, as a pixel of the result.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="position">The position.</param>
    /// <param name="size">What its average divides by.</param>
    double Of(in Pixel part, float gradient, int position, double size);
}

/// <summary>The gradient goes to the largest element.</summary>
internal struct MaxShare : IPoolShare
{
    public ArrayView<float> Positions;
    public ImageSteps AtPositions;

    public readonly double Of(in Pixel part, float gradient, int position, double size) =>
        Positions[AtPositions.IndexOf(part)] == position ? gradient : 0.0;
}

/// <summary>The gradient is divided among all elements.</summary>
internal struct AverageShare : IPoolShare
{
    public readonly double Of(in Pixel part, float gradient, int position, double size) => gradient / size;
}

/// <summary>The gradient of pooling to each element, gathered from the parts over it, in their order and in double precision.</summary>
internal struct PoolGradientJob<TShare> : IGpuJob where TShare : struct, IPoolShare
{
    public TShare Share;
    public int Count, Channels;
    public PoolGrid Grid;
    public ArrayView<float> Gradient, XGradient;
    public ImageSteps AtGradient, AtXGradient;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var pixel = Pixel.Of(i, Channels, Grid.Height.Length, Grid.Width.Length);
            var (firstRow, lastRow) = Grid.Height.PartsAround(pixel.Y);
            var (firstColumn, lastColumn) = Grid.Width.PartsAround(pixel.X);
            double sum = 0;
            for (int row = firstRow; row <= lastRow; row++)
            {
                var rows = Grid.Height.Part(row);
                int atRow = rows.IndexOf(pixel.Y);
                for (int column = firstColumn; column <= lastColumn; column++)
                {
                    var columns = Grid.Width.Part(column);
                    int atColumn = columns.IndexOf(pixel.X);
                    if (atRow >= 0 && atColumn >= 0)
                    {
                        var part = new Pixel { N = pixel.N, C = pixel.C, Y = row, X = column };
                        float gradient = Gradient[AtGradient.IndexOf(part)];
                        sum += Share.Of(part, gradient, atRow * columns.Count + atColumn, (double)rows.Size * columns.Size);
                    }
                }
            }

            XGradient[AtXGradient.IndexOf(pixel)] = (float)sum;
        }
    }
}
