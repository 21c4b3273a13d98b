using System.Runtime.CompilerServices;
using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>Four numbers that lie beside each other: what a thread reads and writes at once.</summary>
internal struct Row4(float x0, float x1, float x2, float x3)
{
    public float X0 = x0, X1 = x1, X2 = x2, X3 = x3;

    /// <summary>x + a · y, each rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4 MultiplyAdd(float a, in Row4 y, in Row4 x) => new(
        GpuMath.FusedMultiplyAdd(a, y.X0, x.X0),
        GpuMath.FusedMultiplyAdd(a, y.X1, x.X1),
        GpuMath.FusedMultiplyAdd(a, y.X2, x.X2),
        GpuMath.FusedMultiplyAdd(a, y.X3, x.X3));

    /// <summary>Reads up to four numbers; zeros take the place of those beyond the count.</summary>
    /// <param name="values">The memory.</param>
    /// <param name="index">The first number.</param>
    /// <param name="step">From one to the next.</param>
    /// <param name="count">How many there are; may be negative.</param>
    /// <param name="areAligned">Whether step is 1 and index a multiple of 4.</param>
    public static Row4 Read(ArrayView<float> values, int index, int step, int count, bool areAligned)
    {
        if (count >= 4)
        {
            return areAligned
                ? values.Cast<Row4>()[index >> 2]
                : new Row4(values[index], values[index + step], values[index + 2 * step], values[index + 3 * step]);
        }

        return new Row4(
            count > 0 ? values[index] : 0f, count > 1 ? values[index + step] : 0f, count > 2 ? values[index + 2 * step] : 0f, 0f);
    }
}
