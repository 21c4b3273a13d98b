using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TinyNet.Training;

/// <summary>
/// Shows how a training goes: a line for each epoch, and on a terminal below them a line that is written over and over, with the batch, the
/// loss so far, samples a second and the time that is left of the training.
/// </summary>
/// <example>
/// <code>
/// var trainer = new Trainer(model, optimizer, new CrossEntropy()) { Callbacks = { new ConsoleProgress() } };
/// </code>
/// </example>
public sealed class ConsoleProgress : Callback
{
    // A terminal that is asked for more slows the training down.
    private const double SecondsBetween = 0.1;

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private long _start, _shown;
    private long _samples, _batches;
    private int _width;

    /// <summary>Shows it on the console, or, where that goes into a file, the lines of the epochs alone.</summary>
    public ConsoleProgress() : this(Console.Out, !Console.IsOutputRedirected)
    {
    }

    /// <summary>Shows it elsewhere.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="isTerminal">Whether a line can be written over, by the character CR.</param>
    public ConsoleProgress(TextWriter output, bool isTerminal = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        (_output, _isTerminal) = (output, isTerminal);
    }

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (_start, _shown, _samples, _batches) = (Stopwatch.GetTimestamp(), 0, 0, 0);
    }

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _samples += run.BatchSamples;
        _batches++;
        if (!_isTerminal || (_shown != 0 && Stopwatch.GetElapsedTime(_shown).TotalSeconds < SecondsBetween))
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double left = seconds / _batches * (((double)run.Epochs - run.Epoch) * run.Batches + run.Batches - run.Batch);
        Overwrite(string.Create(
            CultureInfo.InvariantCulture,
            $"{Epoch(run)}  batch {run.Batch}/{run.Batches}  loss {HistoryRow.Show(run.Loss)}  {_samples / seconds:#,0} samples/s"
            + $"  {Time(left)} left"));
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(row);
        Overwrite("");
        var line = new StringBuilder(Epoch(run));
        string part = "";
        foreach (string column in run.History.Columns)
        {
            string of = column.Split('_')[0];
            string name = of is "train" or "validation" ? column[(of.Length + 1)..] : column;
            string prefix = of is "train" or "validation" ? of == part ? " " : $"  {of} " : "  ";
            string value = column == "seconds"
                ? string.Create(CultureInfo.InvariantCulture, $"{row[column]:0.0} s")
                : $"{name.Replace('_', ' ')} {HistoryRow.Show(row[column])}";
            line.Append(prefix).Append(value);
            part = of;
        }

        _output.WriteLine(line);
    }

    /// <inheritdoc/>
    public override void OnFitEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Overwrite("");
        string? reason = run.History.StopReason switch
        {
            StopReason.EarlyStopping when run.History.BestEpoch is { } best => $"stopped early: none was better than epoch {best}",
            StopReason.EarlyStopping => "stopped early: no epoch was good",
            StopReason.Signal => "stopped by a signal",
            StopReason.Canceled => "canceled",
            StopReason.Requested => "stopped",
            _ => null,
        };
        if (reason is not null)
        {
            _output.WriteLine($"{Epoch(run)}  {reason}");
        }
    }

    private static string Epoch(TrainingRun run)
    {
        string epochs = run.Epochs.ToString(CultureInfo.InvariantCulture);
        return $"epoch {run.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(epochs.Length)}/{epochs}";
    }

    private static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        string minutes = time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
        return time.TotalHours < 1
            ? minutes
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{minutes.PadLeft(5, '0')}");
    }

    /// <summary>Writes a line over the one that is there, and stays in it; nothing, where nothing is there.</summary>
    private void Overwrite(string line)
    {
        if (line.Length == 0 && _width == 0)
        {
            return;
        }

        _output.Write($"\r{line.PadRight(_width)}");
        if (line.Length == 0)
        {
            _output.Write('\r');
        }

        _width = line.Length;
        _output.Flush();
    }
}
