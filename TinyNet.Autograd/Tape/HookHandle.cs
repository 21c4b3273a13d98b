namespace TinyNet.Autograd;

/// <summary>A hook that was added; disposing it removes the hook.</summary>
public sealed class HookHandle : IDisposable
{
    private Action? _remove;

    internal HookHandle(Action remove) => _remove = remove;

    /// <summary>Removes the hook; a second time nothing happens.</summary>
    public void Dispose()
    {
        _remove?.Invoke();
        _remove = null;
    }
}

/// <summary>How many hooks several lists have together: one question where there are none.</summary>
internal sealed class HookCount
{
    public int Value { get; set; }
}

/// <summary>Hooks in the order they were added. Changes make a new array, so that a hook may add and remove hooks while they run.</summary>
/// <param name="count">Counts the hooks of this list with those of others; null where nobody asks.</param>
internal sealed class HookList<T>(HookCount? count = null) where T : Delegate
{
    /// <summary>The hooks at this moment.</summary>
    public T[] Hooks { get; private set; } = [];

    public bool Any => Hooks.Length > 0;

    public HookHandle Add(T hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        Hooks = [.. Hooks, hook];
        Count(1);
        return new HookHandle(() => Remove(hook));
    }

    private void Remove(T hook)
    {
        int index = Array.IndexOf(Hooks, hook);
        Hooks = [.. Hooks[..index], .. Hooks[(index + 1)..]];
        Count(-1);
    }

    private void Count(int change)
    {
        if (count is not null)
        {
            count.Value += change;
        }
    }
}
