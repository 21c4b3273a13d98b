using System.Collections;

namespace TinyNet.Autograd;

/// <summary>Parameters with the names by which an optimizer saves what it remembers of them.</summary>
internal sealed class NamedParameterList : IReadOnlyList<Parameter>
{
    private readonly (string Name, Parameter Parameter)[] _named;
    private readonly Parameter[] _parameters;
    private readonly Func<string, Parameter?>? _find;

    /// <summary>Parameters with their names.</summary>
    /// <param name="parameters">Both.</param>
    /// <param name="find">The parameter of a name, whichever of its names that is; null where they have one each.</param>
    public NamedParameterList(IEnumerable<(string Name, Parameter Parameter)> parameters, Func<string, Parameter?>? find = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _named = [.. parameters];
        foreach (var (name, parameter) in _named)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(parameters));
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        }

        _parameters = Array.ConvertAll(_named, pair => pair.Parameter);
        _find = find;
    }

    public int Count => _parameters.Length;

    /// <summary>The parameters with their names.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Named => _named;

    /// <summary>
    /// A parameter, if there is one, whose name here is one of several: nobody has said from which model one looks.
    /// </summary>
    public Parameter? Unsure { get; private init; }

    public Parameter this[int index] => _parameters[index];

    /// <summary>A list with the names that it has; one that has none with those of the parameters.</summary>
    public static NamedParameterList Of(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters is NamedParameterList list)
        {
            return list;
        }

        Parameter[] all = [.. parameters];
        return new(all.Select(parameter => (parameter?.Name!, parameter!)))
        {
            Unsure = Array.Find(all, parameter => parameter.HasSeveralNames),
        };
    }

    /// <summary>Those for which a condition holds, with their names.</summary>
    public NamedParameterList Where(Func<Parameter, bool> condition) =>
        new(_named.Where(named => condition(named.Parameter)), _find) { Unsure = Unsure };

    /// <summary>The parameter of a name, whichever of its names that is; null if there is none.</summary>
    public Parameter? Find(string name) => _find?.Invoke(name);

    public IEnumerator<Parameter> GetEnumerator() => ((IEnumerable<Parameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
