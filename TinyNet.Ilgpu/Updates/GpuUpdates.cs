using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Optimizer steps, several parameters a launch.</summary>
internal static class GpuUpdates
{
    private const int PartsPerLaunch = 8;

    public static void Run<TUpdate>(IlgpuDevice device, ReadOnlySpan<ParameterStep<TUpdate>> steps) where TUpdate : struct, IParameterUpdate
    {
        var job = default(UpdateJob<TUpdate>);
        var made = default(MadeGradients);
        int parts = 0, first = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].Parameter.Length == 0)
            {
                continue;
            }

            // A parameter that comes up again is updated after its first step, not beside it.
            if (parts == PartsPerLaunch || Overflows(job.Count, steps[i]) || IsAmong(steps[first..i], steps[i].Parameter))
            {
                Launch(device, job, ref made);
                job = default;
                (parts, first) = (0, i);
            }

            Add(ref job, ref made, parts++, steps[i], device);
        }

        Launch(device, job, ref made);
        foreach (ref readonly var step in steps)
        {
            KeepAlive.Of(step.Parameter, step.Gradient, step.State0, step.State1, step.State2).Dispose();
        }
    }

    private static bool Overflows<TUpdate>(int count, in ParameterStep<TUpdate> step) where TUpdate : struct, IParameterUpdate =>
        count > int.MaxValue - step.Parameter.Length;

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

    private static void Launch<TUpdate>(IlgpuDevice device, in UpdateJob<TUpdate> job, ref MadeGradients made)
        where TUpdate : struct, IParameterUpdate
    {
        device.Launch(job, job.Count);
        foreach (ref var gradient in made)
        {
            IlgpuDevice.GiveBack(gradient, null);
            gradient = null;
        }
    }

    private static void Add<TUpdate>(
        ref UpdateJob<TUpdate> job, ref MadeGradients made, int number, in ParameterStep<TUpdate> step, IlgpuDevice device)
        where TUpdate : struct, IParameterUpdate
    {
        var gradient = device.Dense(step.Gradient);
        made[number] = gradient == step.Gradient ? null : gradient;
        job.Count += step.Parameter.Length;
        ref var part = ref PartOf(ref job, number);
        part = new UpdatePart<TUpdate>
        {
            Update = step.Update,
            End = job.Count,
            Parameter = step.Parameter.Elements(),
            Gradient = gradient.Elements(),
            State0 = (step.State0 ?? step.Parameter).Elements(),
            State1 = (step.State1 ?? step.Parameter).Elements(),
            State2 = (step.State2 ?? step.Parameter).Elements(),
            HasState0 = step.State0 is not null,
            HasState1 = step.State1 is not null,
            HasState2 = step.State2 is not null,
        };

        // Parts that are not used end where the last one does.
        for (int i = number + 1; i < PartsPerLaunch; i++)
        {
            PartOf(ref job, i) = part;
        }
    }

    private static ref UpdatePart<TUpdate> PartOf<TUpdate>(ref UpdateJob<TUpdate> job, int number) where TUpdate : struct, IParameterUpdate
    {
        switch (number)
        {
            case 0: return ref job.Part0;
            case 1: return ref job.Part1;
            case 2: return ref job.Part2;
            case 3: return ref job.Part3;
            case 4: return ref job.Part4;
            case 5: return ref job.Part5;
            case 6: return ref job.Part6;
            default: return ref job.Part7;
        }
    }

    /// <summary>The gradients that were made dense for a launch.</summary>
    [InlineArray(PartsPerLaunch)]
    private struct MadeGradients
    {
        private Tensor? _first;
    }
}
