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
        pass.Run(new ResizeGradientKernel(pass.Source, pass.Table, pass.Channels, pass.Result), gradient.Length);
    }

    private static ImagePass<ResizeTap> Pass(CpuSettings cpu, Tensor source, in ResizeGrid grid, Tensor destination)
    {
        var (rows, columns) = grid;
        var pass = new ImagePass<ResizeTap>(
            "Resize", cpu, source, destination, (rows.Length, columns.Length), (rows.Results, columns.Results));
        for (int i = 0; i < rows.Results; i++)
        {
            pass.Table.Rows[i] = rows.Tap(i);
        }

        for (int j = 0; j < columns.Results; j++)
        {
            pass.Table.Columns[j] = columns.Tap(j);
        }

        return pass;
    }
}
