namespace TinyNet.Core;

/// <summary>The numbers of one sample in one step.</summary>
internal unsafe struct RecurrentRow
{
    public float* Gates, StateSum, StateBefore, StateAfter, CellBefore, CellAfter;
    public float* ResultGradient, StateGradient, CellGradient;
    public int Size;

    /// <summary>Goes on to the next sample, whose gates are so many numbers further.</summary>
    public void NextSample(int width)
    {
        Gates += width;
        StateSum += width;
        StateBefore += Size;
        StateAfter += Size;
        CellBefore += Size;
        CellAfter += Size;
        ResultGradient += Size;
        StateGradient += Size;
        CellGradient += Size;
    }
}
