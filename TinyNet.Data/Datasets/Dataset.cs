using System.Diagnostics;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// Samples that are read one by one, from memory, files or a formula, into the fields of a batch. A dataset of one's own says in its
/// constructor which fields its samples have, reads one sample, and makes a batch of the tensors that come of it.
/// </summary>
/// <remarks>
/// Several threads read at once, so reading must not change the dataset. A batch may be any type: <see cref="ClassificationBatch"/>,
/// <see cref="RegressionBatch"/>, <see cref="SequenceBatch"/>, a single <see cref="Tensor"/>, or a record or tuple of one's own.
/// </remarks>
/// <typeparam name="TBatch">What some samples together are.</typeparam>
/// <example>
/// <code>
/// public sealed class Sines : Dataset&lt;RegressionBatch>
/// {
///     private readonly NumberField _x, _y;
///
///     public Sines(int count) : base("sines", count) => (_x, _y) = (Numbers("x", 1), Numbers("y", 1));
///
///     public override RegressionBatch ToBatch(BatchTensors tensors) => new(tensors[_x], tensors[_y]);
///
///     protected override void ReadCore(Sample sample)
///     {
///         sample[_x][0] = sample.Index / 100f;
///         sample[_y][0] = MathF.Sin(sample.Index / 100f);
///     }
/// }
/// </code>
/// </example>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Dataset<TBatch>
{
    private readonly List<Field> _fields;
    private readonly int[] _labels;
    private readonly string[] _classNames;

    // The dataset whose samples this one gives on, where it does.
    private readonly Dataset<TBatch>? _source;

    /// <summary>Begins a dataset without classes.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="count">How many samples there are.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    protected Dataset(string name, int count)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Count) = (name, Require.NotNegative(count));
        (_fields, _labels, _classNames) = ([], [], []);
    }

    /// <summary>Begins a dataset in which every sample has a class. The arrays are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="labels">The class of each sample, 0 to the number of classes − 1.</param>
    /// <param name="classNames">The names of the classes, in order.</param>
    /// <exception cref="ArgumentException">There is no name, or no class, or one without name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    protected Dataset(string name, int[] labels, string[] classNames)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        EnsureClasses(name, labels, classNames);
        (Name, Count) = (name, labels.Length);
        (_fields, _labels, _classNames) = ([], labels, classNames);
    }

    /// <summary>Begins a dataset with the fields and the classes of another one, whose samples it gives on, changed or in part.</summary>
    /// <param name="name">What the data are called in messages and reports.</param>
    /// <param name="source">The other dataset.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    protected Dataset(string name, Dataset<TBatch> source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(source);
        (Name, Count, _source) = (name, source.Count, source);
        (_fields, _labels, _classNames) = ([.. source._fields], source._labels, source._classNames);
        Depth = source.Depth + 1;
    }

    /// <summary>The chosen samples of a dataset.</summary>
    private protected Dataset(string name, Dataset<TBatch> source, ReadOnlySpan<int> chosen) : this(name, source)
    {
        Count = chosen.Length;
        _labels = source._labels.Length == 0 ? [] : new int[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            source.EnsureSample(chosen[i]);
            if (_labels.Length > 0)
            {
                _labels[i] = source._labels[chosen[i]];
            }
        }
    }

    /// <summary>What the data are called in messages and reports.</summary>
    public string Name { get; }

    /// <summary>How many samples there are.</summary>
    public int Count { get; }

    /// <summary>What every sample has.</summary>
    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>The shape of the first field of one sample (of one step, if it is a sequence), without the batch dimension.</summary>
    public ReadOnlySpan<int> SampleShape => _fields.Count == 0 ? [] : _fields[0].Shape;

    /// <summary>The product of <see cref="SampleShape"/>: how many inputs a network has that takes the first field as one row.</summary>
    public int SampleLength => _fields.Count == 0 ? 0 : _fields[0].Length;

    /// <summary>The class of each sample; empty where samples have none.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>How many classes there are; 0 where samples have none.</summary>
    public int Classes => _classNames.Length;

    /// <summary>The names of the classes, in order.</summary>
    public ReadOnlySpan<string> ClassNames => _classNames;

    /// <summary>How many datasets it lies over.</summary>
    internal int Depth { get; private protected init; }

    /// <summary>Reads one sample, on any thread.</summary>
    /// <exception cref="ArgumentException">The sample is none that somebody made.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="SampleException">It could not be read.</exception>
    public void Read(Sample sample)
    {
        EnsureSample(sample.Index);
        if (!sample.HasMemory)
        {
            throw new ArgumentException($"dataset '{Name}': a default sample has no memory; pass on the one that ReadCore was given",
                nameof(sample));
        }

        try
        {
            sample.BeginAgain(_fields);
            ReadCore(sample);
            sample.EnsureLengths();
        }
        catch (Exception exception) when (exception is not SampleException)
        {
            throw new SampleException(Name, sample.Index, exception);
        }
    }

    /// <summary>
    /// About how many steps the sequences of a sample have, by which a <see cref="DataLoader{TBatch}"/> puts similar samples together; null
    /// where that is not known without reading it. It is what the dataset says whose samples this one gives on, where it does.
    /// </summary>
    /// <param name="index">The sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public virtual int? LengthOf(int index)
    {
        EnsureSample(index);
        return _source?.LengthOf(index);
    }

    /// <summary>Makes a batch of the fields of some samples.</summary>
    public abstract TBatch ToBatch(BatchTensors tensors);

    /// <summary>The chosen samples as a batch that lasts, in the order given, without a loader.</summary>
    /// <param name="indices">Which samples; one may be chosen more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="SampleException">A sample could not be read.</exception>
    /// <exception cref="TensorException">They are more values than a tensor holds, or than there is memory for.</exception>
    public TBatch Load(params ReadOnlySpan<int> indices)
    {
        foreach (int index in indices)
        {
            EnsureSample(index);
        }

        var memory = new BatchMemory<TBatch>(this, indices.Length, Device.Default, $"Load of '{Name}'");
        memory.Fill(indices, epoch: 0);
        return memory.ToBatch();
    }

    /// <summary>The chosen samples, in the order given, as a dataset: a view, which copies none of them.</summary>
    /// <param name="name">The name of the new dataset.</param>
    /// <param name="indices">Which samples; one may be chosen more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public Dataset<TBatch> Subset(string name, params ReadOnlySpan<int> indices) => new Subset<TBatch>(name, this, indices);

    /// <summary>
    /// Splits off a part: the fraction f of the samples or, where they have classes, of every class, rounded to the nearest. Without a
    /// seed the samples held out are evenly spaced, so that the same data and fraction give the same split for ever; with one they are
    /// drawn at random. Both parts are views, in the order of this dataset.
    /// </summary>
    /// <remarks>The rule is that of <see cref="StratifiedSplit.Indices"/>; a seed applies it to the samples in a random order.</remarks>
    /// <param name="heldOutFraction">The part to hold out, between 0 and 1.</param>
    /// <param name="seed">What draws the samples held out; null spaces them evenly.</param>
    /// <param name="keptName">The name of the part kept, by default this dataset's name.</param>
    /// <param name="heldOutName">The name of the part held out, by default this dataset's name with "/held-out".</param>
    /// <returns>The part kept and the part held out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public (Dataset<TBatch> Kept, Dataset<TBatch> HeldOut) Split(double heldOutFraction, ulong? seed = null, string? keptName = null,
        string? heldOutName = null)
    {
        var (kept, heldOut) = Classes > 0
            ? StratifiedSplit.Indices(Labels, Classes, heldOutFraction, seed)
            : StratifiedSplit.Indices(Allocation.OnHost<int>([Count], $"Split of '{Name}'"), 1, heldOutFraction, seed);
        return (Subset(keptName ?? Name, kept), Subset(heldOutName ?? Name + "/held-out", heldOut));
    }

    /// <summary>The name, the number of samples, their fields and the number of classes.</summary>
    public override string ToString() => $"{Name}: {Count} samples of {string.Join(", ", _fields)}"
        + (Classes > 0 ? $"; {Classes} classes" : "");

    /// <summary>Writes the sample <see cref="Sample.Index"/> into its fields. Several threads call it at once.</summary>
    protected abstract void ReadCore(Sample sample);

    /// <summary>Gives the samples a field of numbers of a shape; without one, one number each, [samples] in a batch.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="ShapeException">The shape is that of no tensor, or leaves no axis for the samples.</exception>
    protected NumberField Numbers(string name, params ReadOnlySpan<int> shape) =>
        Add(new NumberField(name, shape, isSequence: false, _fields.Count));

    /// <summary>Gives the samples a field of indices of a shape; without one, one index each, [samples] in a batch.</summary>
    /// <inheritdoc cref="Numbers"/>
    protected IndexField Indices(string name, params ReadOnlySpan<int> shape) =>
        Add(new IndexField(name, shape, isSequence: false, _fields.Count));

    /// <summary>Gives the samples a sequence of steps, each with numbers of a shape: [samples, steps, ..], padded with 0.</summary>
    /// <inheritdoc cref="Numbers"/>
    protected NumberField NumberSequence(string name, params ReadOnlySpan<int> shape) =>
        Add(new NumberField(name, shape, isSequence: true, _fields.Count));

    /// <summary>The same, with a choice of where shorter sequences of a batch are padded.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="padAtStart">Whether before the first step, so that the last step of every sequence is the last of the batch.</param>
    /// <param name="shape">The shape of a step.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="ShapeException">The shape is that of no tensor, or leaves no axis for the samples.</exception>
    protected NumberField NumberSequence(string name, bool padAtStart, params ReadOnlySpan<int> shape) =>
        Add(new NumberField(name, shape, isSequence: true, _fields.Count, padAtStart));

    /// <summary>Gives the samples a sequence of indices, as the tokens of a text: [samples, steps].</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="padding">What shorter sequences of a batch are padded with.</param>
    /// <param name="padAtStart">
    /// Whether before the first step, so that the last step of every sequence is the last of the batch. What takes lengths wants the
    /// padding at the end.
    /// </param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    protected IndexField IndexSequence(string name, int padding = 0, bool padAtStart = false) =>
        Add(new IndexField(name, [], isSequence: true, _fields.Count, padding, padAtStart));

    private static void EnsureClasses(string name, int[] labels, string[] classNames)
    {
        if (classNames.Length == 0)
        {
            throw new ArgumentException($"dataset '{name}': there is no class; name at least one", nameof(classNames));
        }

        if (Array.FindIndex(classNames, className => className is null) is >= 0 and var unnamed)
        {
            throw new ArgumentException($"dataset '{name}': class {unnamed} has no name", nameof(classNames));
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classNames.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), labels[i],
                    $"dataset '{name}': the label of sample {i} is outside 0..{classNames.Length - 1}");
            }
        }
    }

    private TField Add<TField>(TField field) where TField : Field
    {
        _fields.Add(field);
        return field;
    }

    /// <summary>Refuses an index that is none of a sample.</summary>
    private protected void EnsureSample(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"dataset '{Name}' has the samples 0..{Count - 1}");
        }
    }
}
