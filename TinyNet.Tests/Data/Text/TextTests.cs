using System.Text;
using TinyNet.Bench;
using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.Tests.Data;

/// <summary>Texts in folders, their tokens and their vocabulary.</summary>
public class TextTests
{
    [Theory]
    [InlineData("A film, to REMEMBER!", "a|film|,|to|remember|!")]
    [InlineData("don't 'quote' rock'n'roll dogs'", "don't|'|quote|'|rock'n'roll|dogs|'")]
    [InlineData("it’s 3.5 — 100%", "it’s|3|.|5|—|100|%")]
    [InlineData("Ärger é e\u0301 日本 Ωmega", "ärger|é|e\u0301|日本|ωmega")]
    [InlineData("a😀b", "a|😀|b")]
    [InlineData(" \t\r\n\u00a0", "")]
    [InlineData("", "")]
    public void Words_are_lower_case_and_punctuation_is_alone(string text, string tokens) =>
        Assert.Equal(tokens, string.Join('|', WordTokenizer.Tokenize(text)));

    [Fact]
    public void Half_of_a_pair_of_characters_is_a_token_of_its_own() =>
        Assert.Equal(["a", "\ufffd", "b"], WordTokenizer.Tokenize("a\ud800b"));

    [Fact]
    public void A_vocabulary_has_the_most_frequent_tokens_first()
    {
        string[] texts = ["b a c", "a b d", "A e"];

        Assert.Equal("<pad> <unk> a b c d e", string.Join(' ', Vocabulary.Build(texts).Tokens.ToArray()));
        Assert.Equal("<pad> <unk> a b", string.Join(' ', Vocabulary.Build(texts, minCount: 2).Tokens.ToArray()));
        Assert.Equal("<pad> <unk> a", string.Join(' ', Vocabulary.Build(texts, maxSize: 3).Tokens.ToArray()));
        Assert.Equal(2, Vocabulary.Build(texts, maxSize: 2).Count);
    }

    [Fact]
    public void Texts_become_indices_and_back()
    {
        var vocabulary = new Vocabulary("film", "good");

        Assert.Equal([3, 2, 1, 1], vocabulary.Encode("Good film ever!"));
        Assert.Equal([3, 2], vocabulary.Encode("good film ever", maxLength: 2));
        Assert.Equal((2, Vocabulary.Unknown, Vocabulary.Padding), (vocabulary["film"], vocabulary["ever"], 0));
        Assert.Equal("film <unk> good", vocabulary.Decode(2, 1, 3, 0, 0));
        Refusal.Of<ArgumentOutOfRangeException>(() => vocabulary.Decode(4), "0..3");
        Refusal.Of<ArgumentException>(() => new Vocabulary("a", "a"), "token 1, 'a'");
        Refusal.Of<ArgumentException>(() => new Vocabulary("<pad>"), "token 0");
        Refusal.Of<ArgumentException>(() => new Vocabulary("a\nb"), "a line break");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_vocabulary_is_saved_as_lines(string lineBreak)
    {
        using var folder = new TemporaryFolder();
        new Vocabulary("film", "’").Save(folder.At("v.txt"));
        string text = File.ReadAllText(folder.At("v.txt"));
        File.WriteAllText(folder.At("v.txt"), text.Replace("\n", lineBreak, StringComparison.Ordinal));

        Assert.Equal("<pad>\n<unk>\nfilm\n’\n", text);
        Assert.Equal(["<pad>", "<unk>", "film", "’"], Vocabulary.Load(folder.At("v.txt")).Tokens.ToArray());
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("<pad>\n", "line 2")]
    [InlineData("<pad>\n<unk>", "line 2")]
    [InlineData("<unk>\n<pad>\n", "line 1")]
    [InlineData("<pad>\n<unk>\na\nb\na\n", "line 5")]
    [InlineData("<pad>\n<unk>\na\n\nb\n", "line 4")]
    [InlineData("<pad>\n<unk>\na\n<pad>\n", "line 4")]
    [InlineData("<pad>\n<unk>\na\nb", "line 4")]
    public void What_is_no_vocabulary_is_refused_by_its_line(string text, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(new CaseFile("v.txt", Encoding.UTF8.GetBytes(text)));
        var refusal = Assert.Throws<DataFormatException>(() => Vocabulary.Load(path));

        Assert.Equal((path, place), (refusal.File, refusal.Place));
    }

    [Fact]
    public void A_folder_of_folders_has_a_class_for_each()
    {
        using var folder = new TemporaryFolder(
            new CaseFile("sport/b.txt", "second"u8.ToArray()), new CaseFile("sport/a.txt", "first"u8.ToArray()),
            new CaseFile("art/1", [0xC4]), new CaseFile(".hidden/x", [1]), new CaseFile("art/.x", [1]), new CaseFile("readme", [1]));
        var texts = LabeledTexts.LoadFolder(folder.Root, Encoding.Latin1);

        Assert.Equal(["art", "sport"], texts.ClassNames.ToArray());
        Assert.Equal(["Ä", "first", "second"], texts.Texts.ToArray());
        Assert.Equal([0, 1, 1], texts.Labels.ToArray());
        Assert.Equal((folder.At("art/1"), "byte 0"), Place(Assert.Throws<DataFormatException>(() => LabeledTexts.LoadFolder(folder.Root))));

        static (string, string) Place(DataFormatException refusal) => (refusal.File, refusal.Place);
    }

    [Fact]
    public void Folders_without_classes_or_texts_are_refused()
    {
        using var folder = new TemporaryFolder();
        Refusal.Of<DataNotFoundException>(() => LabeledTexts.LoadFolder(folder.Root), folder.Root, "has none");
        Refusal.Of<DataNotFoundException>(() => LabeledTexts.LoadFolder(folder.At("no")), folder.At("no"), "does not exist");
        Directory.CreateDirectory(folder.At("a"));
        Refusal.Of<DataNotFoundException>(() => LabeledTexts.LoadFolder(folder.Root), folder.At("a"));
    }

    [Fact]
    public void A_file_may_have_a_text_in_each_line()
    {
        using var folder = new TemporaryFolder(
            new CaseFile("a", [0xC4, (byte)'\r', (byte)'\n', (byte)' ', (byte)'\n', (byte)'x', 0x85, (byte)'y']),
            new CaseFile("b", "one\n\ntwo\n"u8.ToArray()), new CaseFile("blank", "\n \n"u8.ToArray()));
        var texts = LabeledTexts.LoadLines("lines", [(folder.At("b"), "good"), (folder.At("a"), "bad"), (folder.At("b"), "good")],
            Encoding.Latin1);

        Assert.Equal("lines: 6 texts, 2 classes", texts.ToString());
        Assert.Equal(["good", "bad"], texts.ClassNames.ToArray());
        Assert.Equal(["one", "two", "Ä", "x\u0085y", "one", "two"], texts.Texts.ToArray());
        Assert.Equal([0, 0, 1, 1, 0, 0], texts.Labels.ToArray());
        Refusal.Of<DataFormatException>(() => LabeledTexts.LoadLines("lines", [(folder.At("a"), "bad")]), folder.At("a"), "byte 0");
        Refusal.Of<DataNotFoundException>(() => LabeledTexts.LoadLines("lines", [(folder.At("no"), "c")]), folder.At("no"), "not exist");
        Refusal.Of<DataNotFoundException>(() => LabeledTexts.LoadLines("lines", [(folder.At("blank"), "c")]), folder.At("blank"), "none");
        Refusal.Of<ArgumentException>(() => LabeledTexts.LoadLines("lines", []), "'lines'", "no file");
    }

    [Theory, InlineData(null), InlineData(5ul)]
    public void Texts_are_split_as_their_dataset_would_be(ulong? seed)
    {
        string[] words = [.. Enumerable.Range(0, 40).Select(i => $"w{i}")];
        var texts = new LabeledTexts("films", words, [.. words.Select((_, i) => i % 4 == 0 ? 1 : 0)], ["bad", "good"]);
        var (kept, heldOut) = texts.Split(0.2, seed);
        var vocabulary = Vocabulary.Build(words);
        var (keptData, heldOutData) = texts.ToDataset(vocabulary).Split(0.2, seed);

        Assert.Equal((32, 8), (kept.Count, heldOut.Count));
        Assert.Equal(("films", "films/held-out"), (kept.Name, heldOut.Name));
        Assert.Equal(2, heldOut.Labels.ToArray().Sum());
        AssertSame(keptData, kept);
        AssertSame(heldOutData, heldOut);

        void AssertSame(Dataset<SequenceBatch> data, LabeledTexts part)
        {
            var (tokens, _, labels) = data.Load([.. Enumerable.Range(0, data.Count)]);
            Assert.Equal(part.Texts.ToArray().Select(text => vocabulary[text]), tokens.ToArray());
            Assert.Equal(part.Labels.ToArray(), labels.ToArray());
            Assert.Equal(texts.ClassNames.ToArray(), part.ClassNames.ToArray());
        }
    }

    [Fact]
    public void Texts_become_padded_batches()
    {
        var texts = new LabeledTexts("films", ["Good film", "bad"], [1, 0], ["bad", "good"]);
        var (tokens, lengths, labels) = texts.ToDataset(new Vocabulary("bad", "film", "good")).Load(0, 1);

        Assert.Equal([4, 3, 2, Vocabulary.Padding], tokens.ToArray());
        Assert.Equal([2, 1], lengths.ToArray());
        Assert.Equal([1, 0], labels.ToArray());
        Assert.Equal([4], texts.ToDataset(new Vocabulary("bad", "film", "good"), maxLength: 1).Sample(0).ToArray());
        Refusal.Of<ArgumentException>(() => new LabeledTexts("x", ["a"], [], ["c"]), "1 texts", "0 labels");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LabeledTexts("x", ["a"], [1], ["c"]), "text 0", "0..0");
    }

    [Theory]
    [InlineData("")]
    [InlineData("aclImdb/")]
    public void Reviews_are_negative_and_positive(string own)
    {
        using var folder = new TemporaryFolder(FileMaker.Texts(
            own + "train/pos", own + "train/neg", own + "train/unsup", own + "test/neg", own + "test/pos"));
        var (train, test) = ImdbReviews.Load(folder.Root);

        Assert.Equal((4, 4, "imdb/train"), (train.Count, test.Count, train.Name));
        Assert.Equal([0, 0, 1, 1], train.Labels.ToArray());
        Assert.Equal("neg", train.ClassNames[0]);
        Assert.EndsWith("train/neg. Don't!", train.Texts[0], StringComparison.Ordinal);
        Refusal.Of<DataNotFoundException>(() => ImdbReviews.Load(folder.At("no")), "ai.stanford.edu", "train/neg");
    }

    [Theory]
    [InlineData("")]
    [InlineData("rt-polarity/")]
    [InlineData("rt-polaritydata/")]
    public void Sentences_are_negative_and_positive(string own)
    {
        using var folder = new TemporaryFolder(
            new CaseFile(own + "rt-polarity.pos", "a moving film\nwarm \n"u8.ToArray()),
            new CaseFile(own + "rt-polarity.neg", [(byte)'n', (byte)'a', 0xEF, (byte)'v', (byte)'e', (byte)'\n']));
        var sentences = SentencePolarity.Load(folder.Root);

        Assert.Equal("rt-polarity: 3 texts, 2 classes", sentences.ToString());
        Assert.Equal(["na\u00efve", "a moving film", "warm"], sentences.Texts.ToArray());
        Assert.Equal([0, 1, 1], sentences.Labels.ToArray());
        Assert.Equal(["negative", "positive"], sentences.ClassNames.ToArray());
    }

    [Fact]
    public void Sentences_that_are_not_there_or_too_many_are_refused()
    {
        byte[] longest = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("film\n", 5331)));
        using var folder = new TemporaryFolder(
            new CaseFile("half/rt-polarity.pos", "film"u8.ToArray()),
            new CaseFile("empty/rt-polarity.pos", "film"u8.ToArray()), new CaseFile("empty/rt-polarity.neg", "\n"u8.ToArray()),
            new CaseFile("long/rt-polarity.neg", longest), new CaseFile("long/rt-polarity.pos", [.. longest, .. "film"u8]));

        Refusal.Of<DataNotFoundException>(
            () => SentencePolarity.Load(folder.At("no")), "rt-polarity.neg and rt-polarity.pos", folder.At("no"), "cs.cornell.edu");
        Refusal.Of<DataNotFoundException>(
            () => SentencePolarity.Load(folder.At("half")), $"{folder.At("half")} (without rt-polarity.neg)", "TINYNET_DATA");
        Refusal.Of<DataNotFoundException>(() => SentencePolarity.Load(folder.At("empty")), folder.At("empty/rt-polarity.neg"), "none");
        Refusal.Of<DataFormatException>(() => SentencePolarity.Load(folder.At("long")), folder.At("long/rt-polarity.pos"), "5331", "5332");
    }
}
