using System.Runtime.CompilerServices;

namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>destination [N, C, H', W'] = x [N, C, H, W], resized as the grid says.</summary>
    protected internal virtual void Resize(Tensor x, in ResizeGrid grid, Tensor destination)
    {
        var rows = Temporary(x.Shape.With(2, destination.Shape[2]), "Resize");
        ResizeAlong(x, 2, grid.Height, rows);
        ResizeAlong(rows, 3, grid.Width, destination);
        Release(rows);
    }

    /// <summary>The gradient of <see cref="Resize"/> to x.</summary>
    protected internal virtual void ResizeGradient(Tensor gradient, in ResizeGrid grid, Tensor xGradient)
    {
        var rows = Temporary(gradient.Shape.With(3, xGradient.Shape[3]), "Resize");
        ResizeAlongGradient(gradient, 3, grid.Width, rows);
        ResizeAlongGradient(rows, 2, grid.Height, xGradient);
        Release(rows);
    }

    private void ResizeAlong(Tensor x, int axis, in ResizeAxis resized, Tensor destination)
    {
        if (destination.Length == 0)
        {
            return;
        }

        var (first, second, ofFirst, ofSecond) = Taps(resized, axis);
        var behind = Temporary(destination.Shape, "Resize");
        IndexSelect(x, axis, second, behind);
        Map(new ShareMap(), behind, ofSecond, behind);
        IndexSelect(x, axis, first, destination);
        Map(new ShareMap(), destination, ofFirst, destination);
        Map(new SumMap(), destination, behind, destination);
        Release(behind, ofFirst, ofSecond);
    }

    private void ResizeAlongGradient(Tensor gradient, int axis, in ResizeAxis resized, Tensor xGradient)
    {
        Fill(xGradient, 0);
        if (gradient.Length == 0)
        {
            return;
        }

        var (first, second, ofFirst, ofSecond) = Taps(resized, axis);
        var share = Temporary(gradient.Shape, "Resize");
        Map(new ShareMap(), gradient, ofFirst, share);
        IndexAdd(share, axis, first, xGradient);
        Map(new ShareMap(), gradient, ofSecond, share);
        IndexAdd(share, axis, second, xGradient);
        Release(share, ofFirst, ofSecond);
    }

    /// <summary>The two neighbors that make each element of a resized axis of images, and how much of it each is.</summary>
    private (IndexTensor First, IndexTensor Second, Tensor OfFirst, Tensor OfSecond) Taps(in ResizeAxis resized, int axis)
    {
        int count = resized.Results;
        IndexTensor first = IndexTensor.Result("Resize", [count]), second = IndexTensor.Result("Resize", [count]);
        Span<int> firsts = first.Overwrite("Resize"), seconds = second.Overwrite("Resize");
        for (int i = 0; i < count; i++)
        {
            (firsts[i], seconds[i], _) = resized.Tap(i);
        }

        Shape shape = axis == 2 ? [count, 1] : [count];
        var ofFirst = FromHost(shape, "Resize", resized, static (resized, i) => resized.Tap(i).FirstShare);
        var ofSecond = FromHost(shape, "Resize", resized, static (resized, i) => resized.Tap(i).SecondShare);
        return (first, second, ofFirst, ofSecond);
    }
}

/// <summary>a · b; 0 where b is 0, whatever a is.</summary>
internal readonly struct ShareMap : IBinaryMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Select(T.Equal(b, T.Zero), T.Zero, a * b);
}
