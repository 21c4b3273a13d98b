using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>A thread's place among all threads of a launch of one dimension.</summary>
internal static class Threads
{
    /// <summary>The thread's number. Take work from it on, in steps of <see cref="Count"/>.</summary>
    public static int Index => Grid.IdxX * Group.DimX + Group.IdxX;

    /// <summary>The number of threads.</summary>
    public static int Count => Grid.DimX * Group.DimX;

    /// <summary>Whether work with this number is there: a number that has overflowed is none.</summary>
    public static bool Has(int index, int count) => (uint)index < (uint)count;
}
