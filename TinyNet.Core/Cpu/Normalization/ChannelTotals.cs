namespace TinyNet.Core;

/// <summary>Puts together, in double precision and in their order, what kernels found of blocks of rows.</summary>
internal static unsafe class ChannelTotals
{
    /// <summary>
    /// The means of all rows of a set, and the sums of squares about those, from what <see cref="ChannelMomentsKernel"/> found of its
    /// blocks.
    /// </summary>
    public static void CombineMoments(float* partial, in ChannelBlocks blocks, double* means, double* squares)
    {
        int channels = blocks.Channels;
        new Span<double>(means, 2 * channels).Clear();
        for (int block = 0; block < blocks.Blocks; block++)
        {
            float* of = partial + (nint)block * 3 * channels;
            double share = (double)blocks.BlockSize(block) / blocks.Rows;
            for (int c = 0; c < channels; c++)
            {
                means[c] += share * ((double)of[c] + of[channels + c]);
            }
        }

        for (int block = 0; block < blocks.Blocks; block++)
        {
            float* of = partial + (nint)block * 3 * channels;
            double rows = blocks.BlockSize(block);
            for (int c = 0; c < channels; c++)
            {
                double distance = (double)of[c] + of[channels + c] - means[c], deviation = of[2 * channels + c];
                squares[c] += rows * (deviation * deviation + distance * distance);
            }
        }
    }

    /// <summary>Adds up the two sums of the blocks of a set.</summary>
    public static void AddBlocks(float* partial, in ChannelBlocks blocks, double* sums, double* products)
    {
        int channels = blocks.Channels;
        new Span<double>(sums, channels).Clear();
        new Span<double>(products, channels).Clear();
        for (int block = 0; block < blocks.Blocks; block++, partial += 2 * (nint)channels)
        {
            for (int c = 0; c < channels; c++)
            {
                sums[c] += partial[c];
                products[c] += partial[channels + c];
            }
        }
    }

    /// <summary>Adds up the totals of the channels in all sets.</summary>
    public static void AddSets(double* totals, in ChannelBlocks blocks, float* result)
    {
        for (int c = 0; c < blocks.Channels; c++)
        {
            double total = 0;
            for (int set = 0; set < blocks.Sets; set++)
            {
                total += totals[(nint)set * blocks.Channels + c];
            }

            result[c] = (float)total;
        }
    }
}
