using System.Text;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A part of a model: it holds parameters, buffers (tensors that are saved but not learned) and child modules, all with
/// names. The dotted path from the model down names each of them: <c>features.0.weight</c>.
/// </summary>
public abstract partial class Module
{
    // A forward pass calls one inside the other, and so do all walks; this many fit on a small stack.
    private const int MostLevels = 256;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<(string Name, Parameter Parameter)> _parameters = [];
    private readonly Dictionary<Parameter, int[]> _fileAxes = [];
    private readonly List<(string Name, Tensor Buffer)> _buffers = [];
    private readonly List<(string Name, Module Module)> _children = [];

    // Those children that were in no module before: their paths go through this one.
    private readonly List<(string Name, Module Module)> _ownChildren = [];

    // The longest way from a model down to here.
    private int _level;
    private bool _isChild, _hasSeveralPaths;
    private bool _isTraining = true;

    /// <summary>
    /// The dotted path to this module from the model that it was first put into; empty for a model itself. From another model that holds
    /// it too, it has the name that <see cref="NamedModules"/> of that gives.
    /// </summary>
    public string Path { get; private set; } = "";

    /// <summary>Whether the module is being trained: dropout drops, running statistics run.</summary>
    public bool IsTraining
    {
        get
        {
            if (_isTraining)
            {
                RegistrationCheck.EnsureMayTrain(this);
            }

            return _isTraining;
        }
    }

    /// <summary>The number of learned numbers, in this module and below.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Length);

    /// <summary>The number of those that are not frozen.</summary>
    public long TrainableParameterCount => Parameters().Sum(parameter => parameter.IsFrozen ? 0L : parameter.Length);

    /// <summary>
    /// The stream that the module itself draws random numbers from in its forward pass, if it does: the gradient check sets it
    /// back, so that every pass draws the same.
    /// </summary>
    protected internal virtual RandomStream? Random => null;

    /// <summary>
    /// All parameters of this module and those below, each once: its own first, then its children's in order of registration.
    /// </summary>
    /// <remarks>
    /// An optimizer that is made of the list saves its state by the names of <see cref="NamedParameters"/>. What is filtered or copied from
    /// the list (<c>Where</c>, <c>ToArray</c>, <c>[.. a, .. b]</c>) has lost them: filter <see cref="NamedParameters"/> then, and give that
    /// to <see cref="ParameterGroup"/>.
    /// </remarks>
    public IReadOnlyList<Parameter> Parameters() => Parts().Parameters;

    /// <summary>The same with their names, dotted from this module on.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> NamedParameters()
    {
        var seen = new HashSet<Parameter>();
        foreach (var (path, module) in NamedModules())
        {
            foreach (var (name, parameter) in module._parameters)
            {
                if (seen.Add(parameter))
                {
                    yield return (Join(path, name), parameter);
                }
            }
        }
    }

    /// <summary>All buffers with their names, dotted from this module on.</summary>
    public IEnumerable<(string Name, Tensor Buffer)> NamedBuffers()
    {
        foreach (var (path, module) in NamedModules())
        {
            foreach (var (name, buffer) in module._buffers)
            {
                yield return (Join(path, name), buffer);
            }
        }
    }

    /// <summary>This module, with an empty name, and all below with their dotted names, each once.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules()
    {
        var seen = new HashSet<Module>();
        var ahead = new Stack<(string Name, Module Module)>([("", this)]);
        while (ahead.TryPop(out var next))
        {
            if (!seen.Add(next.Module))
            {
                continue;
            }

            yield return next;
            var children = next.Module._children;
            for (int i = children.Count - 1; i >= 0; i--)
            {
                ahead.Push((Join(next.Name, children[i].Name), children[i].Module));
            }
        }
    }

    /// <summary>The direct children with their names.</summary>
    public IEnumerable<(string Name, Module Module)> Children() => _children;

    /// <summary>Switches this module and all below to training, or to evaluation.</summary>
    public void Train(bool training = true)
    {
        foreach (var (_, module) in NamedModules())
        {
            module._isTraining = training;
        }
    }

    /// <summary>Switches this module alone.</summary>
    internal void SetMode(bool training) => _isTraining = training;

    /// <summary>Switches this module and all below to evaluation.</summary>
    public void Evaluate() => Train(training: false);

    /// <summary>Freezes all parameters of this module and below: they get no gradient and are not updated. With false they thaw.</summary>
    public void Freeze(bool frozen = true)
    {
        foreach (var parameter in Parameters())
        {
            parameter.IsFrozen = frozen;
        }
    }

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ClearGradients()
    {
        foreach (var parameter in Parts().Parameters)
        {
            parameter.ClearGradient();
        }
    }

    /// <summary>
    /// Moves all parameters, with their gradients, and all buffers to a device. The objects stay the same; optimizer state follows
    /// at the next step.
    /// </summary>
    public void To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        foreach (var parameter in Parameters())
        {
            parameter.MoveTo(device);
        }

        foreach (var (_, buffer) in NamedBuffers())
        {
            buffer.Rebind(buffer.Keep(device).Storage);
        }
    }

    /// <summary>The type, with what matters of its configuration, in one line.</summary>
    public virtual string Describe() => GetType().Name;

    /// <summary>
    /// The model as a tree: what it is, and below it a line for each module, indented, with its name and what it is (<see
    /// cref="Describe"/>), and whether its parameters, or some of them, are frozen. What is in several places is shown at the first.
    /// </summary>
    public sealed override string ToString()
    {
        var tree = new StringBuilder(Title).Append(FrozenPart(ParameterCount, TrainableParameterCount));
        foreach (var (path, module) in NamedModules().Skip(1))
        {
            int depth = path.Count(character => character == '.') + 1;
            tree.Append('\n').Append(' ', 2 * depth).Append(path.AsSpan(path.LastIndexOf('.') + 1)).Append(": ").Append(module.Title)
                .Append(FrozenPart(module.ParameterCount, module.TrainableParameterCount));
        }

        return tree.ToString();
    }

    /// <summary>What to say of a module some or all of whose parameters are frozen; nothing of another.</summary>
    internal static string FrozenPart(long parameters, long trainable) => trainable == parameters ? ""
        : trainable == 0 ? " (frozen)"
        : FormattableString.Invariant($" ({trainable:N0} of {parameters:N0} parameters trainable)");

    /// <summary>What a tree, which has a line for each child, says of the module itself.</summary>
    private protected virtual string Title => Describe();

    /// <summary>Registers a child module.</summary>
    /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
    /// <exception cref="ArgumentException">The module holds this one, or would be nested more than 256 levels deep.</exception>
    protected TModule Child<TModule>(string name, TModule module) where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        EnsureFree(name);

        // What belongs to nobody is part of nothing but itself.
        if (module == this || (_level > 0 && module.NamedModules().Any(below => below.Module == this)))
        {
            throw new ArgumentException(
                $"'{name}' would make {GetType().Name} a part of itself; a module cannot hold itself or what holds it",
                nameof(module));
        }

        int levels = _level + 1 + module.LevelsBelow;
        if (levels > MostLevels)
        {
            throw new ArgumentException(
                $"'{name}' would make {levels} levels of modules inside each other, there can be {MostLevels}; put them side by side",
                nameof(module));
        }

        Claim(name);
        _children.Add((name, module));
        module.Lower(_level + 1);
        if (!module._isChild)
        {
            module._isChild = true;
            _ownChildren.Add((name, module));
            module.Place(Join(Path, name));
            if (_hasSeveralPaths)
            {
                module.NoteSeveralPaths();
            }
        }
        else
        {
            module.NoteSeveralPaths();
        }

        return module;
    }

    /// <summary>Registers a learned parameter, initially a copy of a tensor.</summary>
    /// <param name="name">The name.</param>
    /// <param name="initial">What it is at first.</param>
    /// <param name="fileAxes">
    /// The order of the axes in files, where it is another one: axis k of the file is axis fileAxes[k] here. So a dense layer's weight
    /// [in, out] is PyTorch's [out, in] there, by <c>[1, 0]</c>.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
    /// <exception cref="ShapeException">The order does not name every axis once.</exception>
    protected Parameter AddParameter(string name, Tensor initial, ReadOnlySpan<int> fileAxes = default)
    {
        EnsureFree(name);
        var parameter = new Parameter(initial, Join(Path, name)) { HasSeveralNames = _hasSeveralPaths };
        if (fileAxes.Length > 0)
        {
            parameter.Layout.Permute(fileAxes);
            _fileAxes[parameter] = fileAxes.ToArray();
        }

        Claim(name);
        _parameters.Add((name, parameter));
        return parameter;
    }

    /// <summary>Registers a learned number: a parameter of shape [1].</summary>
    /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
    protected Parameter AddParameter(string name, float initial) => AddParameter(name, Tensor.From([initial]));

    /// <summary>Registers a buffer, initially a copy of a tensor: it is saved and moved with the module, but not learned.</summary>
    /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
    protected Tensor AddBuffer(string name, Tensor initial)
    {
        ArgumentNullException.ThrowIfNull(initial);
        EnsureFree(name);
        var buffer = initial.Keep();
        Claim(name);
        _buffers.Add((name, buffer));
        return buffer;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    private int LevelsBelow
    {
        get
        {
            int levels = 0;
            foreach (var (_, child) in _children)
            {
                levels = Math.Max(levels, 1 + child.LevelsBelow);
            }

            return levels;
        }
    }

    /// <summary>Notes how deep in a model this module is.</summary>
    private void Lower(int level)
    {
        _level = Math.Max(_level, level);
        foreach (var (_, child) in _children)
        {
            child.Lower(level + 1);
        }
    }

    /// <summary>Notes where in the first model that holds it this module is.</summary>
    private void Place(string path)
    {
        Path = path;
        foreach (var (name, parameter) in _parameters)
        {
            parameter.Name = Join(path, name);
        }

        foreach (var (name, child) in _ownChildren)
        {
            child.Place(Join(path, name));
        }
    }

    /// <summary>Notes that which path leads here, and below, depends on the model from which one looks.</summary>
    private void NoteSeveralPaths()
    {
        if (_hasSeveralPaths)
        {
            return;
        }

        _hasSeveralPaths = true;
        foreach (var (_, parameter) in _parameters)
        {
            parameter.HasSeveralNames = true;
        }

        foreach (var (_, child) in _children)
        {
            child.NoteSeveralPaths();
        }
    }

    private void EnsureFree(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{name}' is no name for a part of {Describe()}: names are not empty and hold no dot", nameof(name));
        }

        if (_names.Contains(name))
        {
            throw new ArgumentException(
                $"{Describe()} already has a parameter, buffer or child named '{name}'; choose another name",
                nameof(name));
        }
    }

    private void Claim(string name)
    {
        _names.Add(name);
        Interlocked.Increment(ref _structureVersion);
    }
}
