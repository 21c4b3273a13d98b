using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Optimizer steps, as many parameters a launch as the arguments of a kernel have room for.</summary>
internal static class GpuUpdates
{
    // The parts of both jobs, and the bytes of one among the arguments of a kernel beside its update: a view is an address and a length.
    private const int Narrow = 4, Wide = 6 * Narrow, PartBytes = 5 * (sizeof(long) + sizeof(long)) + 4 * sizeof(int);

    /// <summary>The parameters that one launch updates at most.</summary>
    public static int PartsPerLaunch<TUpdate>(IlgpuDevice device) where TUpdate : struct, IParameterUpdate =>
        Wide * (PartBytes + (Unsafe.SizeOf<TUpdate>() + sizeof(long) - 1) / sizeof(long) * sizeof(long)) + sizeof(long)
        <= device.MostArgumentBytes ? Wide : Narrow;

    public static void Run<TUpdate>(IlgpuDevice device, ReadOnlySpan<ParameterStep<TUpdate>> steps) where TUpdate : struct, IParameterUpdate
    {
        int most = PartsPerLaunch<TUpdate>(device);
        var batch = default(Batch<TUpdate>);
        int first = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].Parameter.Length == 0)
            {
                continue;
            }

            // A parameter that comes up again is updated after its first step, not beside it.
            int blocks = (int)BlockCount.Of((long)steps[i].Parameter.Length, device.GroupSize);
            if (batch.Count == most || batch.Blocks > int.MaxValue - blocks || IsAmong(steps[first..i], steps[i].Parameter))
            {
                Launch(device, ref batch);
                first = i;
            }

            Add(ref batch, steps[i], blocks, device);
        }

        Launch(device, ref batch);
        foreach (ref readonly var step in steps)
        {
            KeepAlive.Of(step.Parameter, step.Gradient, step.State0, step.State1, step.State2).Dispose();
        }
    }

    private static bool IsAmong<TUpdate>(ReadOnlySpan<ParameterStep<TUpdate>> steps, Tensor parameter)
        where TUpdate : struct, IParameterUpdate
    {
        foreach (ref readonly var step in steps)
        {
            if (step.Parameter.Storage == parameter.Storage)
            {
                return true;
            }
        }

        return false;
    }

    private static void Add<TUpdate>(ref Batch<TUpdate> batch, in ParameterStep<TUpdate> step, int blocks, IlgpuDevice device)
        where TUpdate : struct, IParameterUpdate
    {
        var gradient = device.Dense(step.Gradient);
        batch.Made[batch.Count] = gradient == step.Gradient ? null : gradient;
        batch.Parts[batch.Count] = new UpdatePart<TUpdate>
        {
            Update = step.Update,
            Start = batch.Blocks,
            Parameter = step.Parameter.Elements(),
            Gradient = gradient.Elements(),
            State0 = (step.State0 ?? step.Parameter).Elements(),
            State1 = (step.State1 ?? step.Parameter).Elements(),
            State2 = (step.State2 ?? step.Parameter).Elements(),
            HasState0 = step.State0 is not null,
            HasState1 = step.State1 is not null,
            HasState2 = step.State2 is not null,
        };
        batch.Count++;
        batch.Blocks += blocks;
    }

    /// <summary>Launches what a batch has, and leaves it empty.</summary>
    private static void Launch<TUpdate>(IlgpuDevice device, ref Batch<TUpdate> batch) where TUpdate : struct, IParameterUpdate
    {
        if (batch.Count == 0)
        {
            return;
        }

        // Parts that are not used have views, as a kernel wants some in every place, and start where no block is.
        Span<UpdatePart<TUpdate>> parts = batch.Parts;
        var unused = parts[0];
        unused.Start = int.MaxValue;
        parts[batch.Count..].Fill(unused);
        var first = UpdateParts<TUpdate>.Of(parts);
        if (batch.Count <= Narrow)
        {
            device.LaunchGroups(new UpdateJob<TUpdate> { Parts = first, Blocks = batch.Blocks }, batch.Blocks);
        }
        else
        {
            device.LaunchGroups(new WideUpdateJob<TUpdate>
            {
                First = first,
                Second = UpdateParts<TUpdate>.Of(parts[Narrow..]),
                Third = UpdateParts<TUpdate>.Of(parts[(2 * Narrow)..]),
                Fourth = UpdateParts<TUpdate>.Of(parts[(3 * Narrow)..]),
                Fifth = UpdateParts<TUpdate>.Of(parts[(4 * Narrow)..]),
                Sixth = UpdateParts<TUpdate>.Of(parts[(5 * Narrow)..]),
                Blocks = batch.Blocks,
            }, batch.Blocks);
        }

        foreach (var gradient in batch.Made[..batch.Count])
        {
            IlgpuDevice.GiveBack(gradient, null);
        }

        (batch.Count, batch.Blocks) = (0, 0);
    }

    /// <summary>The parts of a launch, and the gradients that were made dense for it.</summary>
    private struct Batch<TUpdate> where TUpdate : struct, IParameterUpdate
    {
        public int Count, Blocks;
        public PartArray<TUpdate> Parts;
        public MadeArray Made;
    }

    [InlineArray(Wide)]
    private struct PartArray<TUpdate> where TUpdate : struct, IParameterUpdate
    {
        private UpdatePart<TUpdate> _first;
    }

    [InlineArray(Wide)]
    private struct MadeArray
    {
        private Tensor? _first;
    }
}
