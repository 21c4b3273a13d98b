namespace TinyNet.Data;

/// <summary>
/// Objects that one reader at a time works with: as many are made as there were readers at once, and then used again. They belong to a
/// dataset and not to a thread, so that a dataset that reads another one of its kind gets another one.
/// </summary>
internal sealed class ReaderPool<T>(Func<T> make) where T : class
{
    private readonly Stack<T> _free = new();

    public T Rent()
    {
        lock (_free)
        {
            if (_free.TryPop(out var free))
            {
                return free;
            }
        }

        return make();
    }

    public void Return(T rented)
    {
        lock (_free)
        {
            _free.Push(rented);
        }
    }
}
