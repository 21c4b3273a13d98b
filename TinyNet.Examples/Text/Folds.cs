using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Examples;

/// <summary>
/// Texts in parts, each of which is the test of what is learned from the others: every text is tested once. The parts have the same share
/// of each class; a seed draws them.
/// </summary>
internal sealed class Folds
{
    private readonly LabeledTexts _texts;
    private readonly int[] _fold;

    /// <summary>Draws the parts.</summary>
    /// <exception cref="CommandException">A class has fewer texts than there are parts.</exception>
    public Folds(LabeledTexts texts, int count, ulong seed)
    {
        (_texts, _fold, Count) = (texts, new int[texts.Count], count);
        int[] order = [.. Enumerable.Range(0, texts.Count)];
        new RandomStream(seed).Shuffle(order.AsSpan());
        int[] ranks = new int[texts.ClassNames.Length];
        foreach (int text in order)
        {
            _fold[text] = ranks[texts.Labels[text]]++ % count;
        }

        if (ranks.Min() < count)
        {
            int label = Array.IndexOf(ranks, ranks.Min());
            throw new CommandException($"--data: '{texts.Name}' has {ranks[label]} texts that are {texts.ClassNames[label]}; "
                + $"{count} folds need one each at least");
        }
    }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>The texts of a part, 0 to the count − 1, and all others.</summary>
    public (LabeledTexts Learned, LabeledTexts Tested) this[int fold] =>
        (Those("learned", of => of != fold), Those("tested", of => of == fold));

    private LabeledTexts Those(string name, Func<int, bool> belongs)
    {
        int[] indices = [.. Enumerable.Range(0, _fold.Length).Where(text => belongs(_fold[text]))];
        return new LabeledTexts(
            $"{_texts.Name}/{name}", Array.ConvertAll(indices, text => _texts.Texts[text]),
            Array.ConvertAll(indices, text => _texts.Labels[text]), _texts.ClassNames.ToArray());
    }
}
