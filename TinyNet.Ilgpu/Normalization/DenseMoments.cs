using TinyNet.Core;

namespace TinyNet.Ilgpu;

/// <summary>Means, deviations, weights and biases of channels as dense tensors, until all that uses them is in the queue.</summary>
internal readonly ref struct DenseMoments
{
    private readonly Tensor _means, _deviations, _denseMeans, _denseDeviations, _factor, _shift;
    private readonly Tensor? _weight, _bias;

    public DenseMoments(IlgpuDevice device, Tensor means, Tensor deviations, Tensor? weight, Tensor? bias)
    {
        (_means, _deviations, _weight, _bias) = (means, deviations, weight, bias);
        (_denseMeans, _denseDeviations) = (device.Dense(means), device.Dense(deviations));

        // A kernel wants some memory in every place.
        _factor = weight is null ? _denseMeans : device.Dense(weight);
        _shift = bias is null ? _denseMeans : device.Dense(bias);
    }

    /// <summary>As kernels see them.</summary>
    public ChannelMomentsView View(double epsilon, int channels) => new()
    {
        Sets = _deviations.Shape[1],
        Groups = _deviations.Shape[2],
        Channels = channels,
        MeanParts = _means.Shape[0],
        DeviationParts = _deviations.Shape[0],
        Epsilon = epsilon,
        Means = _denseMeans.Elements(),
        Deviations = _denseDeviations.Elements(),
        Weight = _factor.Elements(),
        Bias = _shift.Elements(),
        HasWeight = _weight is not null,
        HasBias = _bias is not null,
    };

    public void Dispose()
    {
        IlgpuDevice.GiveBack(_factor, _weight ?? _denseMeans);
        IlgpuDevice.GiveBack(_shift, _bias ?? _denseMeans);
        IlgpuDevice.GiveBack(_denseMeans, _means);
        IlgpuDevice.GiveBack(_denseDeviations, _deviations);
    }
}
