namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Convolution<TMap>(
        Tensor x, Tensor weight, Tensor? bias, in Window window, int groups, Tensor? factors, TMap map, Tensor destination)
    {
        ReferenceGrid from = new(x), weights = new(weight), to = new(destination);
        FillChannels(destination, bias);
        foreach (var (n, channel, y, column, output, i, j, tap) in Meetings(x.Shape, weight.Shape, destination.Shape, window, groups))
        {
            to[n, output, i, j] += from[n, channel, y, column] * weights[tap.Row, tap.Column, tap.Channel, output];
        }

        if (factors is null)
        {
            Map(map, destination, destination);
        }
        else
        {
            ChannelNormalize(destination, factors, map, destination);
        }
    }

    /// <inheritdoc/>
    protected internal override void ConvolutionInputGradient(
        Tensor gradient, Tensor weight, Tensor? bias, in Window window, int groups, Tensor xGradient)
    {
        ReferenceGrid from = new(gradient), factors = new(weight), to = new(xGradient);
        FillChannels(xGradient, bias);
        foreach (var (n, channel, y, column, output, i, j, tap) in Meetings(xGradient.Shape, weight.Shape, gradient.Shape, window, groups))
        {
            to[n, channel, y, column] += from[n, output, i, j] * factors[tap.Row, tap.Column, tap.Channel, output];
        }
    }

    /// <inheritdoc/>
    protected internal override void ConvolutionWeightGradient(
        Tensor x, Tensor gradient, in Window window, int groups, Tensor weightGradient)
    {
        ReferenceGrid from = new(x), gradients = new(gradient), to = new(weightGradient);
        Fill(weightGradient, 0);
        foreach (var (n, channel, y, column, output, i, j, tap) in Meetings(x.Shape, weightGradient.Shape, gradient.Shape, window, groups))
        {
            to[tap.Row, tap.Column, tap.Channel, output] += from[n, channel, y, column] * gradients[n, output, i, j];
        }
    }

    /// <summary>
    /// Every element (n, channel, y, x) of the input of a convolution with every element (n, output, i, j) of its output that it reaches,
    /// and the weight (tap, channel within the group) through which it does.
    /// </summary>
    private static IEnumerable<(int Image, int Channel, int Y, int X, int Output, int I, int J, (int Row, int Column, int Channel) Tap)>
        Meetings(Shape input, Shape weight, Shape output, Window window, int groups)
    {
        int channels = weight[2], outputs = weight[3] / groups;
        for (int n = 0; n < output[0]; n++)
        {
            for (int o = 0; o < output[1]; o++)
            {
                for (int i = 0; i < output[2]; i++)
                {
                    for (int j = 0; j < output[3]; j++)
                    {
                        for (int row = 0; row < weight[0]; row++)
                        {
                            int y = i * window.Height.Stride + row * window.Height.Dilation - window.Height.PadBefore;
                            for (int column = 0; column < weight[1]; column++)
                            {
                                int x = j * window.Width.Stride + column * window.Width.Dilation - window.Width.PadBefore;
                                bool isInside = y >= 0 && y < input[2] && x >= 0 && x < input[3];
                                for (int c = 0; isInside && c < channels; c++)
                                {
                                    yield return (n, o / outputs * channels + c, y, x, o, i, j, (row, column, c));
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Sets all elements of a channel of images [N, C, H, W] to its bias, or 0.</summary>
    private void FillChannels(Tensor destination, Tensor? bias)
    {
        if (bias is null)
        {
            Fill(destination, 0);
        }
        else
        {
            Copy(bias.View(bias.Layout.Unsqueeze(1).Unsqueeze(2).Expand(destination.Shape), bias.Origin), destination);
        }
    }

    /// <summary>The elements of a tensor of rank 4.</summary>
    private readonly struct ReferenceGrid(Tensor tensor)
    {
        private readonly double[] _values = ((ReferenceStorage)tensor.Storage).Values;
        private readonly Layout _layout = tensor.Layout;

        public ref double this[int i, int j, int k, int l]
        {
            get
            {
                var strides = _layout.Strides;
                return ref _values[_layout.Offset + i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3]];
            }
        }
    }
}
