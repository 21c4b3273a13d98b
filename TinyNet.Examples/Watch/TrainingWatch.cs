using System.Diagnostics;
using Spectre.Console;
using TinyNet.Training;

namespace TinyNet.Examples;

/// <summary>Shows a training live on a terminal, with how the gradients and activations of its layers are.</summary>
internal sealed class TrainingWatch : Callback
{
    // A picture changes slowly.
    private const double SecondsBetween = 0.25;

    private readonly IAnsiConsole _console;
    private readonly string _title;
    private readonly TextWriter _output;
    private readonly Func<bool>? _isStopAsked;
    private readonly LossCurve _losses = new();
    private LiveDisplayContext? _live;
    private WatchPicture? _picture;
    private TrainingRun? _run;
    private long _shown;

    /// <summary>Prepares to show a training.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="title">What is trained.</param>
    /// <param name="output">Where the lines go that stay below the last picture.</param>
    /// <param name="isStopAsked">Whether the user asked for a stop after the epoch since the last time; null where nobody can.</param>
    public TrainingWatch(IAnsiConsole console, string title, TextWriter output, Func<bool>? isStopAsked = null) =>
        (_console, _title, _output, _isStopAsked) = (console, title, output, isStopAsked);

    /// <summary>Whether the user has stopped the training.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether a terminal can show it.</summary>
    public static bool CanShowOn(IAnsiConsole console) => console.Profile.Capabilities is { Ansi: true, Unicode: true, Interactive: true };

    /// <summary>Whether the key q was pressed.</summary>
    public static bool IsStopKeyPressed()
    {
        bool isPressed = false;
        while (Console.KeyAvailable)
        {
            isPressed |= Console.ReadKey(intercept: true).Key == ConsoleKey.Q;
        }

        return isPressed;
    }

    /// <summary>Shows a training while it goes on, and leaves the last picture and the line of the last epoch.</summary>
    public void Show(RunRecord record, Action train)
    {
        _picture = new WatchPicture(_title, _losses, record.Gradients, record.Activations);
        _console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Start(live =>
        {
            _live = live;
            train();
        });
        var lines = new ConsoleProgress(_output, Math.Max(1, _console.Profile.Width));
        if (_run!.History.Rows is [.., var row])
        {
            lines.OnEpochEnded(_run, row);
        }

        lines.OnFitEnded(_run);
    }

    /// <inheritdoc/>
    public override void OnFitStarted(TrainingRun run) => _run = run;

    /// <inheritdoc/>
    public override void OnBatchEnded(TrainingRun run)
    {
        _losses.Add(run.BatchLoss);
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown).TotalSeconds < SecondsBetween)
        {
            return;
        }

        IsStopped |= _isStopAsked?.Invoke() == true;
        Draw(run);
    }

    /// <inheritdoc/>
    public override void OnEpochEnded(TrainingRun run, HistoryRow row)
    {
        IsStopped |= _isStopAsked?.Invoke() == true;
        if (IsStopped)
        {
            run.Stop();
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnded(TrainingRun run) => Draw(run, isOver: true);

    private void Draw(TrainingRun run, bool isOver = false)
    {
        _shown = Stopwatch.GetTimestamp();
        string footer = isOver ? "" : IsStopped ? "stops after this epoch"
            : (_isStopAsked is null ? "" : "q stops after this epoch, ") + "Ctrl-C after this step";

        // A line that fills the terminal is on some one of two, and the last line is where the cursor waits.
        int width = Math.Max(1, _console.Profile.Width - 1);
        var lines = _picture!.Draw(run, footer, width, _console.Profile.Height - 1);
        _live!.UpdateTarget(new Rows(lines.Select(line => line.ToRenderable(width))));
    }
}
