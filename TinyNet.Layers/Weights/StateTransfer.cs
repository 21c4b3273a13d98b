using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>A tensor that may go into a model.</summary>
/// <param name="Name">The name that it has in the model.</param>
/// <param name="Origin">The name that it has where it comes from.</param>
/// <param name="Shape">Its shape, axes as in files.</param>
/// <param name="Read">Gives it on a device, where nothing changes it any more, axes as in files.</param>
internal sealed record StateSource(string Name, string Origin, IReadOnlyList<long> Shape, Func<Device, Tensor> Read)
{
    /// <summary>A tensor with the axes as in files.</summary>
    public StateSource(string name, Tensor tensor, Func<Device, Tensor> read) : this(name, name, Sizes(tensor.Shape), read)
    {
    }

    public static long[] Sizes(Shape shape)
    {
        long[] sizes = new long[shape.Rank];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = shape.Sizes[axis];
        }

        return sizes;
    }
}

/// <summary>What does not fit.</summary>
/// <param name="Missing">The names of what the model has alone.</param>
/// <param name="Unexpected">The names, where they come from, of what the model lacks.</param>
/// <param name="OtherShapes">The same of what has another shape, with both.</param>
internal sealed record StateMismatch(
    IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<(string Name, string Shapes)> OtherShapes);

/// <summary>Puts tensors into a model by their names: all that fails does so before anything is written.</summary>
internal static class StateTransfer
{
    /// <summary>Overwrites the parameters and buffers of a model, and says which.</summary>
    /// <param name="operation">What was called.</param>
    /// <param name="origin">Where the tensors come from, for messages.</param>
    /// <param name="parts">What the model has.</param>
    /// <param name="sources">The tensors.</param>
    /// <param name="strict">Whether each is to be in the model, and all of the model among them.</param>
    /// <param name="remedy">What the caller can do where they do not fit.</param>
    public static (IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected) Run(
        string operation, string origin, IReadOnlyList<StatePart> parts, IReadOnlyList<StateSource> sources, bool strict,
        Func<StateMismatch, string> remedy)
    {
        var byName = new Dictionary<string, StatePart>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            part.Names.ForEach(name => byName[name] = part);
        }

        var pairs = new Dictionary<StatePart, List<StateSource>>();
        List<string> unexpected = [];
        List<(string Name, string Shapes)> otherShapes = [];
        foreach (var source in sources)
        {
            if (!byName.TryGetValue(source.Name, out var part))
            {
                unexpected.Add(source.Origin);
                continue;
            }

            if (pairs.TryGetValue(part, out var ofPart))
            {
                ofPart.Add(source);
            }
            else
            {
                pairs.Add(part, [source]);
            }

            long[] shape = StateSource.Sizes(part.FileShape);
            if (!shape.SequenceEqual(source.Shape))
            {
                otherShapes.Add(
                    (source.Origin, $"{SafetensorsEntry.Show(source.Shape)}, the model has {SafetensorsEntry.Show(shape)}"));
            }
        }

        List<string> missing = [.. parts.Where(part => !pairs.ContainsKey(part)).Select(part => part.Names[0])];
        bool isStrange = strict ? missing.Count + unexpected.Count > 0 : pairs.Count == 0 && parts.Count > 0;
        if (isStrange || otherShapes.Count > 0)
        {
            var mismatch = new StateMismatch(missing, unexpected, otherShapes);
            throw new WeightMismatchException(operation, $"{origin} does not fit the model", mismatch, remedy(mismatch));
        }

        var staged = pairs.Select(pair => (Part: pair.Key, Tensor: Read(operation, pair.Key, pair.Value))).ToList();
        staged.ForEach(pair => pair.Part.Assign(pair.Tensor));
        return ([.. staged.Select(pair => pair.Part.Names[0])], missing, unexpected);
    }

    /// <summary>What goes into a part: where its names are there several times, they have to say the same.</summary>
    private static Tensor Read(string operation, StatePart part, List<StateSource> sources)
    {
        var first = sources[0].Read(part.Tensor.Device);
        foreach (var other in sources.Skip(1))
        {
            var again = other.Read(part.Tensor.Device);
            if (again != first && !first.ToArray().AsSpan().SequenceEqual(again.ToArray()))
            {
                throw new TensorException(
                    operation,
                    $"'{sources[0].Origin}' and '{other.Origin}' differ, but are one tensor in the model, which has a module twice",
                    "build the model with two modules, or leave one of the two out");
            }
        }

        return first;
    }
}
