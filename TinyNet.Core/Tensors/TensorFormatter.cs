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
            ? $"{head}{Separator(tensor.Shape)}{Values(tensor.Layout, "G6", element => tensor.View(element, "ToString").Item())}"
            : $"{head} (its step or batch has ended, or is on another thread)";
    }

    public static string Format(IndexTensor tensor)
    {
        string head = $"IndexTensor {tensor.Shape}";
        return tensor.IsAlive
            ? $"{head}{Separator(tensor.Shape)}{Values(new Layout(tensor.Shape), null, element => tensor.Values[element.Offset])}"
            : $"{head} (its step or batch has ended, or is on another thread)";
    }

    private static string Separator(in Shape shape) => shape.Rank < 2 ? ": " : "\n";

    /// <summary>What is shown is read element by element: an expanded view may have more of them than any array.</summary>
    private static string Values<T>(in Layout layout, string? format, Func<Layout, T> read) where T : IFormattable
    {
        var text = new StringBuilder();
        Append(text, layout, depth: 1, format, read);
        return text.ToString();
    }

    private static void Append<T>(StringBuilder text, in Layout layout, int depth, string? format, Func<Layout, T> read)
        where T : IFormattable
    {
        if (layout.Shape.Rank == 0)
        {
            text.Append(read(layout).ToString(format, CultureInfo.InvariantCulture));
            return;
        }

        int size = layout.Shape.Sizes[0];
        text.Append('[');
        for (int i = 0; i < size; i++)
        {
            if (i > 0)
            {
                text.Append(layout.Shape.Rank == 1 ? ", " : ",\n" + new string(' ', depth));
            }

            if (i == EdgeItems && size > 2 * EdgeItems)
            {
                text.Append('…');
                i = size - EdgeItems - 1;
                continue;
            }

            Append(text, layout.Select(0, i), depth + 1, format, read);
        }

        text.Append(']');
    }
}
