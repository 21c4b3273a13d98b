using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Softmax along the last axis of dense rows, and the cross-entropy.</summary>
internal static class GpuSoftmax
{
    /// <summary>Whether the kernels take these operands; others are composed.</summary>
    public static bool Takes(int axis, params ReadOnlySpan<Tensor> operands)
    {
        bool takes = axis == operands[0].Rank - 1;
        foreach (var operand in operands)
        {
            takes &= DenseRows.Are(operand);
        }

        return takes;
    }

    public static void Run(IlgpuDevice device, Tensor x, bool logarithm, Tensor destination)
    {
        using var alive = KeepAlive.Of(x, destination);
        device.LaunchRows(new SoftmaxJob
        {
            Count = RowsOf(x),
            Columns = x.Shape.Sizes[^1],
            Logarithm = logarithm,
            X = DenseRows.Of(x),
            Destination = DenseRows.Of(destination),
        }, RowsOf(x), x.Shape.Sizes[^1]);
    }

    public static void RunGradient(IlgpuDevice device, Tensor y, Tensor gradient, bool logarithm, Tensor xGradient)
    {
        using var alive = KeepAlive.Of(y, gradient, xGradient);
        device.LaunchRows(new SoftmaxGradientJob
        {
            Count = RowsOf(y),
            Columns = y.Shape.Sizes[^1],
            Logarithm = logarithm,
            Y = DenseRows.Of(y),
            Gradient = DenseRows.Of(gradient),
            XGradient = DenseRows.Of(xGradient),
        }, RowsOf(y), y.Shape.Sizes[^1]);
    }

    public static void Losses(IlgpuDevice device, IndexTensor labels, Tensor logProbabilities, Tensor losses)
    {
        using var alive = KeepAlive.Of(labels, logProbabilities, losses);
        if (losses.Length > 0)
        {
            device.Launch(new LabelLossJob
            {
                Count = losses.Length,
                LogProbabilities = DenseRows.Of(logProbabilities),
                Labels = device.IndicesOf(labels),
                Losses = losses.Memory(),
                LossOffset = losses.Layout.Offset,
                LossStep = losses.Layout.Strides[0],
            }, losses.Length);
        }
    }

    public static void LossesGradient(
        IlgpuDevice device, Tensor logProbabilities, IndexTensor labels, Tensor gradient, Tensor logitsGradient)
    {
        using var alive = KeepAlive.Of(logProbabilities, labels, gradient, logitsGradient);
        if (logitsGradient.Length > 0)
        {
            device.Launch(new LabelLossGradientJob
            {
                Count = logitsGradient.Length,
                Columns = logitsGradient.Shape[1],
                LogProbabilities = DenseRows.Of(logProbabilities),
                LogitsGradient = DenseRows.Of(logitsGradient),
                Labels = device.IndicesOf(labels),
                Gradient = gradient.Memory(),
                GradientOffset = gradient.Layout.Offset,
                GradientStep = gradient.Layout.Strides[0],
            }, logitsGradient.Length);
        }
    }

    private static int RowsOf(Tensor tensor) => tensor.Length / Math.Max(1, tensor.Shape.Sizes[^1]);
}
