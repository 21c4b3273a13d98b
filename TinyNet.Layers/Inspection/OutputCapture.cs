using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Keeps a copy of what a module gave in its last forward pass that ended well, until it is disposed.</summary>
public sealed class OutputCapture : IDisposable
{
    private readonly Dictionary<string, Tensor> _outputs = [];
    private readonly HookHandle _output, _end;
    private readonly string _path;

    internal OutputCapture(string path, Module module)
    {
        _path = path;
        _output = module.OnOutput((_, name, output) => _outputs[name] = output.Keep());
        // Right before the outputs of a pass are shown: it may give fewer than the one before.
        _end = module.OwnHooks().End.Add(_outputs.Clear);
    }

    /// <summary>The last output of a module that gives one tensor.</summary>
    /// <exception cref="InvalidOperationException">The module has not run, gives several tensors, or indices only.</exception>
    public Tensor Output => _outputs.TryGetValue("", out var output) ? output : throw new InvalidOperationException(_outputs.Count == 0
        ? $"module '{_path}' has not run yet, or gave no tensor; call the model's Forward first"
        : $"module '{_path}' gives several tensors; take one of Outputs: {string.Join(", ", _outputs.Keys)}");

    /// <summary>The last outputs by their names; that of a module which gives one tensor is named "".</summary>
    public IReadOnlyDictionary<string, Tensor> Outputs => _outputs;

    /// <summary>Stops watching. What was captured stays.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _end.Dispose();
    }
}
