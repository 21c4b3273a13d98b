using System.Collections;

namespace TinyNet.Autograd;

/// <summary>The parameters of a module with the names that they have there: an optimizer that is made of the list keeps them.</summary>
internal sealed class NamedParameterList(Parameter[] parameters, string[] names) : IReadOnlyList<Parameter>
{
    public int Count => parameters.Length;

    public Parameter this[int index] => parameters[index];

    public IEnumerator<Parameter> GetEnumerator() => ((IEnumerable<Parameter>)parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Parameters with their names: those of the list, of parameters in any other list their own.</summary>
    public static IEnumerable<(string Name, Parameter Parameter)> NamesOf(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters is NamedParameterList list ? list.Named() : parameters.Select(parameter =>
        {
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
            return (parameter.Name, parameter);
        });
    }

    private IEnumerable<(string Name, Parameter Parameter)> Named() => names.Zip(parameters);
}
