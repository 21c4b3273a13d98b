namespace TinyNet.Core;

/// <summary>What stands in the margin that padding adds.</summary>
public enum PaddingMode
{
    /// <summary>A constant.</summary>
    Constant,

    /// <summary>The elements mirrored at the edge, which is not repeated.</summary>
    Reflect,

    /// <summary>The element at the edge.</summary>
    Replicate,
}
