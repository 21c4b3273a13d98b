using System.Runtime.CompilerServices;

namespace TinyNet.Core;

/// <summary>h' = f(a + b) (J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990).</summary>
/// <typeparam name="TOp">f, without settings, whose derivative reads its output alone.</typeparam>
public readonly struct ElmanStep<TOp> : IRecurrentStep where TOp : struct, IUnaryOp
{
    /// <inheritdoc/>
    public static int Gates => 1;

    /// <inheritdoc/>
    public static int ActivatedGates => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Activate<T>(int gate, T sum) where T : struct, ILane<T> => sum;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnit<T> =>
        unit.State = default(TOp).Forward(unit[0]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnitGradient<T>
    {
        T h = unit.StateAfter;
        unit[0] = unit.StateGradient * default(TOp).Derivative(h, h);
        unit.StateGradient = T.Zero;
    }
}

/// <summary>
/// Gates i, f, g, o: c' = σ(f) c + σ(i) tanh(g) and h' = σ(o) tanh(c'), each gate of a + b (S. Hochreiter, J. Schmidhuber, "Long
/// short-term memory", Neural Computation 9, 1997; with the forget gate of F. A. Gers, J. Schmidhuber, F. Cummins, 2000).
/// </summary>
public readonly struct LSTMStep : IRecurrentStep
{
    /// <inheritdoc/>
    public static int Gates => 4;

    /// <inheritdoc/>
    public static int ActivatedGates => 4;

    /// <inheritdoc/>
    public static bool HasCell => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Activate<T>(int gate, T sum) where T : struct, ILane<T> => gate == 2 ? T.Tanh(sum) : T.Sigmoid(sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnit<T>
    {
        T c = T.MultiplyAdd(unit[1], unit.Cell, unit[0] * unit[2]);
        unit.Cell = c;
        unit.State = unit[3] * T.Tanh(c);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnitGradient<T>
    {
        T i = unit[0], f = unit[1], g = unit[2], o = unit[3];
        T tanh = T.Tanh(unit.CellAfter), dh = unit.StateGradient;
        T dc = T.MultiplyAdd(dh * o, T.MultiplyAdd(-tanh, tanh, T.One), unit.CellGradient);
        unit[0] = dc * g * i * (T.One - i);
        unit[1] = dc * unit.CellBefore * f * (T.One - f);
        unit[2] = dc * i * T.MultiplyAdd(-g, g, T.One);
        unit[3] = dh * tanh * o * (T.One - o);
        unit.CellGradient = dc * f;
        unit.StateGradient = T.Zero;
    }
}

/// <summary>
/// Gates r, z, n: r = σ(a_r + b_r), z = σ(a_z + b_z), n = tanh(a_n + r b_n) and h' = (1 − z) n + z h (K. Cho et al., 2014,
/// arXiv:1406.1078, in the form of PyTorch and cuDNN, where r scales b_n and not h).
/// </summary>
public readonly struct GRUStep : IRecurrentStep
{
    /// <inheritdoc/>
    public static int Gates => 3;

    /// <inheritdoc/>
    public static int ActivatedGates => 2;

    /// <inheritdoc/>
    public static bool KeepsStateSum => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Activate<T>(int gate, T sum) where T : struct, ILane<T> => T.Sigmoid(sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnit<T>
    {
        T n = T.Tanh(T.MultiplyAdd(unit[0], unit.StateSum(2), unit[2]));
        unit[2] = n;
        unit.State = T.MultiplyAdd(unit[1], unit.State - n, n);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(TUnit unit) where T : struct, ILane<T> where TUnit : struct, IRecurrentUnitGradient<T>
    {
        T r = unit[0], z = unit[1], n = unit[2], b = unit.StateSum(2), dh = unit.StateGradient;
        T dz = dh * (unit.StateBefore - n) * z * (T.One - z);
        T dn = dh * (T.One - z) * T.MultiplyAdd(-n, n, T.One);
        T dr = dn * b * r * (T.One - r);
        unit[0] = dr;
        unit[1] = dz;
        unit[2] = dn;
        unit.SetStateSumGradient(0, dr);
        unit.SetStateSumGradient(1, dz);
        unit.SetStateSumGradient(2, dn * r);
        unit.StateGradient = dh * z;
    }
}
