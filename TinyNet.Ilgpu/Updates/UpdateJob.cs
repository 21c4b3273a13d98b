using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>One parameter's part of an optimizer step.</summary>
internal struct UpdatePart<TUpdate> where TUpdate : struct, IParameterUpdate
{
    public TUpdate Update;

    /// <summary>The number of the element behind its last one, counted through all parts of a launch.</summary>
    public int End;

    public ArrayView<float> Parameter, Gradient, State0, State1, State2;
    public Flag HasState0, HasState1, HasState2;

    /// <summary>Updates one element. States that are not there read as 0 and are not written.</summary>
    public readonly void Apply(int i)
    {
        GpuLane parameter = new(Parameter[i]);
        GpuLane state0 = HasState0 ? new(State0[i]) : GpuLane.Zero;
        GpuLane state1 = HasState1 ? new(State1[i]) : GpuLane.Zero;
        GpuLane state2 = HasState2 ? new(State2[i]) : GpuLane.Zero;
        Update.Apply(ref parameter, new GpuLane(Gradient[i]), ref state0, ref state1, ref state2);
        Parameter[i] = parameter.Value;
        if (HasState0)
        {
            State0[i] = state0.Value;
        }

        if (HasState1)
        {
            State1[i] = state1.Value;
        }

        if (HasState2)
        {
            State2[i] = state2.Value;
        }
    }
}

/// <summary>An optimizer step over up to eight parameters: a thread an element of any of them.</summary>
internal struct UpdateJob<TUpdate> : IGpuJob where TUpdate : struct, IParameterUpdate
{
    public UpdatePart<TUpdate> Part0, Part1, Part2, Part3, Part4, Part5, Part6, Part7;
    public int Count;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            if (i < Part0.End)
            {
                Part0.Apply(i);
            }
            else if (i < Part1.End)
            {
                Part1.Apply(i - Part0.End);
            }
            else if (i < Part2.End)
            {
                Part2.Apply(i - Part1.End);
            }
            else if (i < Part3.End)
            {
                Part3.Apply(i - Part2.End);
            }
            else if (i < Part4.End)
            {
                Part4.Apply(i - Part3.End);
            }
            else if (i < Part5.End)
            {
                Part5.Apply(i - Part4.End);
            }
            else if (i < Part6.End)
            {
                Part6.Apply(i - Part5.End);
            }
            else
            {
                Part7.Apply(i - Part6.End);
            }
        }
    }
}
