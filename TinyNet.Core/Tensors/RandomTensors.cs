namespace TinyNet.Core;

/// <summary>Tensors of random numbers, made by their stream.</summary>
public static class RandomTensors
{
    extension(RandomStream random)
    {
        /// <summary>Uniform random numbers in [low, high): <see cref="Tensor.Uniform"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">low is above high, or a bound or their distance is not finite.</exception>
        public Tensor Uniform(Shape shape, float low = 0, float high = 1, Device? device = null) =>
            Tensor.Uniform(shape, random, low, high, device);

        /// <summary>Normally distributed random numbers: <see cref="Tensor.Normal"/>.</summary>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The mean is not finite, or the standard deviation negative, not finite, or so large that numbers drawn would not be finite.
        /// </exception>
        public Tensor Normal(Shape shape, float mean = 0, float standardDeviation = 1, Device? device = null) =>
            Tensor.Normal(shape, random, mean, standardDeviation, device);
    }
}
