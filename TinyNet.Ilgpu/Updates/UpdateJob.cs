using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>One parameter's part of an optimizer step.</summary>
internal struct UpdatePart<TUpdate> where TUpdate : struct, IParameterUpdate
{
    public TUpdate Update;

    /// <summary>The first of its blocks, counted through all parts of a launch.</summary>
    public int Start;

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

/// <summary>Four parts, as fields: threads cannot index arguments.</summary>
internal struct UpdateParts<TUpdate> where TUpdate : struct, IParameterUpdate
{
    public UpdatePart<TUpdate> Part0, Part1, Part2, Part3;

    /// <summary>The fields of four parts.</summary>
    public static UpdateParts<TUpdate> Of(ReadOnlySpan<UpdatePart<TUpdate>> parts) => new()
    {
        Part0 = parts[0],
        Part1 = parts[1],
        Part2 = parts[2],
        Part3 = parts[3],
    };

    /// <summary>The part that a block is of.</summary>
    public readonly UpdatePart<TUpdate> At(int block) =>
        block < Part2.Start ? block < Part1.Start ? Part0 : Part1 : block < Part3.Start ? Part2 : Part3;
}

/// <summary>An optimizer step over up to four parameters: a group a block of one of them, a thread an element.</summary>
internal struct UpdateJob<TUpdate> : IGpuJob where TUpdate : struct, IParameterUpdate
{
    public UpdateParts<TUpdate> Parts;
    public int Blocks;

    public readonly void Run()
    {
        for (int block = Grid.IdxX; Threads.Has(block, Blocks); block += Grid.DimX)
        {
            var part = Parts.At(block);
            int i = (block - part.Start) * Group.DimX + Group.IdxX;
            if (Threads.Has(i, part.Parameter.IntLength))
            {
                part.Apply(i);
            }
        }
    }
}

/// <summary>The same over up to 24 parameters, as many as the arguments of a kernel of CUDA have room for.</summary>
internal struct WideUpdateJob<TUpdate> : IGpuJob where TUpdate : struct, IParameterUpdate
{
    public UpdateParts<TUpdate> First, Second, Third, Fourth, Fifth, Sixth;
    public int Blocks;

    public readonly void Run()
    {
        for (int block = Grid.IdxX; Threads.Has(block, Blocks); block += Grid.DimX)
        {
            var part = block < Fourth.Part0.Start
                ? block < Second.Part0.Start ? First.At(block) : block < Third.Part0.Start ? Second.At(block) : Third.At(block)
                : block < Fifth.Part0.Start ? Fourth.At(block) : block < Sixth.Part0.Start ? Fifth.At(block) : Sixth.At(block);
            int i = (block - part.Start) * Group.DimX + Group.IdxX;
            if (Threads.Has(i, part.Parameter.IntLength))
            {
                part.Apply(i);
            }
        }
    }
}
