using System.Diagnostics;
using System.Globalization;
using TinyNet.Core;

namespace TinyNet.Training;

/// <summary>
/// Shows how a training goes: a line for each epoch, and on a terminal below them a line that is written over and over, with the batch, the
/// loss so far, samples a second and the time that is left of the training. What a terminal is too narrow for is left out.
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

    // A terminal writes ^C behind the line where it is pressed: there is room for it, which is written over too.
    private const int Echo = 2;

    // What a terminal has that does not say.
    private const int UsualWidth = 80;

    private readonly TextWriter _output;
    private readonly Func<int>? _width;
    private long _start, _shown;
    private long _samples, _batches;
    private int _written;

    /// <summary>Shows it on the console, or, where that goes into a file, the lines of the epochs alone.</summary>
    public ConsoleProgress() => (_output, _width) = (Console.Out, Console.IsOutputRedirected ? null : WidthOfConsole);

    /// <summary>Shows it elsewhere.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="width">
    /// How many columns a terminal has, whose last line can be written over by the character CR; null for what is no terminal.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The width is less than 1.</exception>
    public ConsoleProgress(TextWriter output, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        (_output, _width) = (output, width is { } columns ? () => columns : null);
        Require.Positive(width ?? 1, nameof(width));
    }

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (_start, _shown, _samples, _batches) = (Stopwatch.GetTimestamp(), 0, 0, 0);
        if (run.Epoch >= run.Epochs)
        {
            string epochs = run.Epochs == 1 ? "the one epoch is" : $"all {Invariant(run.Epochs)} epochs are";
            _output.WriteLine($"nothing to do: {epochs} trained");
        }
        else if (run.Step > 0)
        {
            string batch = run.Batch == 0 ? "" : $", after batch {Invariant(run.Batch)} of {Invariant(run.Batches)}";
            _output.WriteLine($"goes on in epoch {Invariant(run.Epoch + 1)} of {Invariant(run.Epochs)}{batch}");
        }
    }

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _samples += run.BatchSamples;
        _batches++;
        if (_width is null || (_shown != 0 && Stopwatch.GetElapsedTime(_shown).TotalSeconds < SecondsBetween))
        {
            return;
        }

        _shown = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double left = seconds / _batches * (((double)run.Epochs - run.Epoch) * run.Batches + run.Batches - run.Batch);

        // A line that fills the terminal is on some one of two, and CR leads to the second.
        int width = Math.Max(1, _width() - 1 - Echo);
        string line = Fit(
            width, Epoch(run), [$"  batch {Invariant(run.Batch)}/{Invariant(run.Batches)}", $"  loss {HistoryRow.Show(run.Loss)}",
            string.Create(CultureInfo.InvariantCulture, $"  {_samples / seconds:#,0} samples/s"), $"  {Time(left)} left"], [2, 3, 1]);
        Overwrite(line.Length <= width ? line : line[..width]);
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(row);
        Overwrite("");
        var columns = run.History.Columns;
        string[] parts = new string[columns.Count];
        string part = "";
        for (int i = 0; i < parts.Length; i++)
        {
            string column = columns[i];
            string of = column.Split('_')[0];
            string name = of is "train" or "validation" ? column[(of.Length + 1)..] : column;
            string prefix = of is "train" or "validation" ? of == part ? " " : $"  {of} " : "  ";
            string value = column == "seconds"
                ? string.Create(CultureInfo.InvariantCulture, $"{row[column]:0.0} s")
                : $"{name.Replace('_', ' ')} {HistoryRow.Show(row[column])}";
            parts[i] = prefix + value;
            part = of;
        }

        _output.WriteLine(Fit(_width?.Invoke() ?? int.MaxValue, Epoch(run), parts, LessImportant(columns)));
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

    /// <summary>
    /// The columns that a narrow terminal has no room for, in the order in which they go: the learning rate and the time, which are the
    /// last two; then what training measured, and what validation did, each from its last metric to its loss, of which one stays.
    /// </summary>
    private static int[] LessImportant(IReadOnlyList<string> columns)
    {
        int measured = columns.Count - 2;
        int train = Enumerable.Range(0, measured).Count(i => columns[i].StartsWith("train_", StringComparison.Ordinal));
        int[] lessAndLess = [.. Enumerable.Range(0, train).Reverse(), .. Enumerable.Range(train, measured - train).Reverse()];
        return [measured, measured + 1, .. lessAndLess.SkipLast(1)];
    }

    private static string Epoch(TrainingRun run)
    {
        string epochs = Invariant(run.Epochs);
        return $"epoch {Invariant(run.Epoch).PadLeft(epochs.Length)}/{epochs}";
    }

    /// <summary>A line of its parts, of which as many are left out, in an order, as make it no wider than that.</summary>
    private static string Fit(int width, string beginning, string[] parts, ReadOnlySpan<int> lessImportant)
    {
        int length = beginning.Length + parts.Sum(part => part.Length);
        foreach (int part in lessImportant)
        {
            if (length > width)
            {
                length -= parts[part].Length;
                parts[part] = "";
            }
        }

        return beginning + string.Concat(parts);
    }

    private static int WidthOfConsole()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return UsualWidth;
        }
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        string minutes = time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
        return time.TotalHours < 1
            ? minutes
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{minutes.PadLeft(5, '0')}");
    }

    /// <summary>Writes a line over the one that is there, and stays behind it; nothing, where there is no terminal.</summary>
    private void Overwrite(string line)
    {
        if (_width is null)
        {
            return;
        }

        _output.Write($"\r{new string(' ', Math.Min(_written + Echo, _width() - 1))}\r{line}");
        _written = line.Length;
        _output.Flush();
    }
}
