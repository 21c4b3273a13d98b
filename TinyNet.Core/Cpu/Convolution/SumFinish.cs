namespace TinyNet.Core;

/// <summary>
/// What becomes of the sums of a convolution: they start from a bias, are normalized by factors [3, channels], and f is applied.
/// </summary>
/// <param name="bias">The bias of every channel of the result, or null.</param>
/// <param name="factors">The means, scales and shifts of every channel of the result, or null.</param>
/// <param name="map">f.</param>
internal readonly unsafe struct SumFinish<TMap>(float* bias, float* factors, TMap map) where TMap : struct, IUnaryMap
{
    public float* Bias => bias;

    public float* Factors => factors;

    public TMap Map => map;
}
