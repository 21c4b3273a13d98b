namespace TinyNet.Core;

/// <summary>Resized images, and their gradient.</summary>
internal static unsafe class CpuResizing
{
    /// <summary>The images at other points.</summary>
    public static void Resize(CpuSettings cpu, Tensor x, in ResizeGrid grid, Tensor destination)
    {
        using var pass = Pass(cpu, x, grid, destination);
        pass.Run(new ResizeKernel(pass.Source, pass.Table, pass.Channels, pass.Result), destination.Length);
    }

    /// <summary>The gradient of each point goes to the elements that it was made of.</summary>
    public static void ResizeGradient(CpuSettings cpu, Tensor gradient, in ResizeGrid grid, Tensor destination)
    {
        using var pass = Pass(cpu, gradient, grid, destination);
        var table = pass.Table;
        if (MostResults(table.Rows, table.RowCount) * MostResults(table.Columns, table.ColumnCount) > FloatChain.Terms)
        {
            pass.Run(new ResizeGradientKernel<LongRowSums>(pass.Source, table, pass.Channels, pass.Result), gradient.Length);
        }
        else
        {
            pass.Run(new ResizeGradientKernel<ShortRowSums>(pass.Source, table, pass.Channels, pass.Result), gradient.Length);
        }
    }

    /// <summary>Most elements of a resized axis that have the same first neighbor; those follow each other.</summary>
    private static long MostResults(ResizeShares* taps, int count)
    {
        int most = 0;
        for (int i = 0, run = 0; i < count; i++)
        {
            run = i > 0 && taps[i].First == taps[i - 1].First ? run + 1 : 1;
            most = Math.Max(most, run);
        }

        return most;
    }

    private static ImagePass<ResizeShares> Pass(CpuSettings cpu, Tensor source, in ResizeGrid grid, Tensor destination)
    {
        var (rows, columns) = grid;
        var pass = new ImagePass<ResizeShares>(
            "Resize", cpu, source, destination, (rows.Length, columns.Length), (rows.Results, columns.Results));
        for (int i = 0; i < rows.Results; i++)
        {
            pass.Table.Rows[i] = new ResizeShares(rows.Tap(i));
        }

        for (int j = 0; j < columns.Results; j++)
        {
            pass.Table.Columns[j] = new ResizeShares(columns.Tap(j));
        }

        return pass;
    }
}
