using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>Findings in the history of a training.</summary>
public static class HistoryDiagnosis
{
    private const string Train = "train_loss", Validation = "validation_loss";
    private const int LeastEpochs = 3;

    // What is learned by heart: the loss has fallen to less than this share.
    private const double Learned = 0.9;

    extension(History history)
    {
        /// <summary>
        /// Whether nothing is learned, or nothing that holds for other data; nothing where all is well or too few epochs are over.
        /// </summary>
        /// <param name="options">The thresholds; null for the defaults.</param>
        public IReadOnlyList<Finding> Diagnose(DiagnosisOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(history);
            options ??= new DiagnosisOptions();
            if (history.Rows.Count < LeastEpochs || !history.Columns.Contains(Train))
            {
                return [];
            }

            double[] train = [.. history[Train].Where(double.IsFinite)];
            if (train.Length < LeastEpochs || train[0] == 0)
            {
                return [];
            }

            double first = train[0], fall = (first - train.Min()) / Math.Abs(first);
            if (fall <= options.LeastFall)
            {
                return
                [
                    new Finding(
                        FindingKind.NotLearning, Severity.Critical, "", "the loss of what is learned from does not fall",
                        "fall over the loss of the first epoch", fall, options.LeastFall,
                        "try other learning rates, in steps of ten; look whether inputs and targets belong together"),
                ];
            }

            if (!history.Columns.Contains(Validation))
            {
                return [];
            }

            // Chance gives about what the first epoch began with.
            double[] validation = [.. history[Validation].Where(double.IsFinite)];
            double best = validation.DefaultIfEmpty(double.NaN).Min(), gain = (first - best) / Math.Abs(first);
            return train[^1] < Learned * first && gain < options.LeastFall && best > (1 - options.LeastFall) * validation[0]
                ?
                [
                    new Finding(
                        FindingKind.Memorizing, Severity.Warning, "",
                        "the loss of what is learned from falls, and that of validation data never does: it learns by heart",
                        "best validation loss below the first training loss, by a share of", gain, options.LeastFall,
                        "look whether labels belong to their samples (are they shuffled?), then regularize, or take more data"),
                ]
                : [];
        }
    }
}
