namespace TinyNet.Core;

/// <summary>Work in units, written once over the vectors of a width: those of the register tiles, and the lane of the same width.</summary>
internal interface IVectorJob
{
    /// <summary>Does one unit.</summary>
    void Run<TOps, TVector, TLane>(int unit)
        where TOps : struct, IProductVector<TVector>
        where TVector : struct
        where TLane : struct, IFloatLane<TLane>;
}

/// <summary>Work in units, written once over the lane type.</summary>
internal interface ILaneJob
{
    /// <summary>Does one unit.</summary>
    void Run<TLane>(int unit) where TLane : struct, IVectorLane<TLane>;
}

/// <summary>A loop over elements, written once over the lane type.</summary>
internal interface ILaneLoop
{
    /// <summary>Does the elements from one to another, exclusive, which are whole lanes.</summary>
    void Run<TLane>(int start, int end) where TLane : struct, IFloatLane<TLane>;
}
