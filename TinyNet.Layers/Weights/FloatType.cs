namespace TinyNet.Layers;

/// <summary>
/// The types of numbers that are written to a file, as the format safetensors calls them. In memory all are F32; what a smaller type does
/// not hold becomes the nearest that it does, and of two as near the one that is even in its last bit, as PyTorch rounds.
/// </summary>
public enum FloatType
{
    /// <summary>32 bits: what tensors have in memory.</summary>
    F32,

    /// <summary>16 bits with 11 digits of a fraction: from 6·10⁻⁸ to 65504, to three decimal digits.</summary>
    F16,

    /// <summary>16 bits with 8 digits of a fraction: the range of F32, to two decimal digits.</summary>
    BF16,
}
