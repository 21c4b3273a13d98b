using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>destination = f(a).</summary>
internal struct MapJob<TMap> : IGpuJob where TMap : struct, IUnaryMap
{
    public TMap Map;
    public int Count;
    public WalkAxes Axes;
    public ArrayView<float> A, Destination;
    public Steps AtA, AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var place = Axes.At(i);
            Destination[AtDestination.IndexOf(place)] = Map.Forward(new GpuLane(A[AtA.IndexOf(place)])).Value;
        }
    }
}

/// <summary>destination = f(a, b).</summary>
internal struct BinaryMapJob<TMap> : IGpuJob where TMap : struct, IBinaryMap
{
    public TMap Map;
    public int Count;
    public WalkAxes Axes;
    public ArrayView<float> A, B, Destination;
    public Steps AtA, AtB, AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var place = Axes.At(i);
            Destination[AtDestination.IndexOf(place)] = Map.Forward(
                new GpuLane(A[AtA.IndexOf(place)]), new GpuLane(B[AtB.IndexOf(place)])).Value;
        }
    }
}

/// <summary>destination = f(a, b, c).</summary>
internal struct TernaryMapJob<TMap> : IGpuJob where TMap : struct, ITernaryMap
{
    public TMap Map;
    public int Count;
    public WalkAxes Axes;
    public ArrayView<float> A, B, C, Destination;
    public Steps AtA, AtB, AtC, AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var place = Axes.At(i);
            Destination[AtDestination.IndexOf(place)] = Map.Forward(
                new GpuLane(A[AtA.IndexOf(place)]), new GpuLane(B[AtB.IndexOf(place)]), new GpuLane(C[AtC.IndexOf(place)])).Value;
        }
    }
}
