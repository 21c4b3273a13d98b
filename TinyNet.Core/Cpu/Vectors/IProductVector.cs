namespace TinyNet.Core;

/// <summary>What register tiles (of products, convolutions, attention) need of a vector type; one implementation for each width.</summary>
/// <remarks>
/// It stands beside the lanes and is not one of them: kernels written over a lane, a struct around the vector, lose the broadcast that
/// a fused multiply-add takes straight from memory, as the JIT does not see it through the struct. Tiles one vector wide were 20 to
/// 40 % slower.
/// </remarks>
internal unsafe interface IProductVector<TVector> where TVector : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a register tile two vectors wide: 8 where there are 32 registers, else 4.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(float* source);

    static abstract TVector Broadcast(float* source);

    static abstract void Store(float* target, TVector value);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The sum of all elements, half to half, in an order fixed for each width.</summary>
    static abstract float Sum(TVector value);

    /// <summary>a · b + c as if rounded once, on every processor: what two roundings leave of products that cancel is not enough.</summary>
    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>A mask of the first <paramref name="count"/> (1 to Count) elements.</summary>
    static abstract TVector FirstElements(int count);

    /// <summary>Reads the elements in the mask, touching no memory outside it; the others become 0.</summary>
    static abstract TVector LoadMasked(float* source, TVector mask);

    /// <summary>Writes the elements in the mask and no others.</summary>
    static abstract void StoreMasked(float* target, TVector mask, TVector value);
}
