using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Layer norm and RMS norm: a group a row, with means and scales in double precision.</summary>
internal static class GpuLayerNorm
{
    public static void Run(
        IlgpuDevice device, Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination)
    {
        if (x.Length == 0)
        {
            return;
        }

        using var alive = KeepAlive.Of(x, weight, bias, means, scales);
        var to = destination.IsContiguous ? destination : device.DenseLike(destination);
        Tensor from = device.Dense(x), factor = device.Dense(weight ?? scales), shift = device.Dense(bias ?? scales);
        int rows = scales.Length, columns = x.Length / rows;
        device.LaunchRows(new LayerNormJob
        {
            Rows = rows,
            Columns = columns,
            Epsilon = epsilon,
            X = from.Elements(),
            Destination = to.Elements(),
            Weight = factor.Elements(),
            Bias = shift.Elements(),
            Means = (means ?? scales).Elements(),
            Scales = scales.Elements(),
            IsCentered = means is not null,
            HasWeight = weight is not null,
            HasBias = bias is not null,
        }, rows, columns);
        if (to != destination)
        {
            device.Copy(to, destination);
        }

        IlgpuDevice.GiveBack(to, destination);
        IlgpuDevice.GiveBack(from, x);
        IlgpuDevice.GiveBack(factor, weight ?? scales);
        IlgpuDevice.GiveBack(shift, bias ?? scales);
    }

    public static void RunGradient(
        IlgpuDevice device, Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient,
        Tensor? xGradient, Tensor? weightGradient, Tensor? biasGradient)
    {
        if (x.Length == 0)
        {
            device.Clear(weightGradient);
            device.Clear(biasGradient);
            return;
        }

        using var alive = KeepAlive.Of(x, weight, means, scales, gradient);
        using var aliveToo = KeepAlive.Of(xGradient, weightGradient, biasGradient);
        int rows = scales.Length, columns = x.Length / rows;
        var given = device.Dense(gradient);
        var to = xGradient is null || xGradient.IsContiguous ? xGradient : device.DenseLike(xGradient);
        var products = weightGradient is null ? null : device.DenseLike(x);
        if (xGradient is not null || products is not null)
        {
            Tensor from = device.Dense(x), factor = device.Dense(weight ?? scales);
            device.LaunchRows(new LayerNormGradientJob
            {
                Rows = rows,
                Columns = columns,
                X = from.Elements(),
                Gradient = given.Elements(),
                XGradient = (to ?? given).Elements(),
                Products = (products ?? given).Elements(),
                Weight = factor.Elements(),
                Means = (means ?? scales).Elements(),
                Scales = scales.Elements(),
                IsCentered = means is not null,
                HasWeight = weight is not null,
                HasXGradient = xGradient is not null,
                HasProducts = products is not null,
            }, rows, columns);
            IlgpuDevice.GiveBack(from, x);
            IlgpuDevice.GiveBack(factor, weight ?? scales);
        }

        if (to != xGradient)
        {
            device.Copy(to!, xGradient!);
        }

        SumRows(device, products, rows, columns, weightGradient);
        SumRows(device, given, rows, columns, biasGradient);
        IlgpuDevice.GiveBack(to, xGradient);
        IlgpuDevice.GiveBack(products, null);
        IlgpuDevice.GiveBack(given, gradient);
    }

    private static void SumRows(IlgpuDevice device, Tensor? rows, int count, int columns, Tensor? destination)
    {
        if (destination is not null)
        {
            var sum = destination.IsContiguous ? destination : device.DenseLike(destination);
            device.Reduce(new SumReduction(), device.InShape(rows!, [count, columns]), device.InShape(sum, [1, columns]));
            if (sum != destination)
            {
                device.Copy(sum, destination);
            }

            IlgpuDevice.GiveBack(sum, destination);
        }
    }
}
