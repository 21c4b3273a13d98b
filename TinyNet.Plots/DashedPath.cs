using ScottPlot;
using ScottPlot.PathStrategies;
using SkiaSharp;

namespace TinyNet.Plots;

/// <summary>A line cut into dashes: as a pattern of the pen they are in no SVG file of Skia.</summary>
internal sealed class DashedPath : IPathStrategy
{
    // In pixels.
    private const float Dash = 8, Gap = 5;

    private static readonly Straight Whole = new();

    public SKPath GetPath(IEnumerable<Pixel> pixels)
    {
        var dashes = new SKPath();
        using var line = Whole.GetPath(pixels);
        using var measure = new SKPathMeasure(line);
        do
        {
            for (float at = 0; at < measure.Length; at += Dash + Gap)
            {
                measure.GetSegment(at, at + Dash, dashes, startWithMoveTo: true);
            }
        }
        while (measure.NextContour());

        return dashes;
    }
}
