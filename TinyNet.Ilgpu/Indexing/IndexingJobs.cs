using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Every element of the destination is the one of x that its index says.</summary>
internal struct GatherJob : IGpuJob
{
    public int Count, AxisStep;
    public WalkAxes Axes;
    public ArrayView<float> X, Destination;
    public ArrayView<int> Index;
    public Steps AtX, AtIndex, AtDestination;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            var place = Axes.At(i);
            Destination[AtDestination.IndexOf(place)] = X[AtX.IndexOf(place) + Index[AtIndex.IndexOf(place)] * AxisStep];
        }
    }
}

/// <summary>A thread adds the elements of a line, in their order, to those of the destination's line that their indices say.</summary>
internal struct ScatterAddJob : IGpuJob
{
    public int Lines, Length, SourceStep, IndexStep, DestinationStep;
    public WalkAxes Axes;
    public ArrayView<float> Source, Destination;
    public ArrayView<int> Index;
    public Steps AtSource, AtIndex, AtDestination;

    public readonly void Run()
    {
        for (int line = Threads.Index; Threads.Has(line, Lines); line += Threads.Count)
        {
            var place = Axes.At(line);
            int source = AtSource.IndexOf(place), index = AtIndex.IndexOf(place), destination = AtDestination.IndexOf(place);
            for (int i = 0; i < Length; i++)
            {
                int to = destination + Index[index + i * IndexStep] * DestinationStep;
                Destination[to] = GpuMath.Add(Destination[to], Source[source + i * SourceStep]);
            }
        }
    }
}

/// <summary>A thread adds to one element of the destination all those of the source whose index is its own, in their order.</summary>
internal struct IndexAddJob : IGpuJob
{
    public int Lines, Targets, SourceStep, DestinationStep;
    public WalkAxes Axes;
    public ArrayView<float> Source, Destination;
    public Steps AtSource, AtDestination;

    /// <summary>
    /// [3 · Targets + 1 + n] as <see cref="IndexGroups"/> makes them: where the places of each target begin, the targets, and all places.
    /// </summary>
    public ArrayView<int> Starts, Target, Places;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Lines * Targets); i += Threads.Count)
        {
            var place = Axes.At(i % Lines);
            int target = i / Lines, source = AtSource.IndexOf(place);
            int to = AtDestination.IndexOf(place) + Target[target] * DestinationStep;
            float sum = Destination[to];
            int end = Starts[target + 1];
            for (int k = Starts[target]; k < end; k++)
            {
                sum = GpuMath.Add(sum, Source[source + Places[k] * SourceStep]);
            }

            Destination[to] = sum;
        }
    }
}

/// <summary>A thread finds the first extreme of a line.</summary>
internal struct ArgExtremeJob : IGpuJob
{
    public int Lines, Length, Step;
    public Flag Largest;
    public WalkAxes Axes;
    public ArrayView<float> X;
    public ArrayView<int> Indices;
    public Steps AtX;

    public readonly void Run()
    {
        for (int line = Threads.Index; Threads.Has(line, Lines); line += Threads.Count)
        {
            int start = AtX.IndexOf(Axes.At(line)), index = 0;
            var best = new GpuLane(X[start]);
            bool isBestNaN = GpuLane.Holds(GpuLane.IsNaN(best));
            for (int k = 1; k < Length; k++)
            {
                var candidate = new GpuLane(X[start + k * Step]);
                bool isNaN = GpuLane.Holds(GpuLane.IsNaN(candidate));
                bool isBeyond = Largest ? candidate.Value > best.Value : candidate.Value < best.Value;
                bool wins = isBeyond | (isNaN & !isBestNaN);
                best = wins ? candidate : best;
                isBestNaN = isBestNaN | isNaN;
                index = wins ? k : index;
            }

            Indices[line] = index;
        }
    }
}

/// <summary>A thread sums a line up.</summary>
internal struct CumulativeSumJob : IGpuJob
{
    public int Lines, Length, Step, DestinationStep;
    public WalkAxes Axes;
    public ArrayView<float> X, Destination;
    public Steps AtX, AtDestination;

    public readonly void Run()
    {
        for (int line = Threads.Index; Threads.Has(line, Lines); line += Threads.Count)
        {
            var place = Axes.At(line);
            int from = AtX.IndexOf(place), to = AtDestination.IndexOf(place);
            double sum = 0;
            for (int k = 0; k < Length; k++)
            {
                sum += X[from + k * Step];
                Destination[to + k * DestinationStep] = (float)sum;
            }
        }
    }
}
