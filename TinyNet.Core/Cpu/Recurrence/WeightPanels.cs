namespace TinyNet.Core;

/// <summary>
/// A matrix [K, N] that is read in every step, as products read it fastest: [⌈N / 32⌉, K, 32], so that the columns of a panel
/// stay in the first-level cache. The last panel is filled as far as there are columns.
/// </summary>
internal static class WeightPanels
{
    /// <summary>The columns of a register tile of the widest registers.</summary>
    public const int Columns = 32;

    private const string Name = "Recurrence";

    /// <summary>The panels of a matrix, which <paramref name="prepared"/> keeps for later calls.</summary>
    public static Tensor Of(CpuSettings cpu, Tensor matrix, PreparedWeights prepared)
    {
        var panels = prepared.Get(matrix, WeightForm.Panels, groups: 1, Shape(matrix).Length, out bool isReady);
        if (!isReady)
        {
            Fill(cpu, matrix, panels);
            prepared.Keep(matrix, WeightForm.Panels, groups: 1, panels);
        }

        return panels;
    }

    /// <summary>The panels of a matrix, for this call.</summary>
    public static Tensor Of(CpuSettings cpu, Tensor matrix)
    {
        var panels = Tensor.Result(Name, [Shape(matrix).Length], matrix.Device);
        Fill(cpu, matrix, panels);
        return panels;
    }

    private static Shape Shape(Tensor matrix) => [BlockCount.Of(matrix.Shape.Sizes[1], Columns), matrix.Shape.Sizes[0], Columns];

    private static void Fill(CpuSettings cpu, Tensor matrix, Tensor panels)
    {
        int depth = matrix.Shape.Sizes[0], columns = matrix.Shape.Sizes[1], whole = columns / Columns, rest = columns % Columns;
        panels.Layout.TryReshape(Shape(matrix), out var all);
        if (whole > 0)
        {
            matrix.Layout.Slice(1, 0, whole * Columns, 1).TryReshape([depth, whole, Columns], out var layout);
            CpuMaps.Copy(cpu, matrix.View(layout.Transpose(0, 1), Name), panels.View(all.Slice(0, 0, whole, 1), Name));
        }

        if (rest > 0)
        {
            var last = matrix.View(matrix.Layout.Slice(1, whole * Columns, rest, 1), Name);
            CpuMaps.Copy(cpu, last, panels.View(all.Select(0, whole).Slice(1, 0, rest, 1), Name));
        }
    }
}
