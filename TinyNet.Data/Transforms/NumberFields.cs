using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Finds the field of numbers of a dataset that is to be changed or measured.</summary>
internal static class NumberFields
{
    /// <summary>The field of a name; the first one of numbers if null.</summary>
    /// <exception cref="ArgumentException">There is none, or it is a sequence.</exception>
    public static NumberField Find<TBatch>(Dataset<TBatch> dataset, string? name)
    {
        foreach (var field in dataset.Fields)
        {
            if (field is NumberField numbers && (name is null || field.Name == name))
            {
                return !numbers.IsSequence ? numbers
                    : throw new ArgumentException($"dataset '{dataset.Name}': {field} is a sequence, which transforms do not take",
                        nameof(dataset));
            }
        }

        string known = dataset.Fields.Count > 0 ? string.Join(", ", dataset.Fields) : "none";
        throw new ArgumentException($"dataset '{dataset.Name}' has no field of numbers{(name is null ? "" : $" '{name}'")}; its fields "
            + $"are: {known}", nameof(dataset));
    }

    /// <summary>The shape of the images of a field [channels, height, width]; a row [channels] is one of 1 × 1.</summary>
    /// <exception cref="ShapeException">It has another shape.</exception>
    public static (int Channels, int Height, int Width) ImageShape(string operation, string dataset, NumberField field, bool takesRows) =>
        field.Shape switch
        {
            [var channels, var height, var width] => (channels, height, width),
            [var channels] when takesRows => (channels, 1, 1),
            _ => throw new ShapeException(operation, $"{field} of dataset '{dataset}' is no image [channels, height, width]",
                takesRows ? "give images, or rows [channels]" : "name the field that has the images, or give the dataset their shape"),
        };
}
