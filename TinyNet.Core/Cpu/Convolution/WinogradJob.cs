using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>
/// A dense 3 × 3 window with step 1 by Winograd's filtering. A unit is a block of tiles: their patches are transformed, each of the 36
/// matrices [tiles, channels] is multiplied with its filters [channels, outputs], and the products are transformed back. Source and
/// result are channels last.
/// </summary>
internal unsafe struct WinogradJob<TMap>(
    ImageBatch source, ImageBatch result, WinogradPlan plan, float* filters, SumFinish<TMap> finish) : IVectorJob
    where TMap : struct, IUnaryMap
{
    // Multiply-adds of a chain; the products add up the chains of an element.
    private const int MostTerms = 2 * FloatChain.Terms;

    public readonly void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>
    {
        int first = unit * plan.BlockTiles, count = Math.Min(plan.BlockTiles, plan.Tiles - first);
        int patchLength = WinogradTransform.Products * source.Channels;
        float* patch = ThreadScratch.Rent(patchLength + WinogradTransform.Products * ((long)plan.InputStride + plan.OutputStride));
        float* inputs = patch + patchLength, products = inputs + WinogradTransform.Products * plan.InputStride;
        for (int i = 0; i < count; i++)
        {
            WinogradTiles.TransformInput<TLane>(source, plan, first + i, patch, inputs + i * source.Channels);
        }

        Multiply<TOps, TVector>(inputs, products, count);
        for (int i = 0; i < count; i++)
        {
            TransformOutput<TLane>(first + i, products + i * result.Channels);
        }
    }

    private readonly void Multiply<TOps, TVector>(float* inputs, float* products, int count)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
    {
        int n = TOps.Count, channels = source.Channels, outputs = result.Channels;
        TileLayout layout = default;
        layout.ARow = channels * sizeof(float);
        layout.AStep = sizeof(float);
        layout.CRow = outputs * sizeof(float);
        layout.TailCount = n;
        for (int product = 0; product < WinogradTransform.Products; product++)
        {
            float* a = inputs + product * plan.InputStride, b = filters + (nint)product * plan.FilterStride;
            float* c = products + product * plan.OutputStride;
            for (int column = 0; column < outputs; column += 2 * n)
            {
                bool isWhole = outputs - column >= 2 * n;
                int width = isWhole ? 2 * n : n;
                layout.BStep = width * sizeof(float);
                for (int row = 0; row < count; row += TOps.TileRows)
                {
                    int rows = Math.Min(TOps.TileRows, count - row);
                    float* left = a + row * channels, panel = b + column * channels, target = c + row * outputs + column;
                    for (int first = 0; first == 0 || first < channels; first += MostTerms, left += MostTerms, panel += MostTerms * width)
                    {
                        layout.Depth = Math.Min(MostTerms, channels - first);
                        layout.Add = first > 0;
                        if (isWhole)
                        {
                            MultiplyTile<TOps, TVector, TwoVectors>(layout, left, panel, target, rows);
                        }
                        else
                        {
                            MultiplyTile<TOps, TVector, OneVectorMasked>(layout, left, panel, target, rows);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyTile<TOps, TVector, TColumns>(in TileLayout layout, float* a, float* b, float* c, int rows)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        if (rows > 4)
        {
            ProductTiles<TOps, TVector>.Rows8<TColumns>(layout, a, b, c, null, rows);
        }
        else
        {
            ProductTiles<TOps, TVector>.Rows4<TColumns>(layout, a, b, c, null, rows);
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void TransformOutput<TLane>(int tile, float* products) where TLane : struct, IVectorLane<TLane>
    {
        const int size = WinogradTransform.Outputs;
        float* values = stackalloc float[size * size * TLane.Count];
        var (image, row, column, _, _) = plan.Locate(tile);
        int rows = Math.Min(size, result.Height - row), columns = Math.Min(size, result.Width - column), channels = result.Channels;
        float* target = result.Pointer + image * result.ImageStride + row * result.RowStride + column * channels;
        float* bias = finish.Bias, factors = finish.Factors;
        var f = finish.Map;
        for (int channel = 0; channel < channels; channel += TLane.Count)
        {
            WinogradTransform.Output<TLane>(products + channel, plan.OutputStride, values);
            var start = bias == null ? TLane.Zero : TLane.Load(bias + channel);
            TLane center = TLane.Zero, scale = TLane.One, shift = TLane.Zero;
            if (factors != null)
            {
                center = TLane.Load(factors + channel);
                scale = TLane.Load(factors + channels + channel);
                shift = TLane.Load(factors + 2 * channels + channel);
            }

            for (int i = 0; i < rows; i++)
            {
                float* from = values + i * size * TLane.Count, to = target + i * result.RowStride + channel;
                for (int j = 0; j < columns; j++)
                {
                    var value = TLane.Load(from + j * TLane.Count) + start;
                    value = factors == null ? value : TLane.MultiplyAdd(value - center, scale, shift);
                    TLane.Store(to + j * channels, f.Forward(value));
                }
            }
        }
    }
}
