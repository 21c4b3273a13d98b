using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>What a thread needs to transform one image: a stream of random numbers, and memory.</summary>
internal sealed class TransformScratch
{
    private float[] _memory = [];

    /// <summary>The stream, which is started anew for each transform of each image.</summary>
    public RandomStream Random { get; } = new(0);

    /// <summary>Memory for so many numbers, with anything in it; the same each time.</summary>
    public Span<float> Take(int length)
    {
        if (_memory.Length < length)
        {
            _memory = Allocation.OnHost<float>([length], "a transform");
        }

        return _memory.AsSpan(0, length);
    }
}
