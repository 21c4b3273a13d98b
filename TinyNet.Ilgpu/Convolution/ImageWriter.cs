using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The images that a convolution makes: f of the sums with a bias, normalized where there are factors.</summary>
internal struct ImageWriter<TMap> : IResultWriter where TMap : struct, IUnaryMap
{
    public TMap Map;
    public ArrayView<float> Values, Bias, Factors;

    /// <summary>The pixels: those of a sweep over the result.</summary>
    public WalkAxes Pixels;
    public Steps AtPixel;

    /// <summary>How many pixels, and how many channels a group has.</summary>
    public int PixelCount, Channels, ChannelStep;

    public int BiasOffset, BiasStep, FactorOffset, FactorStep, FactorChannelStep;
    public Flag HasBias, HasFactors;

    public readonly void Write(in TilePlace at, int line, int column, in Row4 sums)
    {
        if (line < PixelCount)
        {
            int start = AtPixel.IndexOf(Pixels.At(line));
            Put(at, start, column, sums.X0);
            Put(at, start, column + 1, sums.X1);
            Put(at, start, column + 2, sums.X2);
            Put(at, start, column + 3, sums.X3);
        }
    }

    public readonly void WriteTotal(in Place batch, int line, int column, double total)
    {
        int channel = batch.X0 * Channels + column;
        if (HasBias)
        {
            total += Bias[BiasOffset + channel * BiasStep];
        }

        Values[AtPixel.IndexOf(Pixels.At(line)) + channel * ChannelStep] = Finish(channel, (float)total);
    }

    private readonly void Put(in TilePlace at, int start, int column, float sum)
    {
        if (column < Channels)
        {
            int channel = at.Batch.X0 * Channels + column, index = start + channel * ChannelStep;
            if (!at.IsFirst)
            {
                sum = GpuMath.Add(Values[index], sum);
            }
            else if (HasBias)
            {
                sum = GpuMath.Add(sum, Bias[BiasOffset + channel * BiasStep]);
            }

            Values[index] = at.IsLast ? Finish(channel, sum) : sum;
        }
    }

    private readonly float Finish(int channel, float sum)
    {
        var value = new GpuLane(sum);
        if (HasFactors)
        {
            int at = FactorOffset + channel * FactorChannelStep;
            GpuLane center = new(Factors[at]), scale = new(Factors[at + FactorStep]);
            GpuLane shift = new(Factors[at + 2 * FactorStep]), root = new(Factors[at + 3 * FactorStep]);
            value = new MultiplyAddMap().Forward(new CenteredTwiceScaledMap().Forward(value, center, root), scale, shift);
        }

        return Map.Forward(value).Value;
    }
}
