using ScottPlot;
using ScottPlot.Colormaps;

namespace TinyNet.Plots;

/// <summary>Colors that people who see few colors tell apart.</summary>
internal static class PlotColors
{
    // By depth, the darkest and the brightest of the scale are left out: one looks like text, the other is lost on white.
    private const double FirstOfDepth = 0.05, LastOfDepth = 0.85;

    /// <summary>M. Okabe and K. Ito, Color Universal Design (2008), without black, and the yellow last, as white is behind it.</summary>
    private static readonly Color[] OkabeIto =
    [
        new("#0072B2"), new("#D55E00"), new("#009E73"), new("#CC79A7"), new("#E69F00"), new("#56B4E9"), new("#F0E442"),
    ];

    private static readonly Viridis Depth = new();

    public static Color Text { get; } = new("#333333");

    public static Color Faint { get; } = new("#777777");

    public static Color Missing { get; } = new("#DDDDDD");

    /// <summary>From dark to bright.</summary>
    public static IColormap Ascending => Depth;

    /// <summary>Blue below 0, white there, red above: RdBu of C. Brewer.</summary>
    public static IColormap Diverging { get; } = new CustomInterpolated(
    [
        new("#2166AC"), new("#4393C3"), new("#92C5DE"), new("#D1E5F0"), new("#F7F7F7"), new("#FDDBC7"), new("#F4A582"), new("#D6604D"),
        new("#B2182B"),
    ]);

    /// <summary>The color of one of several series: by depth where there are more than can be told apart.</summary>
    public static Color Of(int index, int count) => count <= OkabeIto.Length
        ? OkabeIto[index]
        : Depth.GetColor(FirstOfDepth + (LastOfDepth - FirstOfDepth) * index / (count - 1));
}
