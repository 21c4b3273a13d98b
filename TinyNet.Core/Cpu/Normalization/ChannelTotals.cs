namespace TinyNet.Core;

/// <summary>Puts together, in double precision and in their order, what kernels found of blocks of rows.</summary>
internal static unsafe class ChannelTotals
{
    /// <summary>
    /// The means of all rows of a set, and the sums of squares about those, from what <see cref="ChannelMomentsKernel"/> found of its
    /// blocks: about the mean of the first, and then moved.
    /// </summary>
    public static void CombineMoments(float* partial, in ChannelBlocks blocks, double* means, double* squares)
    {
        int channels = blocks.Channels;
        new Span<double>(means, 2 * channels).Clear();
        float* center = partial;
        for (int block = 0; block < blocks.Blocks; block++, partial += 3 * (nint)channels)
        {
            float* movements = partial + channels, left = movements + channels;
            double rows = blocks.BlockSize(block), share = rows / blocks.Rows;
            for (int c = 0; c < channels; c++)
            {
                double distance = TwoFloats.Join((double)partial[c] - center[c], movements[c]);
                means[c] += share * distance;
                squares[c] += rows * distance * distance + (left[c] < 0 ? rows * Math.Pow(left[c], 4) : left[c]);
            }
        }

        for (int c = 0; c < channels; c++)
        {
            squares[c] = Math.Max(squares[c] - blocks.Rows * means[c] * means[c], 0);
            means[c] += center[c];
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
