namespace TinyNet.Core;

public abstract partial class Device
{
    /// <summary>
    /// y = (x − μ) / √(σ² + ε) · weight + bias for every row of x, a row being the elements of x in row-major order that share a
    /// scale. Without means μ is 0, which makes σ² the mean square (RMS norm).
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="weight">As many elements as a row has; null for 1.</param>
    /// <param name="bias">As many elements as a row has; null for 0.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="means">Receives μ of every row, dense; null for no centring.</param>
    /// <param name="scales">Receives 1 / √(σ² + ε) of every row, dense.</param>
    /// <param name="destination">The shape of x.</param>
    protected internal abstract void LayerNorm(Tensor x, Tensor? weight, Tensor? bias, double epsilon, Tensor? means, Tensor scales, Tensor destination);

    /// <summary>
    /// The gradients of <see cref="LayerNorm"/>, those that are asked for. With n = (x − μ) · scale and h = g · weight: to x
    /// scale · (h − mean h − n · mean(h n)), without the first mean where there is no centring; to the weight Σ g n and to the
    /// bias Σ g over the rows.
    /// </summary>
    protected internal abstract void LayerNormGradient(Tensor x, Tensor? weight, Tensor? means, Tensor scales, Tensor gradient, Tensor? toX, Tensor? toWeight, Tensor? toBias);
}
