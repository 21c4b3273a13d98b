namespace TinyNet.Core;

/// <summary>Doubles in the managed heap.</summary>
internal sealed class ReferenceStorage(ReferenceDevice device, int capacity) : Storage(device, capacity)
{
    public double[] Values { get; } = new double[capacity];

    protected internal override void Poison() => Values.AsSpan().Fill(double.NaN);
}
