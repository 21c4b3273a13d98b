using System.Runtime.InteropServices;
using TinyNet.Core;

namespace TinyNet.Layers;

// What of a module is saved.
public abstract partial class Module
{
    /// <summary>
    /// All parameters and buffers of this module and below, each once, with every name that it has from here: module after module, in order
    /// of registration, as PyTorch's state_dict has them.
    /// </summary>
    internal IReadOnlyList<StatePart> State()
    {
        var parts = new List<StatePart>();
        CollectState("", parts, []);
        return parts;
    }

    private void CollectState(string path, List<StatePart> parts, Dictionary<Tensor, StatePart> known)
    {
        foreach (var (name, parameter) in _parameters)
        {
            Note(name, parameter, _fileAxes.GetValueOrDefault(parameter, []));
        }

        foreach (var (name, buffer) in _buffers)
        {
            Note(name, buffer, []);
        }

        foreach (var (name, child) in _children)
        {
            child.CollectState(Join(path, name), parts, known);
        }

        void Note(string name, Tensor tensor, int[] fileAxes)
        {
            ref var part = ref CollectionsMarshal.GetValueRefOrAddDefault(known, tensor, out _);
            if (part is null)
            {
                parts.Add(part = new StatePart(tensor, fileAxes));
            }

            part.Names.Add(Join(path, name));
        }
    }
}

/// <summary>A parameter or buffer of a model: its names, and the order of its axes in files.</summary>
internal sealed class StatePart(Tensor tensor, int[] fileAxes)
{
    public Tensor Tensor => tensor;

    /// <summary>The names from the model on. There are several where the model holds a module in several places.</summary>
    public List<string> Names { get; } = [];

    /// <summary>A copy that the model does not know, with the same names and axes; null for the same device.</summary>
    public StatePart Copy(Device? device = null)
    {
        var copy = new StatePart(tensor.Keep(device ?? tensor.Device), fileAxes);
        copy.Names.AddRange(Names);
        return copy;
    }

    /// <summary>The shape in files.</summary>
    public Shape FileShape => InFile(tensor).Shape;

    /// <summary>A view with the axes in the order of files, of the part or of what has the same axes: its gradient, or a copy.</summary>
    public Tensor InFile(Tensor like) => fileAxes.Length == 0 ? like : like.View(like.Layout.Permute(fileAxes), like.Origin);

    /// <summary>Overwrites the part with numbers on the same device, whose axes have the order of files.</summary>
    public void Assign(Tensor inFile)
    {
        tensor.Device.Copy(inFile, InFile(tensor));
        tensor.Storage.MarkWritten();
    }
}
