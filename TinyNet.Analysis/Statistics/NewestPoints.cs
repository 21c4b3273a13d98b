namespace TinyNet.Analysis;

/// <summary>The newest of what happened, as far as findings look back.</summary>
/// <typeparam name="T">What is kept.</typeparam>
internal sealed class NewestPoints<T>
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 32;

    private readonly List<T> _points = [];

    public IReadOnlyList<T> Points => _points;

    public void Add(T point)
    {
        if (_points.Count == Capacity)
        {
            _points.RemoveAt(0);
        }

        _points.Add(point);
    }
}
