namespace TinyNet.Core;

/// <summary>
/// The weight gradient of a dense 3 × 3 window with step 1 by Winograd's filtering, the transpose of <see cref="WinogradJob{TMap}"/>: the
/// 36 matrices [channels, outputs] of products of transformed patches and gradients. A unit sums a range of blocks of tiles. The sums
/// shape the bits, so the plan must depend on shapes only.
/// </summary>
internal unsafe struct WinogradGradientJob(
    ImageBatch source, ImageBatch gradient, WinogradPlan plan, int units, float* partials) : IVectorJob
{
    private const int TileRows = 8;

    /// <summary>Floats of the 36 matrices.</summary>
    public static int PartialLength(in WinogradPlan plan) => WinogradTransform.Products * plan.FilterStride;

    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        int patchLength = WinogradTransform.Products * Math.Max(source.Channels, gradient.Channels);
        float* patch = ThreadScratch.Rent(patchLength + WinogradTransform.Products * ((long)plan.InputStride + plan.OutputStride));
        float* inputs = patch + patchLength, gradients = inputs + WinogradTransform.Products * plan.InputStride;
        float* sums = partials + (nint)unit * PartialLength(plan);
        int firstBlock = (int)((long)plan.Blocks * unit / units), endBlock = (int)((long)plan.Blocks * (unit + 1) / units);
        for (int block = firstBlock; block < endBlock; block++)
        {
            int first = block * plan.BlockTiles, count = Math.Min(plan.BlockTiles, plan.Tiles - first);
            for (int i = 0; i < count; i++)
            {
                WinogradTiles.TransformInput<TLane>(source, plan, first + i, patch, inputs + i * source.Channels);
                WinogradTiles.TransformGradient<TLane>(gradient, plan, first + i, patch, gradients + i * gradient.Channels);
            }

            Multiply<TOps, TVector>(inputs, gradients, count, sums, add: block > firstBlock);
        }
    }

    private readonly void Multiply<TOps, TVector>(float* inputs, float* gradients, int count, float* sums, bool add)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int n = TOps.Count, channels = source.Channels, outputs = gradient.Channels;
        WeightGradientTile tile = default;
        tile.Lines = 1;
        tile.LineLength = count;
        tile.SourceStep = channels;
        tile.GradientStep = outputs;
        tile.ResultStep = outputs;
        tile.TailCount = n;
        tile.Add = add;
        for (int product = 0; product < WinogradTransform.Products; product++)
        {
            float* a = inputs + product * plan.InputStride, b = gradients + product * plan.OutputStride;
            float* c = sums + (nint)product * plan.FilterStride;
            for (int column = 0; column < outputs; column += 2 * n)
            {
                for (int row = 0; row < channels; row += TOps.TileRows)
                {
                    float* target = c + row * outputs + column;
                    if (outputs - column >= 2 * n)
                    {
                        AddTile<TOps, TVector, TwoVectors>(tile, a + row, b + column, target);
                    }
                    else
                    {
                        AddTile<TOps, TVector, OneVectorMasked>(tile, a + row, b + column, target);
                    }
                }
            }
        }
    }

    private static void AddTile<TOps, TVector, TColumns>(in WeightGradientTile tile, float* source, float* gradients, float* result)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        if (TOps.TileRows == TileRows)
        {
            WeightGradientTiles<TOps, TVector>.Rows8<TColumns>(tile, source, gradients, result);
        }
        else
        {
            WeightGradientTiles<TOps, TVector>.Rows4<TColumns>(tile, source, gradients, result, TileRows / 2);
        }
    }
}
