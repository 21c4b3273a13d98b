namespace TinyNet.Layers;

/// <summary>
/// Puts a module and all below into evaluation mode, and each back into its own when it is disposed. What is in its mode already is not
/// written to.
/// </summary>
internal readonly struct EvaluationMode : IDisposable
{
    private readonly (Module Module, bool IsTraining)[] _modes;

    public EvaluationMode(Module model)
    {
        _modes = [.. model.NamedModules().Select(named => (named.Module, named.Module.IsTraining))];
        foreach (var (module, _) in _modes)
        {
            Set(module, isTraining: false);
        }
    }

    public void Dispose()
    {
        foreach (var (module, isTraining) in _modes)
        {
            Set(module, isTraining);
        }
    }

    private static void Set(Module module, bool isTraining)
    {
        if (module.IsTraining != isTraining)
        {
            module.SetMode(isTraining);
        }
    }
}
