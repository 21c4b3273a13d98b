using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Makes sure that registration is not forgotten: every module that runs during the outermost forward pass must be below the module that
/// was called, and every parameter read be listed by it, unless it is frozen. What was found last is not looked for again. The answer
/// is the same in training and evaluation, with and without a tape.
/// </summary>
internal sealed class RegistrationCheck : IParameterWatch
{
    [ThreadStatic]
    private static RegistrationCheck? _ofThread;

    private readonly List<(Parameter Parameter, string Operation, Module Reader, Module Root)> _unknown = [];

    // The module that was called; that or a model apart within the pass, below which all must be; and the one that runs.
    private Module? _model, _root, _current;

    /// <summary>A module's forward pass begins.</summary>
    /// <param name="module">The module.</param>
    /// <param name="caller">The module in whose pass it begins, if any, for <see cref="Leave"/>.</param>
    /// <exception cref="RegistrationException">It is not registered below the module that was called.</exception>
    public static RegistrationCheck Enter(Module module, out Caller caller)
    {
        var check = _ofThread ??= new RegistrationCheck();
        caller = new Caller(check._current, check._root);
        if (check._root is not { } root)
        {
            (check._model, check._root) = (module, module);
            Operation.Watch = check;
        }
        else if (module.ListedBy != root.Number)
        {
            if (root.Holds(module))
            {
                module.ListedBy = root.Number;
            }
            else if (module.IsSettled)
            {
                // A model of its own within the pass.
                check._root = module;
            }
            else
            {
                throw new RegistrationException(module, PlaceOf(check._current!, root), root);
            }
        }

        check._current = module;
        return check;
    }

    /// <summary>
    /// A module asks for its mode, which is training, so that it does something else than in evaluation: where it runs in a model apart,
    /// nobody has said that it should.
    /// </summary>
    /// <exception cref="RegistrationException">It is below a module that is not registered.</exception>
    public static void EnsureMayTrain(Module module)
    {
        if (_ofThread is { } check && check._root != check._model)
        {
            throw new RegistrationException(module, (module == check._root ? check._model : check._root)!.Describe(), check._model!);
        }
    }

    /// <summary>A module as the one that was called sees it: its path, and what it is.</summary>
    public string PlaceOf(Module module) => PlaceOf(module, _root);

    /// <summary>The pass has ended; if it was the outermost, everything it read must be registered, or be what it was given.</summary>
    public void Leave<TIn>(in Caller caller, bool isComplete, TIn input)
    {
        (_current, _root) = (caller.Module, caller.Root);
        if (_root is not null)
        {
            return;
        }

        _model = null;
        Operation.Watch = null;
        try
        {
            if (isComplete)
            {
                Verify(input);
            }
        }
        finally
        {
            _unknown.Clear();
        }
    }

    /// <summary>Hooks begin: what they read, and models that they run, have nothing to do with the pass around them.</summary>
    /// <returns>What <see cref="Resume"/> takes after the hooks.</returns>
    public static RegistrationCheck? SetAside()
    {
        var check = _ofThread;
        (_ofThread, Operation.Watch) = (null, null);
        return check;
    }

    /// <summary>The hooks have ended.</summary>
    public static void Resume(RegistrationCheck? check)
    {
        _ofThread = check;
        Operation.Watch = check?._root is null ? null : check;
    }

    /// <inheritdoc/>
    public void Used(Parameter parameter, string operation)
    {
        // One that is frozen is not to be trained: a teacher that a module keeps to itself is no error.
        if (parameter.ListedBy == _root!.Number || parameter.IsFrozen)
        {
            return;
        }

        if (_root.Lists(parameter))
        {
            parameter.ListedBy = _root.Number;
        }
        else
        {
            _unknown.Add((parameter, operation, _current!, _root));
        }
    }

    /// <inheritdoc/>
    public string? ModelWithout(Parameter parameter) => _model!.Lists(parameter) ? null : _model.Describe();

    private static string PlaceOf(Module module, Module? root)
    {
        if (root is not null && root != module)
        {
            foreach (var (path, below) in root.NamedModules())
            {
                if (below == module)
                {
                    return $"{path} ({module.Describe()})";
                }
            }
        }

        return module.Describe();
    }

    private void Verify<TIn>(TIn input)
    {
        foreach (var (parameter, operation, reader, root) in _unknown)
        {
            if (!IsPartOf(input, parameter) && !root.Lists(parameter))
            {
                throw new RegistrationException(parameter, operation, PlaceOf(reader, root), root);
            }
        }
    }

    private static bool IsPartOf<TIn>(TIn input, Parameter parameter)
    {
        var search = new Search(parameter);
        TensorParts.Visit(input, search);
        return search.HasFound;
    }

    private sealed class Search(Parameter sought) : TensorVisitor
    {
        public bool HasFound { get; private set; }

        protected override Tensor OnTensor(string name, Tensor tensor)
        {
            HasFound |= tensor == sought;
            return tensor;
        }
    }
}

/// <summary>The module in whose pass another one begins, and the one that was called: none for the outermost.</summary>
internal readonly record struct Caller(Module? Module, Module? Root);

/// <summary>
/// A forward pass read a parameter that the module does not list, so that an optimizer would never train it; or it ran a module that is
/// not registered below, so that it would stay in its mode.
/// </summary>
public sealed class RegistrationException : TensorException
{
    /// <summary>A parameter was read that is not registered.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="operation">What read it.</param>
    /// <param name="reader">The module in which that happened.</param>
    /// <param name="root">The module that was called.</param>
    /// <exception cref="ArgumentNullException">A parameter or module is missing.</exception>
    public RegistrationException(Parameter parameter, string operation, string reader, Module root) : base(
        operation,
        $"parameter '{(parameter ?? throw new ArgumentNullException(nameof(parameter))).Name}' of shape {parameter.Shape} was read in "
        + $"{reader}, but {Line(root, nameof(root))} does not list it among its Parameters()",
        "register it with AddParameter, or the module that owns it with Child, in the constructor; freeze it if it is not to be trained")
    {
    }

    /// <summary>A module ran that is not registered.</summary>
    /// <param name="module">The module.</param>
    /// <param name="caller">The module that ran it.</param>
    /// <param name="root">The module that was called.</param>
    /// <exception cref="ArgumentNullException">A parameter or module is missing.</exception>
    public RegistrationException(Module module, string caller, Module root) : base(
        (module ?? throw new ArgumentNullException(nameof(module))).GetType().Name,
        $"{module.Describe()} ran in {caller}, but {Line(root, nameof(root))} does not list it among its NamedModules(): "
        + "no Train(), Evaluate() or To() reaches it",
        "make it once, and register it with Child, in the constructor of the module that runs it; freeze what is to stay apart, and switch "
        + "it to evaluation")
    {
    }

    private static string Line(Module? module, string name) => (module ?? throw new ArgumentNullException(name)).Describe();
}
