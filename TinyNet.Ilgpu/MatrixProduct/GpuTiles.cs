using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>A number of products that have the same shape.</summary>
internal readonly struct TileTask
{
    /// <summary>The batch, and the number of its products.</summary>
    public WalkAxes Batches { get; init; }

    /// <summary>The number of products.</summary>
    public int Products { get; init; }

    /// <summary>The rows of a product.</summary>
    public int Lines { get; init; }

    /// <summary>The columns of a product.</summary>
    public int Columns { get; init; }

    /// <summary>The depth of a product.</summary>
    public int Depth { get; init; }

    /// <summary>The sums of all products.</summary>
    public int Results => checked(Products * Lines * Columns);
}

/// <summary>Launches the jobs of products whose factors and results are read and written by structs.</summary>
internal static class GpuTiles
{
    /// <summary>The plan of a task on a device.</summary>
    public static TilePlan PlanOf(IlgpuDevice device, in TileTask task) =>
        TilePlan.Of(device.GroupSize, device.MostThreads, task.Products, task.Lines, task.Columns, task.Depth);

    /// <summary>Computes the products. Results must not be empty.</summary>
    public static void Run<TLeft, TRight, TWriter>(
        IlgpuDevice device, in TileTask task, in TilePlan plan, in TLeft left, in TRight right, in TWriter writer)
        where TLeft : struct, ITileReader
        where TRight : struct, ITileReader
        where TWriter : struct, IResultWriter
    {
        if (plan.Parts == 1)
        {
            Launch(device, task, plan, left, right, writer);
            return;
        }

        using var scratch = device.Scratch<float>((long)plan.Parts * task.Results);
        var sums = scratch.View;
        var parts = new PartsWriter { Sums = sums, Parts = plan.Parts, Lines = task.Lines, Columns = task.Columns };
        Launch(device, task, plan, left, right, parts);
        AddParts(device, task, plan, sums, writer);
    }

    /// <summary>Computes products of a batch of rank 1, the groups, by a thread for each sum or part of one.</summary>
    public static void RunThin<TLeft, TRight, TWriter>(
        IlgpuDevice device, in TileTask task, in TLeft left, in TRight right, in TWriter writer)
        where TLeft : struct, IElementReader
        where TRight : struct, IElementReader
        where TWriter : struct, IResultWriter
    {
        var plan = TilePlan.OfThreads(device.MostThreads, task.Results, task.Depth);
        using var scratch = device.Scratch<float>(plan.Parts == 1 ? 1 : (long)plan.Parts * task.Results);
        var sums = scratch.View;
        device.Launch(new ThinProductJob<TLeft, TRight, TWriter>
        {
            Count = plan.Parts * task.Results,
            Groups = task.Products,
            Lines = task.Lines,
            Columns = task.Columns,
            Parts = plan.Parts,
            Depth = task.Depth,
            PartDepth = plan.PartDepth,
            Left = left,
            Right = right,
            Writer = writer,
            Sums = sums,
        }, plan.Parts * task.Results);
        if (plan.Parts > 1)
        {
            AddParts(device, task, plan, sums, writer);
        }
    }

    private static void AddParts<TWriter>(IlgpuDevice device, in TileTask task, in TilePlan plan, ArrayView<float> sums, in TWriter writer)
        where TWriter : struct, IResultWriter => device.Launch(new PartsJob<TWriter>
        {
            Sums = sums,
            Batches = task.Batches,
            Count = task.Results,
            Parts = plan.Parts,
            Lines = task.Lines,
            Columns = task.Columns,
            Writer = writer,
        }, task.Results);

    private static void Launch<TLeft, TRight, TWriter>(
        IlgpuDevice device, in TileTask task, in TilePlan plan, in TLeft left, in TRight right, in TWriter writer)
        where TLeft : struct, ITileReader
        where TRight : struct, ITileReader
        where TWriter : struct, ITileWriter
    {
        switch (plan.Form)
        {
            case TileForm.Side128:
                Launch<Grid16, FourTiles, TLeft, TRight, TWriter>(device, task, plan, left, right, writer);
                break;
            case TileForm.Side64:
                Launch<Grid16, OneTile, TLeft, TRight, TWriter>(device, task, plan, left, right, writer);
                break;
            case TileForm.Side32:
                Launch<Grid8, OneTile, TLeft, TRight, TWriter>(device, task, plan, left, right, writer);
                break;
            default:
                Launch<Grid4, OneTile, TLeft, TRight, TWriter>(device, task, plan, left, right, writer);
                break;
        }
    }

    private static void Launch<TGrid, TTile, TLeft, TRight, TWriter>(
        IlgpuDevice device, in TileTask task, in TilePlan plan, in TLeft left, in TRight right, in TWriter writer)
        where TGrid : struct, IThreadGrid
        where TTile : struct, IMicroTile
        where TLeft : struct, ITileReader
        where TRight : struct, ITileReader
        where TWriter : struct, ITileWriter
    {
        int side = TileLoop<TGrid, TTile>.Side;
        int rows = BlockCount.Of(task.Lines, side), columns = BlockCount.Of(task.Columns, side);
        device.Launch(
            new TileJob<TGrid, TTile, TLeft, TRight, TWriter>
            {
                Batches = task.Batches,
                Rows = rows,
                Columns = columns,
                Parts = plan.Parts,
                Depth = task.Depth,
                PartDepth = plan.PartDepth,
                Left = left,
                Right = right,
                Writer = writer,
            },
            new KernelConfig(checked(task.Products * plan.Parts * rows * columns), TileLoop<TGrid, TTile>.GroupSize));
    }
}
