using System.Diagnostics;
using System.Globalization;

namespace TinyNet.Bench;

/// <summary>A training in a process of its own, which can be killed.</summary>
internal sealed class CrashChild(string program, string[] arguments) : IDisposable
{
    /// <summary>What the child writes when it has begun to train, and at its end.</summary>
    public const string Begun = "training", HashName = "weights sha256 ", StopName = "stopped at step ";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Process _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;

    /// <summary>Waits until it trains: from then on a signal ends it in its own way.</summary>
    public void WaitUntilBegun()
    {
        if (_process.StandardOutput.ReadLine() != Begun)
        {
            throw Failure("before it trained");
        }
    }

    /// <summary>Whether it ends by itself within some time.</summary>
    public bool EndsWithin(double seconds) => _process.WaitForExit(TimeSpan.FromSeconds(seconds));

    /// <summary>Lets it go to its end; gives the hash of its weights.</summary>
    public string Hash() => Rest() is var line && line.StartsWith(HashName, StringComparison.Ordinal)
        ? line[HashName.Length..]
        : throw Failure("and was not killed");

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        Rest();
    }

    /// <summary>Asks it to end, and waits; gives the step that it stopped at, or null if the training was over just then.</summary>
    public long? Stop(string signal)
    {
        using (var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        string line = Rest();
        return line.StartsWith(StopName, StringComparison.Ordinal) ? long.Parse(line[StopName.Length..], CultureInfo.InvariantCulture)
            : line.Length == 0 || line.StartsWith(HashName, StringComparison.Ordinal) ? null
            : throw Failure($"after SIG{signal}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>What it writes until it ends.</summary>
    private string Rest()
    {
        var text = _process.StandardOutput.ReadToEndAsync();
        return _process.WaitForExit(Longest)
            ? text.Result.Trim()
            : throw new CommandFailure($"a training did not end within {Longest}");
    }

    private CommandFailure Failure(string when) => new(
        $"a training ended {when}, with exit code {(_process.WaitForExit(Longest) ? _process.ExitCode : null)}");
}
