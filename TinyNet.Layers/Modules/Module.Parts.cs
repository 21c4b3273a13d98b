using TinyNet.Autograd;

namespace TinyNet.Layers;

/// <content>What is registered here and below, in lists that are kept, and what others ask about it.</content>
public abstract partial class Module
{
    // Raised by every registration anywhere: lists of parts made before may lack something.
    private static int _structureVersion;
    private static long _modules;
    private PartList? _parts;

    /// <summary>The number of this module, by which others know it without keeping it alive; from 1.</summary>
    internal long Number { get; } = Interlocked.Increment(ref _modules);

    /// <summary>The number of the outermost module that was last seen to hold this one, so that it is not looked for again.</summary>
    internal long ListedBy { get; set; }

    /// <summary>
    /// Whether nothing here and below is learned: all parameters are frozen. Where there are none, all must be in evaluation mode: what is
    /// as it was made may have been forgotten.
    /// </summary>
    internal bool IsSettled
    {
        get
        {
            var parts = Parts();
            foreach (var parameter in parts.ParameterSet)
            {
                if (!parameter.IsFrozen)
                {
                    return false;
                }
            }

            if (parts.ParameterSet.Count > 0)
            {
                return true;
            }

            foreach (var module in parts.Modules)
            {
                if (module._isTraining)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether a module is this one or registered below it.</summary>
    internal bool Holds(Module module) => Parts().Modules.Contains(module);

    /// <summary>Whether a parameter is among <see cref="Parameters"/>.</summary>
    internal bool Lists(Parameter parameter) => Parts().ParameterSet.Contains(parameter);

    private PartList Parts()
    {
        int version = Volatile.Read(ref _structureVersion);
        var parts = _parts;
        if (parts?.Version != version)
        {
            var parameters = new NamedParameterList(NamedParameters(), Find);
            _parts = parts = new PartList(version, parameters, [.. parameters], [.. NamedModules().Select(part => part.Module)]);
        }

        return parts;
    }

    /// <summary>The parameter of a dotted name, whichever of its names from here that is; null if there is none.</summary>
    private Parameter? Find(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return _parameters.Find(part => part.Name == name).Parameter;
        }

        return _children.Find(child => child.Name == name[..dot]).Module?.Find(name[(dot + 1)..]);
    }

    /// <summary>What is below at a version of the structure; one object, so that threads see all or nothing.</summary>
    private sealed record PartList(
        int Version, NamedParameterList Parameters, HashSet<Parameter> ParameterSet, HashSet<Module> Modules);
}
