using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Random masks.</summary>
public static class Dropping
{
    extension(Tensor x)
    {
        /// <summary>Each element 0 with probability p, else scaled by 1 / (1 − p).</summary>
        /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
        public Tensor Dropout(float probability, RandomStream random)
        {
            Operation.Check("Dropout", x);
            ArgumentNullException.ThrowIfNull(random);
            if (probability is not (>= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(probability), probability, "a probability is in [0, 1]");
            }

            var mask = Tensor.Result("Dropout", x.Shape, x.Device);
            x.Device.FillUniform(mask, random.Reserve(mask.Length), 0, 1);
            x.Device.Map(new DropMap(probability), mask, mask);
            return x * mask;
        }
    }

    /// <summary>0 for a uniform number below p, else 1 / (1 − p).</summary>
    private readonly struct DropMap(double probability) : IUnaryMap
    {
        public T Apply<T>(T a) where T : struct, ILane<T> =>
            T.Select(a < T.Const(probability), T.Zero, T.Const(probability < 1 ? 1 / (1 - probability) : 0));
    }
}
