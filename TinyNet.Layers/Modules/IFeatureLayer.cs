namespace TinyNet.Layers;

/// <summary>
/// A layer of this library whose number of features is known, or the same at its output as at its input (null). It keeps no
/// tensor of a forward pass to itself.
/// </summary>
internal interface IFeatureLayer
{
    /// <summary>The axis along which its features lie.</summary>
    int FeatureAxis => -1;

    /// <summary>The number of features that it expects; null for any.</summary>
    int? InputFeatures => null;

    /// <summary>The number of features that it gives; null for that of the input.</summary>
    int? OutputFeatures => null;
}
