using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>The means and deviations of sets of images and groups of channels, and the weights and biases of channels.</summary>
internal struct ChannelMomentsView
{
    public int Sets, Groups, Channels, MeanParts, DeviationParts;
    public double Epsilon;
    public ArrayView<float> Means, Deviations, Weight, Bias;
    public Flag HasWeight, HasBias;

    /// <summary>The index of the mean of a channel in a set.</summary>
    public readonly int Moment(int set, int channel) => set * Groups + channel / (Channels / Groups);

    public readonly double Mean(int moment) => FloatParts.Read(Means, moment, Sets * Groups, MeanParts);

    /// <summary>√(deviation² + ε).</summary>
    public readonly double Spread(int moment)
    {
        double deviation = FloatParts.Read(Deviations, moment, Sets * Groups, DeviationParts);
        return GpuMath.Sqrt(deviation * deviation + Epsilon);
    }

    public readonly double WeightOf(int channel) => HasWeight ? Weight[channel] : 1;

    public readonly double BiasOf(int channel) => HasBias ? Bias[channel] : 0;
}

/// <summary>Makes the factors of <see cref="ChannelNormalizeJob{TMap}"/>: a thread a channel of a set.</summary>
internal struct ChannelFactorsJob : IGpuJob
{
    // A scale in between, and its products with distances that are floats, are none too large or small.
    private const double LeastScale = 1e-30, LargestScale = 1e30;

    public ChannelMomentsView Moments;

    /// <summary>[4, sets · channels], dense.</summary>
    public ArrayView<float> Factors;

    public readonly void Run()
    {
        int count = Moments.Sets * Moments.Channels;
        for (int i = Threads.Index; Threads.Has(i, count); i += Threads.Count)
        {
            int channel = i % Moments.Channels, moment = Moments.Moment(i / Moments.Channels, channel);
            double mean = Moments.Mean(moment), spread = Moments.Spread(moment);
            double weight = Moments.WeightOf(channel), scale = weight / spread;
            double size = DoubleBits.Abs(scale), rest = (float)mean - mean;
            bool isFloat = scale == 0 || (size > LeastScale && size < LargestScale);
            Factors[i] = (float)mean;
            Factors[count + i] = (float)(isFloat ? scale : weight);
            Factors[2 * count + i] = (float)(rest == 0 ? Moments.BiasOf(channel) : rest * scale + Moments.BiasOf(channel));
            Factors[3 * count + i] = isFloat ? 1 : (float)GpuMath.Sqrt(1 / spread);
        }
    }
}

/// <summary>destination = f((x − center) · root² · scale + shift).</summary>
internal struct ChannelNormalizeJob<TMap> : IGpuJob where TMap : struct, IUnaryMap
{
    public TMap Map;
    public int Count, FactorStep;
    public WalkAxes Axes;
    public ArrayView<float> X, Factors, Destination;
    public Steps AtX, AtFactors, AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var place = Axes.At(i);
            int factors = AtFactors.IndexOf(place);
            GpuLane center = Factor(factors, 0), scale = Factor(factors, 1), shift = Factor(factors, 2), root = Factor(factors, 3);
            var normal = (new GpuLane(X[AtX.IndexOf(place)]) - center) * root * root;
            Destination[AtDestination.IndexOf(place)] = Map.Forward(GpuLane.MultiplyAdd(normal, scale, shift)).Value;
        }
    }

    private readonly GpuLane Factor(int index, int number) => new(Factors[index + number * FactorStep]);
}

/// <summary>What the gradient of an element is made with, for each channel of a set.</summary>
internal struct ChannelGradientFactors
{
    public double Mean, Inverse, Weight, Average, Alignment;
}

/// <summary>Gradients, and their products with normalized elements.</summary>
internal struct ChannelGradientTerms : ITerms
{
    public ReducedElements X, Gradient;
    public ArrayView<ChannelGradientFactors> Factors;

    public readonly Pair Of(int result, int element)
    {
        var factors = Factors[result];
        double gradient = Gradient.Memory[Gradient.Start(result) + Gradient.Distance(element)];
        double normal = (X.Memory[X.Start(result) + X.Distance(element)] - factors.Mean) * factors.Inverse;
        return new Pair { A = gradient, B = gradient * normal };
    }
}

/// <summary>Prepares the factors of gradients: a thread a channel of a set.</summary>
internal struct ChannelGradientFactorsJob : IGpuJob
{
    public ChannelMomentsView Moments;
    public ArrayView<ChannelGradientFactors> Factors;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Moments.Sets * Moments.Channels); i += Threads.Count)
        {
            int channel = i % Moments.Channels, moment = Moments.Moment(i / Moments.Channels, channel);
            Factors[i] = new ChannelGradientFactors
            {
                Mean = Moments.Mean(moment),
                Inverse = 1 / Moments.Spread(moment),
                Weight = Moments.WeightOf(channel),
                Average = 0,
                Alignment = 0,
            };
        }
    }
}

/// <summary>The gradients of weights and biases: a thread a channel.</summary>
internal struct ChannelWeightGradientJob : IGpuJob
{
    public int Sets, Channels;

    /// <summary>[sets, channels].</summary>
    public ArrayView<Pair> Sums;

    public ArrayView<float> WeightGradient, BiasGradient;
    public int WeightOffset, WeightStep, BiasOffset, BiasStep;
    public Flag HasWeight, HasBias;

    public readonly void Run()
    {
        for (int channel = Threads.Index; Threads.Has(channel, Channels); channel += Threads.Count)
        {
            double weight = 0, bias = 0;
            for (int set = 0; set < Sets; set++)
            {
                var sums = Sums[set * Channels + channel];
                bias += sums.A;
                weight += sums.B;
            }

            if (HasWeight)
            {
                WeightGradient[WeightOffset + channel * WeightStep] = (float)weight;
            }

            if (HasBias)
            {
                BiasGradient[BiasOffset + channel * BiasStep] = (float)bias;
            }
        }
    }
}

/// <summary>What flows through mean and deviation: a thread a group of a set.</summary>
internal struct ChannelGradientMomentsJob : IGpuJob
{
    public int Sets, Groups, Channels;

    /// <summary>How many elements a mean is of.</summary>
    public double Elements;

    public ArrayView<Pair> Sums;
    public ArrayView<ChannelGradientFactors> Factors;

    public readonly void Run()
    {
        int ofGroup = Channels / Groups;
        for (int i = Threads.Index; Threads.Has(i, Sets * Groups); i += Threads.Count)
        {
            double average = 0, alignment = 0;
            for (int k = 0; k < ofGroup; k++)
            {
                var sums = Sums[i * ofGroup + k];
                average += sums.A * Factors[i * ofGroup + k].Weight;
                alignment += sums.B * Factors[i * ofGroup + k].Weight;
            }

            for (int k = 0; k < ofGroup; k++)
            {
                var factors = Factors[i * ofGroup + k];
                factors.Average = average / Elements;
                factors.Alignment = alignment / Elements;
                Factors[i * ofGroup + k] = factors;
            }
        }
    }
}

/// <summary>The gradient of each element.</summary>
internal struct ChannelGradientJob : IGpuJob
{
    public int Count;
    public WalkAxes Axes;
    public ArrayView<float> X, Gradient, XGradient;
    public ArrayView<ChannelGradientFactors> Factors;
    public Steps AtX, AtGradient, AtXGradient, AtFactors;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var place = Axes.At(i);
            var factors = Factors[AtFactors.IndexOf(place)];
            double normal = (X[AtX.IndexOf(place)] - factors.Mean) * factors.Inverse;
            double direct = Gradient[AtGradient.IndexOf(place)] * factors.Weight;
            XGradient[AtXGradient.IndexOf(place)] = (float)((direct - factors.Average - normal * factors.Alignment) * factors.Inverse);
        }
    }
}
