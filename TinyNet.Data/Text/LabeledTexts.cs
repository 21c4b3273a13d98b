using System.Text;
using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Texts with a class each, as they are before a <see cref="Vocabulary"/> makes indices of them. Immutable.</summary>
public sealed class LabeledTexts
{
    private readonly string[] _texts;
    private readonly int[] _labels;
    private readonly string[] _classNames;

    /// <summary>Takes texts that are in memory. The arrays are not copied: do not write to them afterwards.</summary>
    /// <param name="name">What they are called in messages and reports.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">The class of each, 0 to the number of classes − 1.</param>
    /// <param name="classNames">The names of the classes, in order.</param>
    /// <exception cref="ArgumentException">
    /// There is no name, or not one label for each text; a text or the name of a class is null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public LabeledTexts(string name, string[] texts, int[] labels, string[] classNames)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        if (texts.Length != labels.Length)
        {
            throw new ArgumentException($"texts '{name}': there are {texts.Length} texts, but {labels.Length} labels", nameof(labels));
        }

        if (Array.IndexOf(texts, null) is >= 0 and var missing)
        {
            throw new ArgumentException($"texts '{name}': text {missing} is null", nameof(texts));
        }

        if (Array.IndexOf(classNames, null) is >= 0 and var unnamed)
        {
            throw new ArgumentException($"texts '{name}': class {unnamed} has no name", nameof(classNames));
        }

        if (Array.FindIndex(labels, label => (uint)label >= (uint)classNames.Length) is >= 0 and var wrong)
        {
            throw new ArgumentOutOfRangeException(nameof(labels), labels[wrong],
                $"texts '{name}': the label of text {wrong} is outside 0..{classNames.Length - 1}");
        }

        Name = name;
        (_texts, _labels, _classNames) = (texts, labels, classNames);
    }

    /// <summary>What they are called in messages and reports.</summary>
    public string Name { get; }

    /// <summary>How many texts there are.</summary>
    public int Count => _texts.Length;

    /// <summary>The texts.</summary>
    public ReadOnlySpan<string> Texts => _texts;

    /// <summary>The class of each text.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The names of the classes, in order.</summary>
    public ReadOnlySpan<string> ClassNames => _classNames;

    /// <summary>
    /// Reads a folder that has a folder for each class, with a file for each text. Classes and files come in the order of their names;
    /// those that begin with a dot are passed over.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="encoding">How the texts are written; null for UTF-8.</param>
    /// <exception cref="DataNotFoundException">There is no such folder, no folder of a class in it, or one without files.</exception>
    /// <exception cref="DataFormatException">A file is no text in that encoding.</exception>
    public static LabeledTexts LoadFolder(string folder, Encoding? encoding = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] classes = Directory.Exists(folder) ? Names(Directory.GetDirectories(folder)) : [];
        return classes.Length > 0
            ? Load(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), folder, classes, encoding)
            : throw new DataNotFoundException($"texts need a folder for each class, with a file for each text; {folder} "
                + (Directory.Exists(folder) ? "has none" : "does not exist"));
    }

    /// <summary>
    /// Reads files that have a text in each line. Lines that are empty or blank are passed over.
    /// </summary>
    /// <param name="name">What they are called in messages and reports.</param>
    /// <param name="files">
    /// Each file with the name of the class of all its lines. Classes come in the order in which they are named first; one may have several
    /// files.
    /// </param>
    /// <param name="encoding">
    /// How the texts are written; null for UTF-8. Older collections are often in <see cref="Encoding.Latin1"/>.
    /// </param>
    /// <exception cref="ArgumentException">There is no file, or one without a path or the name of a class.</exception>
    /// <exception cref="DataNotFoundException">A file is not there, or has no text; the message says which.</exception>
    /// <exception cref="DataFormatException">A file is no text in that encoding.</exception>
    public static LabeledTexts LoadLines(string name, ReadOnlySpan<(string Path, string ClassName)> files, Encoding? encoding = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (files.IsEmpty)
        {
            throw new ArgumentException($"texts '{name}': there is no file; give one for each class", nameof(files));
        }

        var (texts, labels, classes) = (new List<string>(), new List<int>(), new List<string>());
        foreach (var (path, className) in files)
        {
            ArgumentException.ThrowIfNullOrEmpty(path, nameof(files));
            ArgumentException.ThrowIfNullOrEmpty(className, nameof(files));
            string[] lines = File.Exists(path)
                ? TextFile.Read(path, encoding).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : throw new DataNotFoundException($"texts '{name}' need a file with a text in each line; {path} does not exist");
            if (lines.Length == 0)
            {
                throw new DataNotFoundException($"texts '{name}' need a file with a text in each line; {path} has none");
            }

            int label = classes.IndexOf(className);
            if (label < 0)
            {
                label = classes.Count;
                classes.Add(className);
            }

            texts.AddRange(lines);
            labels.AddRange(Enumerable.Repeat(label, lines.Length));
        }

        return new LabeledTexts(name, [.. texts], [.. labels], [.. classes]);
    }

    /// <summary>
    /// Splits off a part of every class, by the rule of <see cref="Dataset{TBatch}.Split"/>: evenly spaced texts, or with a seed such that
    /// are drawn at random. Split before a vocabulary is built, so that it is one of the part kept.
    /// </summary>
    /// <param name="heldOutFraction">The part to hold out, between 0 and 1.</param>
    /// <param name="seed">What draws the texts held out; null spaces them evenly.</param>
    /// <returns>The part kept, with this name, and the part held out, with this name and "/held-out"; both in order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public (LabeledTexts Kept, LabeledTexts HeldOut) Split(double heldOutFraction, ulong? seed = null)
    {
        var (kept, heldOut) = StratifiedSplit.Indices(_labels, _classNames.Length, heldOutFraction, seed);
        return (Part(Name, kept), Part(Name + "/held-out", heldOut));
    }

    /// <summary>A dataset of the indices of their tokens; a batch is padded with <see cref="Vocabulary.Padding"/> to its longest.</summary>
    /// <param name="vocabulary">The vocabulary, of the texts for training alone.</param>
    /// <param name="maxLength">How many tokens a text may have; the rest is left out.</param>
    /// <param name="padAtStart">
    /// Whether shorter texts are padded before their first token: for a model that reads the last step of a recurrent layer and knows no
    /// lengths.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    public TokenDataset ToDataset(Vocabulary vocabulary, int maxLength = int.MaxValue, bool padAtStart = false)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return new TokenDataset(Name, Array.ConvertAll(_texts, text => vocabulary.Encode(text, maxLength)), _labels, _classNames,
            Vocabulary.Padding, padAtStart);
    }

    /// <summary>The name, and how many texts and classes there are.</summary>
    public override string ToString() => $"{Name}: {Count} texts, {_classNames.Length} classes";

    /// <summary>Reads the folders of the given classes.</summary>
    internal static LabeledTexts Load(string name, string folder, string[] classes, Encoding? encoding)
    {
        var texts = new List<string>();
        var labels = new List<int>();
        for (int label = 0; label < classes.Length; label++)
        {
            string own = Path.Combine(folder, classes[label]);
            string[] files = Names(Directory.GetFiles(own));
            if (files.Length == 0)
            {
                throw new DataNotFoundException($"texts need a file for each text in the folder of a class; {own} has none");
            }

            foreach (string file in files)
            {
                texts.Add(TextFile.Read(Path.Combine(own, file), encoding));
                labels.Add(label);
            }
        }

        return new LabeledTexts(name, [.. texts], [.. labels], classes);
    }

    /// <summary>The same with every text changed by a function.</summary>
    internal LabeledTexts Map(Func<string, string> change) =>
        new(Name, Array.ConvertAll(_texts, text => change(text)), _labels, _classNames);

    private LabeledTexts Part(string name, int[] indices) =>
        new(name, Array.ConvertAll(indices, i => _texts[i]), Array.ConvertAll(indices, i => _labels[i]), _classNames);

    private static string[] Names(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
