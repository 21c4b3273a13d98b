using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>What records of tensors share.</summary>
internal static class TensorRecords
{
    /// <summary>Refuses a record without its tensors, as <c>default</c> is.</summary>
    public static void EnsureThere(string module, params ReadOnlySpan<(string Name, Tensor? Tensor)> tensors)
    {
        foreach (var (name, tensor) in tensors)
        {
            if (tensor is null)
            {
                throw new ArgumentNullException(name, $"{module} was given none");
            }
        }
    }
}
