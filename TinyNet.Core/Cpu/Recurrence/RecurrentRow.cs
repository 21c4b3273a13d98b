namespace TinyNet.Core;

/// <summary>The numbers of one sample in one step.</summary>
internal unsafe struct RecurrentRow
{
    public float* Gates, Hidden, StateBefore, StateAfter, MemoryBefore, MemoryAfter;
    public float* Given, StateGradient, MemoryGradient;
    public int Size;

    /// <summary>Goes on to the next sample, whose gates are so many numbers further.</summary>
    public void NextSample(int width)
    {
        Gates += width;
        Hidden += width;
        StateBefore += Size;
        StateAfter += Size;
        MemoryBefore += Size;
        MemoryAfter += Size;
        Given += Size;
        StateGradient += Size;
        MemoryGradient += Size;
    }
}
