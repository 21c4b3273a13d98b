namespace TinyNet.Data;

/// <summary>Samples of another dataset with probabilities of its classes.</summary>
internal abstract class SoftClassDataset : Dataset<SoftClassificationBatch>
{
    protected SoftClassDataset(Dataset<ClassificationBatch> source) : base(source.Name, source.Labels.ToArray(), ClassesOf(source))
    {
        Depth = source.Depth + 1;
        SourceFeatures = NumberFields.Find(source, name: null);
        Features = Numbers(SourceFeatures.Name, SourceFeatures.Shape);
        Targets = Numbers("target", Classes);
    }

    /// <summary>The field of the other dataset whose numbers these are.</summary>
    protected NumberField SourceFeatures { get; }

    /// <summary>The numbers.</summary>
    protected NumberField Features { get; }

    /// <summary>The probability of each class.</summary>
    protected NumberField Targets { get; }

    public sealed override SoftClassificationBatch ToBatch(BatchTensors tensors) => new(tensors[Features], tensors[Targets]);

    private static string[] ClassesOf(Dataset<ClassificationBatch> source) => source.Classes > 0 ? source.ClassNames.ToArray()
        : throw new ArgumentException($"dataset '{source.Name}' has no classes, whose probabilities would be the targets", nameof(source));
}
