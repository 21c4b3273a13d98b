using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>
/// Writes an event file of TensorBoard, which shows scalars and histograms over the steps of a run: <c>tensorboard --logdir runs</c>,
/// where each folder below <c>runs</c> is a run.
/// </summary>
/// <remarks>
/// A record is a TFRecord frame with CRC-32C around an <c>Event</c> in the wire format of protocol buffers. Records reach the file whole,
/// by <see cref="Flush"/>, <see cref="Dispose"/>, or with one that comes half a minute after the last time: a process that ends in between
/// leaves a file that can be read. A run that goes on gets one more file in its folder. For one thread at a time.
/// </remarks>
/// <example>
/// <code>
/// using var events = EventFileWriter.InFolder("runs/first");
/// events.AddScalar("loss/train", loss, step);
/// </code>
/// </example>
public sealed class EventFileWriter : IDisposable
{
    private const string Version = "brain.Event:2", NameBegins = "events.out.tfevents.", NameHas = "tfevents";

    private const int SecondsBetweenFlushes = 30, MostPendingBytes = 1 << 20;

    // Numbers the files of this process, so that no two have one name.
    private static int _files = -1;

    private readonly TimeProvider _time;
    private readonly SafeFileHandle _file;
    private readonly ArrayBufferWriter<byte> _pending = new();

    // The parts of an event, from the whole to the inmost.
    private readonly ProtoMessage _event = new(), _summary = new(), _value = new(), _inmost = new();
    private long _length, _flushed;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path, which is not there yet; its folder is made where that is not there.</param>
    /// <param name="time">The clock by which events are dated; null for that of the system.</param>
    /// <exception cref="ArgumentException">TensorBoard would not see it: <c>tfevents</c> is not in its name.</exception>
    /// <exception cref="IOException">The file is there already, or cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    public EventFileWriter(string path, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
        if (!System.IO.Path.GetFileName(Path).Contains(NameHas, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{path}' is no name of an event file: TensorBoard reads those with '{NameHas}' in their names alone", nameof(path));
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        _time = time ?? TimeProvider.System;
        _file = File.OpenHandle(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        _flushed = _time.GetTimestamp();
        BeginEvent(step: 0);
        _event.Write(Field.Event.FileVersion, Version);
        EndEvent();
        Flush();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Begins a file in the folder of a run, under the usual name: <c>events.out.tfevents.</c>, seconds since 1970, machine, process, and a
    /// number.
    /// </summary>
    /// <param name="folder">The folder, which is made where it is not there.</param>
    /// <param name="time">The clock by which events are dated; null for that of the system.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    public static EventFileWriter InFolder(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        long seconds = (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"{NameBegins}{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref _files)}");
        return new EventFileWriter(System.IO.Path.Combine(folder, name), time);
    }

    /// <summary>Adds a number.</summary>
    /// <param name="tag">What it is; what stands before a slash is the group in which it is shown.</param>
    /// <param name="value">The number, which is kept as a float; nan and infinities are shown as such.</param>
    /// <param name="step">The step of the run.</param>
    /// <exception cref="ArgumentException">There is no tag.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddScalar(string tag, double value, long step)
    {
        BeginValue(tag, step);
        _value.Write(Field.Value.Simple, (float)value);
        EndValue(step);
    }

    /// <summary>Adds the distribution of values.</summary>
    /// <param name="tag">What they are; what stands before a slash is the group in which it is shown.</param>
    /// <param name="values">The values; what is not finite is left out.</param>
    /// <param name="step">The step of the run.</param>
    /// <exception cref="ArgumentException">There is no tag.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddHistogram(string tag, ReadOnlySpan<float> values, long step) => AddHistogram(tag, EventHistogram.Of(values), step);

    /// <summary>Adds a distribution.</summary>
    /// <param name="tag">What it is of; what stands before a slash is the group in which it is shown.</param>
    /// <param name="histogram">The distribution.</param>
    /// <param name="step">The step of the run.</param>
    /// <exception cref="ArgumentException">There is no tag.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddHistogram(string tag, EventHistogram histogram, long step)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        BeginValue(tag, step);
        _inmost.Clear();
        _inmost.Write(Field.Histogram.Minimum, histogram.Minimum);
        _inmost.Write(Field.Histogram.Maximum, histogram.Maximum);
        _inmost.Write(Field.Histogram.Count, histogram.Counts.Sum());
        _inmost.Write(Field.Histogram.Sum, histogram.Sum);
        _inmost.Write(Field.Histogram.SumOfSquares, histogram.SumOfSquares);

        // A bin begins where the one before ends, and the first of them at the minimum.
        _inmost.WritePacked(Field.Histogram.BinEnds, histogram.Edges.Skip(1), histogram.Counts.Count);
        _inmost.WritePacked(Field.Histogram.BinCounts, histogram.Counts, histogram.Counts.Count);
        _value.Write(Field.Value.Histogram, _inmost);
        EndValue(step);
    }

    /// <summary>Writes what was added into the file.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    /// <exception cref="IOException">The file cannot be written; what was added is kept for the next time.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);

        // By its place, so that after a record that was written in part it goes on where that begins.
        RandomAccess.Write(_file, _pending.WrittenSpan, _length);
        _length += _pending.WrittenCount;
        _pending.ResetWrittenCount();
        _flushed = _time.GetTimestamp();
    }

    /// <summary>Writes what was added, and closes the file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Dispose()
    {
        if (_file.IsClosed)
        {
            return;
        }

        try
        {
            Flush();
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>
    /// Notes that the run goes on after a step. What older files of the folder have after it is no longer shown: a run that was interrupted
    /// goes on from its last checkpoint, and makes these steps once more.
    /// </summary>
    internal void AddRestart(long step)
    {
        BeginEvent(step + 1);
        _inmost.Clear();
        _inmost.Write(Field.SessionLog.Status, Field.SessionLog.Started);
        _event.Write(Field.Event.SessionLog, _inmost);
        EndEvent();
    }

    private void BeginValue(string tag, long step)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        Require.NotNegative(step);
        _value.Clear();
        _value.Write(Field.Value.Tag, tag);
    }

    private void EndValue(long step)
    {
        _summary.Clear();
        _summary.Write(Field.Summary.Value, _value);
        BeginEvent(step);
        _event.Write(Field.Event.Summary, _summary);
        EndEvent();
    }

    private void BeginEvent(long step)
    {
        _event.Clear();
        _event.Write(Field.Event.WallTime, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        _event.Write(Field.Event.Step, step);
    }

    private void EndEvent()
    {
        RecordFrame.Write(_pending, _event.Bytes);
        if (_pending.WrittenCount > MostPendingBytes || _time.GetElapsedTime(_flushed).TotalSeconds > SecondsBetweenFlushes)
        {
            Flush();
        }
    }

    /// <summary>The numbers of fields, from event.proto and summary.proto of TensorFlow.</summary>
    private static class Field
    {
        public static class Event
        {
            public const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7;
        }

        public static class SessionLog
        {
            public const int Status = 1;
            public const long Started = 1;
        }

        public static class Summary
        {
            public const int Value = 1;
        }

        public static class Value
        {
            public const int Tag = 1, Simple = 2, Histogram = 5;
        }

        public static class Histogram
        {
            public const int Minimum = 1, Maximum = 2, Count = 3, Sum = 4, SumOfSquares = 5, BinEnds = 6, BinCounts = 7;
        }
    }
}
