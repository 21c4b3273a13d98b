using System.Globalization;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>
/// Remembers how numbers of a model change while it is trained: a row for each epoch with the loss, in a CSV file too where there is a
/// folder for it. A run that goes on takes the rows before from the file.
/// </summary>
internal sealed class ParameterPath(string? file, params (string Name, Func<double> Value)[] numbers) : Callback
{
    private const int RowsShown = 10;

    private readonly History _rows = new(["train_loss", .. numbers.Select(number => number.Name)]);

    public override void OnFitStarted(TrainingRun run)
    {
        if (file is null || run.Epoch == 0)
        {
            return;
        }

        var before = History.ReadCsv(file);
        if (!before.Columns.SequenceEqual(_rows.Columns))
        {
            throw new CommandException(
                $"--resume: '{file}' has other columns than {string.Join(", ", _rows.Columns)}; delete the run's folder");
        }

        foreach (var row in before.Rows.TakeWhile(row => row.Epoch <= run.Epoch))
        {
            _rows.Add(row.Epoch, [.. row.Values]);
        }
    }

    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        _rows.Add(row.Epoch, [row["train_loss"], .. numbers.Select(number => number.Value())]);
        if (file is not null)
        {
            _rows.WriteCsv(file);
        }
    }

    /// <summary>Writes the first epoch and some after it.</summary>
    public void Write(TextWriter output)
    {
        int every = Math.Max(1, _rows.Rows.Count / RowsShown);
        output.WriteLine("epoch     loss" + string.Concat(numbers.Select(number => Column(number.Name, number.Name))));
        foreach (var row in _rows.Rows.Where(row => row.Epoch == 1 || row.Epoch % every == 0))
        {
            var values = numbers.Select(number => Column(number.Name, row[number.Name].ToString("F2", CultureInfo.InvariantCulture)));
            output.WriteLine($"{row.Epoch,5}{row["train_loss"],9:G3}" + string.Concat(values));
        }
    }

    private static string Column(string name, string text) => text.PadLeft(Math.Max(name.Length + 1, 6));
}
