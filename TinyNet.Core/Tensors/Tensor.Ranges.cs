using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public partial class Tensor
{
    /// <summary>
    /// A view of some of the elements, with history: <c>x[.., 1..]</c>. A range keeps its axis, an index removes it, and axes that are not
    /// named stay whole. With nothing but integers for all axes it is a number instead; <c>x[0, ..]</c> is the first row.
    /// </summary>
    /// <exception cref="ShapeException">There are more ranges than axes.</exception>
    /// <exception cref="TensorException">A range or an index is not inside of its axis: nothing is clipped.</exception>
    [IndexerName("At")]
    public Tensor this[params ReadOnlySpan<AxisRange> ranges]
    {
        get
        {
            EnsureAlive("Slice");
            if (ranges.Length > Rank)
            {
                throw new ShapeException("Slice", $"{ranges.Length} ranges for shape {Shape}", $"give {Rank} at most");
            }

            var view = this;
            int axis = 0;
            for (int i = 0; i < ranges.Length; i++)
            {
                int size = Shape.Sizes[i];
                var (start, stop) = ranges[i].On(size);
                if (start < 0 || stop < start || stop > size)
                {
                    throw new TensorException("Slice", $"{ranges[i]} along axis {i} of shape {Shape}",
                        "ranges and indices lie inside of their axis; Slice clips what does not");
                }

                if (ranges[i].IsIndex)
                {
                    view = view.TapeSlot is IViewHistory history
                        ? history.Select(view, axis, start) : view.View(view.Layout.Select(axis, start), "Select");
                }
                else
                {
                    view = stop - start == size ? view : view.TapeSlot is IViewHistory history
                        ? history.Slice(view, axis, start, stop) : view.View(view.Layout.Slice(axis, start, stop - start, 1), "Slice");
                    axis++;
                }
            }

            return view;
        }
    }
}

/// <summary>The history of a tensor, as far as views of it that are made here need it.</summary>
internal interface IViewHistory
{
    /// <summary>The elements of a tensor from start up to stop along an axis.</summary>
    Tensor Slice(Tensor x, int axis, int start, int stop);

    /// <summary>The elements of a tensor at an index of an axis, which is removed.</summary>
    Tensor Select(Tensor x, int axis, int index);
}
