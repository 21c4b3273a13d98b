namespace TinyNet.Images;

/// <summary>
/// What the pixels of one axis of a resized image are made of: pixel i is the mean of the source pixels j, weighted by
/// max(0, 1 − |j + 1/2 − c| / s) with the center c = start + (i + 1/2) length / count, and s = max(1, length / count): a triangle about the
/// center, wide enough that where the image becomes smaller every source pixel counts.
/// </summary>
internal sealed class AxisWeights
{
    private readonly int[] _first, _offset;
    private readonly float[] _weights;

    /// <summary>Weights for a part of an axis.</summary>
    /// <param name="source">How many pixels the axis has.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="count">How many pixels are to be made of it.</param>
    public AxisWeights(int source, double start, double length, int count)
    {
        double scale = length / count, reach = Math.Max(1, scale);
        _first = new int[count];
        _offset = new int[count + 1];
        for (int i = 0; i < count; i++)
        {
            double center = start + ((i + 0.5) * scale);
            _first[i] = Math.Max(0, (int)(center - reach + 0.5));
            _offset[i + 1] = _offset[i] + Math.Min(source, (int)(center + reach + 0.5)) - _first[i];
        }

        _weights = new float[_offset[count]];
        double[] triangle = new double[(int)(2 * reach) + 2];
        for (int i = 0; i < count; i++)
        {
            double center = start + ((i + 0.5) * scale), sum = 0;
            var weights = _weights.AsSpan(_offset[i].._offset[i + 1]);
            for (int j = 0; j < weights.Length; j++)
            {
                triangle[j] = Math.Max(0, 1 - (Math.Abs(_first[i] + j + 0.5 - center) / reach));
                sum += triangle[j];
            }

            for (int j = 0; j < weights.Length; j++)
            {
                weights[j] = (float)(triangle[j] / sum);
            }
        }
    }

    /// <summary>The first source pixel of all.</summary>
    public int Start => _first[0];

    /// <summary>The source pixel after the last of all.</summary>
    public int End => _first[^1] + Of(_first.Length - 1).Length;

    /// <summary>The first source pixel of a pixel.</summary>
    public int First(int pixel) => _first[pixel];

    /// <summary>The weights of the source pixels of a pixel, from its first on.</summary>
    public ReadOnlySpan<float> Of(int pixel) => _weights.AsSpan(_offset[pixel].._offset[pixel + 1]);
}
