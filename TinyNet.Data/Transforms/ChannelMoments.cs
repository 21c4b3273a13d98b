using System.Runtime.ExceptionServices;

namespace TinyNet.Data;

/// <summary>The mean of the numbers of a channel, and the sum of their squared distances from it.</summary>
internal readonly record struct ChannelMoments(long Count, double Mean, double Squares)
{
    // Fixed, so that sums are the same for any number of threads.
    private const int SamplesOfABlock = 256;

    /// <summary>√(Σ (x − m)² / n).</summary>
    public double Deviation => Math.Sqrt(Squares / Count);

    /// <summary>The moments of each channel over all samples of a dataset.</summary>
    /// <exception cref="SampleException">A sample could not be read.</exception>
    public static ChannelMoments[] Of<TBatch>(Dataset<TBatch> dataset, NumberField field, int channels)
    {
        int blocks = (int)(((long)dataset.Count + SamplesOfABlock - 1) / SamplesOfABlock);
        var parts = new ChannelMoments[blocks][];
        var failures = new ExceptionDispatchInfo?[blocks];
        var readers = new ReaderPool<SampleReader<TBatch>>(() => new SampleReader<TBatch>(dataset));
        Parallel.For(0, blocks, (block, loop) =>
        {
            try
            {
                var reader = readers.Rent();
                parts[block] = OfBlock(reader, field, channels, block * SamplesOfABlock, dataset.Count);
                readers.Return(reader);
            }
            catch (Exception exception)
            {
                failures[block] = ExceptionDispatchInfo.Capture(exception);
                // Only the blocks before it are still measured.
                loop.Break();
            }
        });
        // The first one, whichever thread was the fastest.
        Array.Find(failures, failure => failure is not null)?.Throw();
        var all = new ChannelMoments[channels];
        foreach (var part in parts)
        {
            Add(all, part);
        }

        return all;
    }

    private static ChannelMoments[] OfBlock<TBatch>(SampleReader<TBatch> reader, NumberField field, int channels, int first, int count)
    {
        var block = new ChannelMoments[channels];
        int size = field.Length / channels;
        for (int index = first; index < count && index - first < SamplesOfABlock; index++)
        {
            var values = reader.Read(index, epoch: 0, field);
            for (int channel = 0; channel < channels; channel++)
            {
                block[channel] = block[channel].With(Of(values.Slice(channel * size, size)));
            }
        }

        return block;
    }

    private static void Add(ChannelMoments[] all, ChannelMoments[] part)
    {
        for (int channel = 0; channel < all.Length; channel++)
        {
            all[channel] = all[channel].With(part[channel]);
        }
    }

    private static ChannelMoments Of(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return new ChannelMoments(values.Length, mean, squares);
    }

    /// <summary>
    /// The moments of both together (T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing
    /// sample variances", 1979).
    /// </summary>
    private ChannelMoments With(ChannelMoments other)
    {
        long count = Count + other.Count;
        double distance = other.Mean - Mean, share = other.Count / (double)count;
        return new ChannelMoments(count, Mean + distance * share, Squares + other.Squares + distance * distance * share * Count);
    }
}
