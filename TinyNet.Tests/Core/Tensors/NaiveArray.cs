namespace TinyNet.Tests.Core;

/// <summary>An array in row-major order, for the definition of views: every result is a copy, element by element.</summary>
internal sealed record NaiveArray(int[] Sizes, float[] Values)
{
    public static NaiveArray Iota(int[] sizes) => new(sizes, [.. Enumerable.Range(0, Count(sizes)).Select(i => (float)i)]);

    /// <summary>The array whose element at an index is that of this array at source(index).</summary>
    public NaiveArray Rearrange(int[] sizes, Func<int[], int[]> source)
    {
        var values = new float[Count(sizes)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = this[source(Index(sizes, i))];
        }

        return new NaiveArray(sizes, values);
    }

    public NaiveArray Reshape(int[] sizes) => new(sizes, Values);

    public float this[int[] index]
    {
        get
        {
            int at = 0;
            for (int axis = 0; axis < Sizes.Length; axis++)
            {
                at = at * Sizes[axis] + index[axis];
            }

            return Values[at];
        }
    }

    public static int Count(int[] sizes) => sizes.Aggregate(1, (product, size) => product * size);

    public static int[] Index(int[] sizes, int position)
    {
        var index = new int[sizes.Length];
        for (int axis = sizes.Length - 1; axis >= 0; position /= sizes[axis--])
        {
            index[axis] = position % sizes[axis];
        }

        return index;
    }
}
