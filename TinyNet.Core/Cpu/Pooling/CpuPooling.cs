namespace TinyNet.Core;

/// <summary>Maxima and averages of parts of images, and their gradients.</summary>
internal static unsafe class CpuPooling
{
    /// <summary>The largest element of each part, and where it stands if that is wanted.</summary>
    public static void MaxPool(CpuSettings cpu, Tensor x, in PoolGrid grid, Tensor destination, Tensor? positions)
    {
        using var pass = Pass(cpu, x, grid, destination);
        var places = positions?.ImageStandIn();
        pass.Run(new MaxPoolKernel(pass.Source, pass.Table, pass.Channels, pass.Result, places.PointerOrNull()), x.Length);
        places?.DeliverTo(positions!, cpu);
    }

    /// <summary>The gradient of each part goes to the element at its position.</summary>
    public static void MaxPoolGradient(CpuSettings cpu, Tensor positions, Tensor gradient, in PoolGrid grid, Tensor destination)
    {
        using var pass = Pass(cpu, gradient, grid, destination);
        var places = positions.ToChannelsLast(cpu);
        using var alive = KeepAlive.Of(places);
        var share = new MaximumShare(pass.Source, places.Pointer());
        RunGradient(pass, share, grid, destination.Length);
    }

    /// <summary>The sum of each part over its size.</summary>
    public static void AveragePool(CpuSettings cpu, Tensor x, in PoolGrid grid, Tensor destination)
    {
        using var pass = Pass(cpu, x, grid, destination);
        pass.Run(new AveragePoolKernel(pass.Source, pass.Table, pass.Channels, pass.Result), x.Length);
    }

    /// <summary>The gradient of each part, over its size, goes to every element of it.</summary>
    public static void AveragePoolGradient(CpuSettings cpu, Tensor gradient, in PoolGrid grid, Tensor destination)
    {
        using var pass = Pass(cpu, gradient, grid, destination);
        var share = new AverageShare(pass.Source);
        RunGradient(pass, share, grid, destination.Length);
    }

    private static void RunGradient<TShare>(in ImagePass<PoolPart> pass, TShare share, in PoolGrid grid, int work)
        where TShare : struct, IPoolShare
    {
        if (MostParts(grid.Height) * MostParts(grid.Width) > FloatChain.Terms)
        {
            pass.Run(new PoolGradientKernel<TShare, LongRowSums>(share, grid.Height, pass.Table, pass.Channels, pass.Result), work);
        }
        else
        {
            pass.Run(new PoolGradientKernel<TShare, ShortRowSums>(share, grid.Height, pass.Table, pass.Channels, pass.Result), work);
        }
    }

    /// <summary>Parts that an element in the middle of an axis, where most are, may be in.</summary>
    private static long MostParts(PoolAxis axis)
    {
        var (first, last) = axis.PartsAround(axis.Length / 2);
        return Math.Max(0, last - first + 1);
    }

    private static ImagePass<PoolPart> Pass(CpuSettings cpu, Tensor source, in PoolGrid grid, Tensor destination)
    {
        var (rows, columns) = grid;
        var pass = new ImagePass<PoolPart>(
            "Pool", cpu, source, destination, (rows.Length, columns.Length), (rows.Parts, columns.Parts));
        for (int i = 0; i < rows.Parts; i++)
        {
            pass.Table.Rows[i] = rows.Part(i);
        }

        for (int j = 0; j < columns.Parts; j++)
        {
            pass.Table.Columns[j] = columns.Part(j);
        }

        return pass;
    }
}
