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

    private static string[] Names(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
