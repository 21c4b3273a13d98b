using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Makes sure that registration is not forgotten: every parameter read during the outermost forward pass must be listed by
/// the module that was called, unless it is frozen. A parameter that was found once is not looked for again.
/// </summary>
internal sealed class RegistrationCheck : IParameterWatch
{
    [ThreadStatic]
    private static RegistrationCheck? _ofThread;

    private readonly List<(Parameter Parameter, string Operation, Module Reader)> _unknown = [];
    private Module? _root, _current;

    /// <summary>A module's forward pass begins.</summary>
    /// <param name="module">The module.</param>
    /// <param name="caller">The module in whose pass it begins, for <see cref="Leave"/>; null for the outermost.</param>
    public static RegistrationCheck Enter(Module module, out Module? caller)
    {
        var check = _ofThread ??= new RegistrationCheck();
        caller = check._current;
        check._current = module;
        if (caller is null)
        {
            check._root = module;
            Operation.Watch = check;
        }

        return check;
    }

    /// <summary>The pass has ended; if it was the outermost, everything it read must be registered, or be what it was given.</summary>
    public void Leave<TIn>(Module? caller, bool isComplete, TIn input)
    {
        _current = caller;
        if (caller is not null)
        {
            return;
        }

        var root = _root!;
        _root = null;
        Operation.Watch = null;
        if (_unknown.Count == 0)
        {
            return;
        }

        var unknown = _unknown.ToArray();
        _unknown.Clear();
        if (isComplete)
        {
            Verify(root, unknown, input);
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
        if (parameter.ListedBy != _root && !parameter.IsFrozen)
        {
            _unknown.Add((parameter, operation, _current!));
        }
    }

    private static void Verify<TIn>(Module root, (Parameter Parameter, string Operation, Module Reader)[] unknown, TIn input)
    {
        var listed = root.Parameters().ToHashSet();
        foreach (var (parameter, operation, reader) in unknown)
        {
            if (IsPartOf(input, parameter))
            {
                continue;
            }

            if (!listed.Contains(parameter))
            {
                string place = reader.Path.Length == 0 ? reader.ToString() : $"{reader.Path} ({reader})";
                throw new RegistrationException(parameter, operation, place, root);
            }

            parameter.ListedBy = root;
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

/// <summary>A parameter was read in a forward pass that the module does not list: an optimizer would never train it.</summary>
public sealed class RegistrationException(Parameter parameter, string operation, string reader, Module root)
    : TensorException(
        operation,
        $"parameter '{(parameter ?? throw new ArgumentNullException(nameof(parameter))).Name}' of shape {parameter.Shape} was read in "
        + $"{reader}, but {root} does not list it among its Parameters()",
        "register it with AddParameter, or the module that owns it with Child, in the constructor; freeze it if it is not to be trained");
