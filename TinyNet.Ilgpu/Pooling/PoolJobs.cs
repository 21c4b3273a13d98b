using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Where the pixels of images [N, C, H, W] lie.</summary>
internal struct ImageSteps
{
    /// <summary>The first element, and the distances of neighbors along each axis.</summary>
    public int Offset, Image, Channel, Row, Column;

    /// <summary>The steps of a layout.</summary>
    public static ImageSteps Of(in Layout layout) => new()
    {
        Offset = layout.Offset,
        Image = layout.Strides[0],
        Channel = layout.Strides[1],
        Row = layout.Strides[2],
        Column = layout.Strides[3],
    };

    /// <summary>The first pixel of a channel of an image.</summary>
    public readonly int Plane(in Pixel pixel) => Offset + pixel.N * Image + pixel.C * Channel;

    /// <summary>Where a pixel lies.</summary>
    public readonly int IndexOf(in Pixel pixel) => Plane(pixel) + pixel.Y * Row + pixel.X * Column;
}

/// <summary>One channel of a pixel.</summary>
internal struct Pixel
{
    public int N, C, Y, X;

    /// <summary>A pixel by its number, counted with the channels of a pixel beside each other, as images lie in memory.</summary>
    public static Pixel Of(int number, int channels, int height, int width)
    {
        int place = number / channels, line = place / width;
        return new Pixel { C = number - place * channels, X = place - line * width, Y = line % height, N = line / height };
    }
}

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
    float Of(in Pixel part, float gradient, int position, double size);
}

/// <summary>The gradient goes to the largest element.</summary>
internal struct MaxShare : IPoolShare
{
    public ArrayView<float> Positions;
    public ImageSteps AtPositions;

    public readonly float Of(in Pixel part, float gradient, int position, double size) =>
        Positions[AtPositions.IndexOf(part)] == position ? gradient : 0;
}

/// <summary>The gradient is divided among all elements.</summary>
internal struct AverageShare : IPoolShare
{
    public readonly float Of(in Pixel part, float gradient, int position, double size) => (float)(gradient / size);
}

/// <summary>The gradient of pooling to each element, gathered from the parts over it, in their order.</summary>
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
            float sum = 0;
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

            XGradient[AtXGradient.IndexOf(pixel)] = sum;
        }
    }
}
