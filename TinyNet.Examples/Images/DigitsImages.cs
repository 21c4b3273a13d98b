using TinyNet.Data;

namespace TinyNet.Examples;

/// <summary>The embedded handwritten digits, 1797 gray images of 8 x 8 pixels.</summary>
internal static class DigitsImages
{
    // Of the 1437 digits that are not for the test. Without them the weights are hardly worse (accuracy 0.9822 instead of 0.9829
    // when a tenth of the data was taken away, mean of 15 runs), and every run can show how it fares on digits it does not learn.
    private const double ValidationFraction = 0.1;

    public const string Description =
        """
        Of each digit 20 % are held out for the test at the end and choose nothing. A tenth of the rest is the validation part: it is scored
        after each epoch and not learned from.
        """;

    /// <summary>Loads them, and changes those that are learned from.</summary>
    public static ImageParts Load(ulong seed = 0, params Transform[] changes)
    {
        var (known, test) = Digits.Load();
        var (train, validation) = known.Split(ValidationFraction);
        return new ImageParts(changes.Length == 0 ? train : train.Transform(seed, changes), validation, test);
    }
}
