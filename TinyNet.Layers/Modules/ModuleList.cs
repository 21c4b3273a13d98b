using System.Collections;

namespace TinyNet.Layers;

/// <summary>Modules in a list, registered under their places 0, 1, 2, …, for a module that calls them in its own way.</summary>
/// <typeparam name="TModule">The kind of modules.</typeparam>
public sealed class ModuleList<TModule> : Module, IReadOnlyList<TModule> where TModule : Module
{
    private readonly List<TModule> _modules = [];

    /// <summary>Makes a list.</summary>
    public ModuleList(params ReadOnlySpan<TModule> modules)
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Count;

    /// <summary>A module by its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public TModule this[int index] => (uint)index < (uint)Count
        ? _modules[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"the list has {Count} modules, from 0 on");

    /// <summary>Appends a module.</summary>
    public void Add(TModule module) => _modules.Add(Child($"{Count}", module));

    /// <inheritdoc/>
    public IEnumerator<TModule> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
