namespace TinyNet.Core;

/// <summary>
/// Transforms packed weights, panel by panel, for <see cref="WinogradJob{TMap}"/>. A unit is a row of all panels: one channel of the
/// source.
/// </summary>
internal unsafe struct WinogradFilterJob(float* packed, float* filters, int inputs, int outputs, int filterStride) : ILaneJob
{
    public readonly void Run<TLane>(int channel) where TLane : struct, IVectorLane<TLane>
    {
        for (int first = 0; first < outputs; first += 2 * TLane.Count)
        {
            int width = TapPlan.PanelWidth(Math.Min(2 * TLane.Count, outputs - first), TLane.Count);
            float* taps = packed + (nint)first * inputs * 9 + channel * width;
            float* target = filters + (nint)first * inputs + channel * width;
            for (int column = 0; column < width; column += TLane.Count)
            {
                WinogradTransform.Filter<TLane>(taps + column, inputs * width, target + column, filterStride);
            }
        }
    }
}

/// <summary>
/// Adds up the partial sums of <see cref="WinogradGradientJob"/> in their order and transforms them to taps. A unit is a channel of the
/// source.
/// </summary>
internal unsafe struct WinogradFilterGradientJob(
    float* partials, int partialCount, int partialLength, int filterStride, int channels, int outputs, float* weights) : ILaneJob
{
    public readonly void Run<TLane>(int channel) where TLane : struct, IVectorLane<TLane>
    {
        float* rows = partials + (nint)channel * outputs;
        for (int product = 0; product < WinogradTransform.Products; product++)
        {
            float* row = rows + (nint)product * filterStride;
            for (int column = 0; column < outputs; column += TLane.Count)
            {
                var sum = TLane.Load(row + column);
                for (int partial = 1; partial < partialCount; partial++)
                {
                    sum += TLane.Load(row + (nint)partial * partialLength + column);
                }

                TLane.Store(row + column, sum);
            }
        }

        for (int column = 0; column < outputs; column += TLane.Count)
        {
            float* taps = weights + (nint)channel * outputs + column;
            WinogradTransform.FilterGradient<TLane>(rows + column, filterStride, taps, (nint)channels * outputs);
        }
    }
}
