using System.Collections;

namespace TinyNet.Analysis;

/// <summary>
/// What happened over time, in bounded memory: when it is full, every second entry goes, and from then on only as many new ones are kept.
/// The first one and the newest are always there.
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
internal sealed class DecimatedHistory<T>(int capacity) : IReadOnlyList<T>
{
    private readonly List<T> _kept = new(Math.Min(capacity, 16));
    private long _added, _stride = 1;
    private T? _newest;
    private bool _isNewestKept = true;

    public int Count => _kept.Count + (_isNewestKept ? 0 : 1);

    public T this[int index] => index == _kept.Count && !_isNewestKept ? _newest! : _kept[index];

    public void Add(T item)
    {
        _isNewestKept = _added % _stride == 0;
        _newest = item;
        _added++;
        if (!_isNewestKept)
        {
            return;
        }

        _kept.Add(item);
        if (_kept.Count > capacity)
        {
            int next = 0;
            for (int i = 0; i < _kept.Count; i += 2)
            {
                _kept[next++] = _kept[i];
            }

            _isNewestKept = _kept.Count % 2 == 1;
            _kept.RemoveRange(next, _kept.Count - next);
            _stride *= 2;
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
