using TinyNet.Training;

namespace TinyNet.Analysis;

/// <summary>The history of a training as a figure.</summary>
public static class HistoryFigures
{
    private const string Train = "train_", Validation = "validation_";

    extension(History history)
    {
        /// <summary>A panel for each of what was measured, training and validation together, over the epochs.</summary>
        /// <exception cref="InvalidOperationException">There is no epoch yet.</exception>
        public Figure ToFigure()
        {
            ArgumentNullException.ThrowIfNull(history);
            if (history.Rows.Count == 0)
            {
                throw new InvalidOperationException("the history has no epoch yet, and nothing to draw");
            }

            double[] epochs = [.. history.Rows.Select(row => (double)row.Epoch)];
            var panels = history.Columns.GroupBy(Measured).Select(group => new Panel(
                group.Key, new Axis("epoch") { IsWhole = true }, new Axis(group.Key),
                [.. group.Select(column => new Line(Part(column), epochs, history[column]) { HasMarkers = epochs.Length <= 30 })]));
            return new Figure("Training", [.. panels]) { Columns = 2 };
        }
    }

    /// <summary>What a column measures, whether on what is learned from or on other data.</summary>
    private static string Measured(string column) => (column.StartsWith(Train, StringComparison.Ordinal) ? column[Train.Length..]
        : column.StartsWith(Validation, StringComparison.Ordinal) ? column[Validation.Length..]
        : column).Replace('_', ' ');

    private static string Part(string column) => column.StartsWith(Train, StringComparison.Ordinal) ? "training"
        : column.StartsWith(Validation, StringComparison.Ordinal) ? "validation"
        : column.Replace('_', ' ');
}
