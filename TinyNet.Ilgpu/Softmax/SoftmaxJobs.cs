using ILGPU;
using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Softmax of dense rows, or its logarithm: a group a row.</summary>
internal struct SoftmaxJob : IGpuJob
{
    public int Count, Columns;
    public Flag Logarithm;
    public DenseRows X, Destination;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<double>(GroupTotal.MostThreads);
        for (int row = Grid.IdxX; Threads.Has(row, Count); row += Grid.DimX)
        {
            int from = X.Start(row), to = Destination.Start(row);
            var largest = new GpuDoubleLane(double.NegativeInfinity);
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                largest = GpuDoubleLane.Max(largest, new GpuDoubleLane((double)X.Memory[from + k]));
            }

            float top = (float)GroupTotal.Max(largest, shared).Value;

            // One of the largest, whose exponential is 1, is left out of the sum of a logarithm: beside it the others might be rounded
            // away.
            double sum = 0, zeros = 0;
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                float distance = GpuMath.Subtract(X.Memory[from + k], top);
                float power = GpuLane.Exp(new GpuLane(distance)).Value;
                zeros += distance == 0 ? 1.0 : 0.0;
                sum += distance == 0 ? 0 : power;
                Destination.Memory[to + k] = Logarithm ? distance : power;
            }

            sum = GroupTotal.Sum(sum, shared);
            double others = sum + (GroupTotal.Sum(zeros, shared) - 1);
            float logarithm = GpuLane.Log1p(new GpuLane((float)others)).Value, total = (float)(others + 1);
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                float value = Destination.Memory[to + k];
                Destination.Memory[to + k] = Logarithm ? GpuMath.Subtract(value, logarithm) : GpuMath.Divide(value, total);
            }
        }
    }
}

/// <summary>The gradient of <see cref="SoftmaxJob"/> from its output.</summary>
internal struct SoftmaxGradientJob : IGpuJob
{
    public int Count, Columns;
    public Flag Logarithm;
    public DenseRows Y, Gradient, XGradient;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<double>(GroupTotal.MostThreads);
        for (int row = Grid.IdxX; Threads.Has(row, Count); row += Grid.DimX)
        {
            int y = Y.Start(row), g = Gradient.Start(row), to = XGradient.Start(row);
            double sum = 0;
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                double gradient = Gradient.Memory[g + k];
                sum += Logarithm ? gradient : gradient * Y.Memory[y + k];
            }

            sum = GroupTotal.Sum(sum, shared);
            for (int k = Group.IdxX; Threads.Has(k, Columns); k += Group.DimX)
            {
                double gradient = Gradient.Memory[g + k];
                float value = Y.Memory[y + k];
                XGradient.Memory[to + k] = (float)(Logarithm
                    ? gradient - GpuLane.Exp(new GpuLane(value)).Value * sum
                    : value * (gradient - sum));
            }
        }
    }
}

/// <summary>The losses of samples, from the logarithms of their probabilities: a thread a sample.</summary>
internal struct LabelLossJob : IGpuJob
{
    public int Count;
    public DenseRows LogProbabilities;
    public ArrayView<int> Labels;
    public ArrayView<float> Losses;
    public int LossOffset, LossStep;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            Losses[LossOffset + i * LossStep] = -LogProbabilities.Memory[LogProbabilities.Start(i) + Labels[i]];
        }
    }
}

/// <summary>The gradient of <see cref="LabelLossJob"/> to the logits: g · (softmax − onehot).</summary>
internal struct LabelLossGradientJob : IGpuJob
{
    public int Count, Columns;
    public DenseRows LogProbabilities, LogitsGradient;
    public ArrayView<int> Labels;
    public ArrayView<float> Gradient;
    public int GradientOffset, GradientStep;

    public readonly void Run()
    {
        for (int i = Threads.Index; Threads.Has(i, Count); i += Threads.Count)
        {
            int row = i / Columns, column = i - row * Columns;
            var logarithm = new GpuLane(LogProbabilities.Memory[LogProbabilities.Start(row) + column]);

            // p − 1 is one number, as a difference would be rounded away where p is near 1.
            var share = column == Labels[row] ? GpuLane.Expm1(logarithm) : GpuLane.Exp(logarithm);
            LogitsGradient.Memory[LogitsGradient.Start(row) + column] =
                GpuMath.Multiply(share.Value, Gradient[GradientOffset + row * GradientStep]);
        }
    }
}
