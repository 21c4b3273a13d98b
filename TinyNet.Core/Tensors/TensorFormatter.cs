using System.Globalization;
using System.Text;

namespace TinyNet.Core;

/// <summary>Writes tensors for people: shape, device and values, long axes abbreviated.</summary>
internal static class TensorFormatter
{
    private const int EdgeItems = 3;

    public static string Format(Tensor tensor)
    {
        string head = $"Tensor {tensor.Shape} on {tensor.Device.Name}";
        return tensor.IsAlive
            ? $"{head}{Separator(tensor.Shape)}{Values(tensor.Shape, tensor.ToArray())}"
            : $"{head} (its step or batch has ended, or is on another thread)";
    }

    public static string Format(IndexTensor tensor)
    {
        string head = $"IndexTensor {tensor.Shape}";
        return tensor.IsAlive
            ? $"{head}{Separator(tensor.Shape)}{Values(tensor.Shape, tensor.ToArray())}"
            : $"{head} (its step or batch has ended, or is on another thread)";
    }

    private static string Separator(in Shape shape) => shape.Rank < 2 ? ": " : "\n";

    private static string Values<T>(in Shape shape, T[] values) where T : IFormattable
    {
        var text = new StringBuilder();
        Append(text, shape, values, 0, 0, values.Length);
        return text.ToString();
    }

    private static void Append<T>(StringBuilder text, in Shape shape, T[] values, int axis, int start, int length) where T : IFormattable
    {
        if (axis == shape.Rank)
        {
            text.Append(values[start].ToString(typeof(T) == typeof(float) ? "G6" : null, CultureInfo.InvariantCulture));
            return;
        }

        int size = shape.Sizes[axis], stride = size == 0 ? 0 : length / size;
        text.Append('[');
        for (int i = 0; i < size; i++)
        {
            if (i > 0)
            {
                text.Append(axis == shape.Rank - 1 ? ", " : ",\n" + new string(' ', axis + 1));
            }

            if (i == EdgeItems && size > 2 * EdgeItems)
            {
                text.Append('…');
                i = size - EdgeItems - 1;
                continue;
            }

            Append(text, shape, values, axis + 1, start + i * stride, stride);
        }

        text.Append(']');
    }
}
