namespace TinyNet.Core;

/// <summary>The images of a batch in memory, with any strides, counted in elements.</summary>
internal unsafe struct ImageBatch
{
    public float* Pointer;
    public int Images;
    public int Channels;
    public int Height;
    public int Width;
    public nint ImageStride;
    public nint ChannelStride;
    public nint RowStride;
    public nint PixelStride;

    /// <summary>The images of a tensor [N, C, H, W].</summary>
    public static ImageBatch Of(Tensor tensor)
    {
        var sizes = tensor.Shape.Sizes;
        var strides = tensor.Layout.Strides;
        return new ImageBatch
        {
            Pointer = tensor.Pointer(),
            Images = sizes[0],
            Channels = sizes[1],
            Height = sizes[2],
            Width = sizes[3],
            ImageStride = strides[0],
            ChannelStride = strides[1],
            RowStride = strides[2],
            PixelStride = strides[3],
        };
    }

    /// <summary>Whether the channels of a pixel, and the pixels of a row, are neighbors in memory.</summary>
    public readonly bool IsChannelsLast => (ChannelStride == 1 || Channels == 1) && (PixelStride == Channels || Width == 1);
}
