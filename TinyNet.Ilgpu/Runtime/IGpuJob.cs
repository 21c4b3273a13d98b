using ILGPU;

namespace TinyNet.Ilgpu;

/// <summary>
/// A kernel: a struct with all that its threads read, handed to the GPU as one argument. Every thread runs <see cref="Run"/>; it asks
/// <see cref="Grid"/> and <see cref="Group"/> for its place.
/// </summary>
/// <remarks>
/// What is written in one is compiled by ILGPU: fields are numbers, structs of numbers and views, methods are static or of structs.
/// Products and sums that must round as written are those of <see cref="GpuMath"/>. Loops over work ask <see cref="Threads.Has"/>, as a
/// step behind the last number may overflow.
/// </remarks>
internal interface IGpuJob
{
    /// <summary>The work of one thread.</summary>
    void Run();
}

/// <summary>The entry of all kernels.</summary>
internal static class GpuEntry
{
    /// <summary>Runs a job in a thread.</summary>
    public static void Run<TJob>(TJob job) where TJob : struct, IGpuJob => job.Run();
}
