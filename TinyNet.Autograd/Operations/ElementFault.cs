using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// Looks for elements that an operand may not have: one pass over them. Where there are none, nothing is made but two tensors, a view and
/// the single element that says so.
/// </summary>
internal static class ElementFault
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The first element at fault, as a text; null where there is none.</summary>
    /// <param name="operation">The operation that takes the operand.</param>
    /// <param name="values">The operand.</param>
    /// <param name="fault">1 where an element is at fault, else 0.</param>
    public static string? In<TFault>(string operation, Tensor values, TFault fault) where TFault : struct, IPredicateMap
    {
        Operation.Check(operation, values);
        var once = WithoutRepetitions(values, operation);
        var worst = Tensor.Result(operation, default(Axes).Reduce(once.Shape, operation), once.Device);
        once.Device.Reduce(new AnyReduction<TFault>(fault), once, worst);
        bool isAny = worst.Item() != 0;
        worst.Release();
        if (!isAny)
        {
            return null;
        }

        // Where elements are doubles, one may be at fault by less than a float tells.
        return once.Device is ReferenceDevice
            ? Array.Find(ReferenceDevice.ReadDoubles(once), value => fault.Forward(new DoubleLane(value)).Value != 0).ToString(Culture)
            : Array.Find(once.ToArray(), value => fault.Forward(new ScalarLane(value)).Value != 0).ToString(Culture);
    }

    /// <summary>A view with each element once.</summary>
    private static Tensor WithoutRepetitions(Tensor values, string operation)
    {
        var layout = values.Layout;
        for (int axis = 0; axis < values.Rank && values.Length > 0; axis++)
        {
            layout = layout.Strides[axis] == 0 ? layout.Slice(axis, 0, 1, 1) : layout;
        }

        return values.View(layout, operation);
    }
}
