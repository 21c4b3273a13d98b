namespace TinyNet.Core;

/// <summary>Runs the weight gradient of a convolution: partial sums over pixels, then the sum of those.</summary>
internal static unsafe class WeightGradients
{
    private const string Name = "Convolution";

    /// <summary>Sums the products of source and gradient.</summary>
    public static void RunDirect(
        CpuSettings cpu, Tensor x, Tensor gradient, in TapWeights weights, in TapPlan sweep, int threads, Tensor result)
    {
        ImageBatch source = ImageBatch.Of(x), gradients = ImageBatch.Of(gradient);
        var plan = WeightGradientPlan.Of(source, sweep, weights, result.Length);
        int sums = plan.Blocks * plan.Sums;
        var partials = sums == 1 ? result : Tensor.Result(Name, [sums, result.Length], result.Device);
        using var alive = KeepAlive.Of(x, gradient, partials);
        if (weights.IsDepthwise)
        {
            var job = new DepthwiseGradientJob(source, gradients, sweep, plan, partials.Pointer(), result.Length);
            cpu.RunLanes(plan.Blocks, job, threads);
        }
        else
        {
            var job = new WeightGradientJob(source, gradients, weights, sweep, plan, partials.Pointer(), result.Length);
            cpu.RunVectors(plan.Blocks * plan.Cuts, job, threads);
        }

        if (sums > 1)
        {
            result.Layout.TryReshape([1, result.Length], out var row);
            CpuReductions.Run(cpu, new SumReduction(), partials, result.View(row, result.Origin));
            partials.Release();
        }
    }

    /// <summary>Sums the products of transformed source and gradient, and transforms them to taps.</summary>
    public static void RunWinograd(
        CpuSettings cpu, Tensor x, Tensor gradient, in TapWeights weights, in TapPlan sweep, int threads, Tensor result)
    {
        using var alive = KeepAlive.Of(x, gradient, result);
        var plan = WinogradPlan.ForSums(sweep, weights, x.Shape.Sizes[0]);
        int length = WinogradGradientJob.PartialLength(plan), units = plan.PartialSums(length);
        using var partials = new Scratch<float>(result.Device, (long)units * length, Name);
        var job = new WinogradGradientJob(ImageBatch.Of(x), ImageBatch.Of(gradient), plan, units, partials.Pointer);
        cpu.RunVectors(units, job, threads);
        var finish = new WinogradFilterGradientJob(
            partials.Pointer, units, length, plan.FilterStride, weights.SourceChannels, weights.ResultChannels, result.Pointer());
        cpu.RunLanes(weights.SourceChannels, finish, cpu.ThreadsFor((long)units * length));
    }
}
