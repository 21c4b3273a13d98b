namespace TinyNet.Core;

/// <summary>Convolution and its gradients.</summary>
internal static unsafe class CpuConvolution
{
    private const string Name = "Convolution";

    /// <summary>f of the normalized sums of windows times the weight.</summary>
    public static void Run<TMap>(
        CpuSettings cpu,
        PreparedWeights prepared,
        Tensor x,
        Tensor weight,
        Tensor? bias,
        in Window window,
        int groups,
        Tensor? factors,
        TMap map,
        Tensor destination)
        where TMap : struct, IUnaryMap
    {
        if (factors is not null && CpuChannelNormalization.HasRoots(factors))
        {
            Run(cpu, prepared, x, weight, bias, window, groups, null, default(IdentityOp), destination);
            CpuChannelNormalization.Normalize(cpu, destination, factors, map, destination);
            return;
        }

        Tensor dense = weight.ToDense(cpu), result = destination.ImageStandIn();
        Tensor? terms = bias?.ToDense(cpu), denseFactors = factors?.ToDense(cpu);
        using var alive = KeepAlive.Of(dense, terms, denseFactors);
        using var sweeps = new Scratch<TapPlan>(x.Device, 1, Name);
        var sizes = destination.Shape.Sizes;
        var weights = TapWeights.Forward(dense, groups);
        *sweeps.Pointer = TapPlan.Of(TapAxis.Forward(window.Height, sizes[2]), TapAxis.Forward(window.Width, sizes[3]), weights);
        var finish = new SumFinish<TMap>(terms.PointerOrNull(), denseFactors.PointerOrNull(), map);
        ConvolutionSweeps.Run(cpu, prepared, x, dense, weights, sweeps.Pointer, 1, finish, result);
        result.DeliverTo(destination, cpu);
    }

    /// <summary>The gradient to the input, also the transposed convolution: a sweep for each remainder of the stride.</summary>
    public static void RunInputGradient(
        CpuSettings cpu,
        PreparedWeights prepared,
        Tensor gradient,
        Tensor weight,
        Tensor? bias,
        in Window window,
        int groups,
        Tensor destination)
    {
        Tensor dense = weight.ToDense(cpu), result = destination.ImageStandIn();
        var terms = bias?.ToDense(cpu);
        int height = destination.Shape.Sizes[2], width = destination.Shape.Sizes[3];
        // Remainders beyond the image have no elements.
        int down = Math.Min(window.Height.Stride, height), across = Math.Min(window.Width.Stride, width), count = checked(down * across);
        using var alive = KeepAlive.Of(dense, terms);
        using var sweeps = new Scratch<TapPlan>(gradient.Device, count, Name);
        var weights = TapWeights.Backward(dense, groups);
        for (int i = 0; i < count; i++)
        {
            var (row, column) = Math.DivRem(i, across);
            var vertical = TapAxis.Backward(window.Height, row, height);
            sweeps.Pointer[i] = TapPlan.Of(vertical, TapAxis.Backward(window.Width, column, width), weights);
        }

        var finish = new SumFinish<IdentityOp>(terms.PointerOrNull(), null, default);
        ConvolutionSweeps.Run(cpu, prepared, gradient, null, weights, sweeps.Pointer, count, finish, result);
        result.DeliverTo(destination, cpu);
    }

    /// <summary>The gradient to the weight.</summary>
    public static void RunWeightGradient(
        CpuSettings cpu, Tensor x, Tensor gradient, in Window window, int groups, Tensor destination)
    {
        if (x.Length == 0 || gradient.Length == 0)
        {
            CpuMaps.Fill(cpu, destination, 0);
            return;
        }

        Tensor result = destination.DenseStandIn(), gradients = gradient.ToChannelsLast(cpu);
        var sizes = gradient.Shape.Sizes;
        var weights = TapWeights.Forward(result, groups);
        var sweep = TapPlan.Of(TapAxis.Forward(window.Height, sizes[2]), TapAxis.Forward(window.Width, sizes[3]), weights);
        int threads = cpu.ThreadsForProducts((double)gradient.Length * sweep.Depth);
        if (WinogradPlan.Pays(sweep, weights, sizes[0]))
        {
            WeightGradients.RunWinograd(cpu, x.ToChannelsLast(cpu), gradients, weights, sweep, threads, result);
        }
        else
        {
            WeightGradients.RunDirect(cpu, x, gradients, weights, sweep, threads, result);
        }

        result.DeliverTo(destination, cpu);
    }
}
