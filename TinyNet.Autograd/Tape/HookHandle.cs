namespace TinyNet.Autograd;

/// <summary>A hook that was added; disposing it removes the hook.</summary>
public sealed class HookHandle : IDisposable
{
    private Action? _remove;

    private HookHandle(Action remove) => _remove = remove;

    /// <summary>Removes the hook; a second time nothing happens.</summary>
    public void Dispose()
    {
        _remove?.Invoke();
        _remove = null;
    }

    internal static HookHandle Add<T>(List<T> hooks, T hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        hooks.Add(hook);
        return new HookHandle(() => hooks.Remove(hook));
    }
}
