using System.Security.Cryptography;
using System.Text.Json;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// A log of a run for unattended jobs: one line of JSON for its start, one for each request, and one for the end. It holds no data of rows
/// and no text of the service, which may hold such. Each line names its run and its number in it, so that the runs of several tasks can be
/// told apart, and copies of lines (<see cref="LogRecord"/>). Appends to what the file holds. Not thread-safe: its owner locks.
/// </summary>
internal sealed class DeliveryLog : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly LogSubject _subject;
    private readonly string _run = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
    private readonly List<string> _sources = [];
    private readonly GrowingBuffer _line = new(512);
    private readonly Utf8JsonWriter _json;
    private long _lines;

    private DeliveryLog(FileStream file, LogSubject subject, TimeProvider time)
    {
        (_file, _subject, _time) = (file, subject, time);
        _json = new(_line);
    }

    /// <summary>Opens a log, and creates it if it does not exist, for its owner only.</summary>
    public static DeliveryLog Open(string path, LogSubject subject, TimeProvider time)
    {
        if (PrivateFile.IsDevice(path))
            return new(PrivateFile.OpenDevice(path), subject, time);
        var file = PrivateFile.OpenOrCreate(path, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (!file.CanSeek || file.Length == 0)
            return new(file, subject, time);

        // Behind a line that was broken off none may be appended.
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
        return new(file, subject, time);
    }

    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
        _file.Dispose();
    }

    /// <summary>Notes the next file of the input.</summary>
    internal void AddSource(string path)
    {
        _sources.Add(path);
        if (_lines > 0)
            WriteSource(path);
    }

    /// <summary>Writes the start of the run, if that was not yet done.</summary>
    internal void Begin()
    {
        if (_lines > 0)
            return;
        WriteLine(LogRecord.Start, json =>
        {
            json.WriteString("endpoint", _subject.Endpoint);
            if (_subject.GroupKey is { } group)
                json.WriteString("groupKey", group);
            if (_sources.Count > 0)
                json.WriteString("source", _sources[0]);
            WritePartition(json);
            if (_subject.RejectPath is { } rejects)
                json.WriteString("rejectPath", rejects);
            json.WriteBoolean("mayStartAgain", _subject.MayStartAgain);
            if (_subject.Earlier.Read > 0)
                WriteRows(json, _subject.Earlier);
        });
        foreach (var source in _sources.Skip(1))
            WriteSource(source);
    }

    internal void Write(BatchSent sent) => WriteLine(LogRecord.Request, json =>
    {
        json.WriteNumber("batch", sent.Batch);
        json.WriteNumber("firstRow", sent.First.Row);
        json.WriteNumber("lastRow", sent.Last.Row);
        json.WriteNumber("rows", sent.Rows);
        json.WriteNumber("updates", sent.Updates);
        json.WriteNumber("bytes", sent.Bytes);
        json.WriteNumber("attempt", sent.Attempt);
        json.WriteNumber("status", sent.Verdict.StatusCode);
        json.WriteString("outcome", sent.Verdict.Kind.ToString());
        if (sent.Verdict.Failed.Count > 0)
            json.WriteNumber("refused", sent.Verdict.Failed.Count);
        json.WriteNumber("atOnce", sent.AtOnce);
        json.WriteNumber("ms", Math.Round(sent.Elapsed.TotalMilliseconds, 1));
    });

    /// <summary>Writes the end of the run.</summary>
    /// <param name="account">What became of its rows.</param>
    /// <param name="removed">The profiles that it removed.</param>
    /// <param name="stop">Why it ended early; null if it did not.</param>
    /// <param name="exitCode">Its exit code.</param>
    internal void Write(DeliveryAccount account, long removed, string? stop, int exitCode)
    {
        Begin();
        WriteLine(LogRecord.End, json =>
        {
            WritePartition(json);
            WriteRows(json, account);
            if (_subject.Partition is not null)
                json.WriteNumber("otherPartitions", account.OtherPartitions);
            json.WriteNumber("removed", removed);
            json.WriteNumber("requests", account.Requests);
            json.WriteNumber("retries", account.Retries);
            json.WriteNumber("bytes", account.Bytes);
            if (stop is not null)
                json.WriteString("stop", stop);
            json.WriteNumber("exitCode", exitCode);
        });
    }

    private void WriteSource(string path) => WriteLine(LogRecord.NextSource, json => json.WriteString("source", path));

    private void WritePartition(Utf8JsonWriter json)
    {
        if (_subject.Partition is not { } partition)
            return;
        json.WriteNumber("partition", partition.Number);
        json.WriteNumber("partitionCount", partition.Count);
    }

    private static void WriteRows(Utf8JsonWriter json, DeliveryAccount account)
    {
        json.WriteNumber("read", account.Read);
        json.WriteNumber("accepted", account.Accepted);
        json.WriteNumber("unchanged", account.Unchanged);
        json.WriteNumber("rejected", account.Rejected);
        json.WriteNumber("skipped", account.Skipped);
        json.WriteNumber("unknown", account.Unknown);
        json.WriteNumber("unsent", account.Unsent);
    }

    private void WriteLine(string what, Action<Utf8JsonWriter> content)
    {
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("time", _time.GetUtcNow());
        _json.WriteString("event", what);
        _json.WriteString("run", _run);
        _json.WriteNumber("n", ++_lines);
        content(_json);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write((byte)'\n');
        _file.Write(_line.WrittenSpan);
        _line.Truncate(0);
    }
}

/// <summary>What a log says of a run at its start.</summary>
internal sealed record LogSubject
{
    /// <summary>Where the updates go.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The kind of group; null for users.</summary>
    public string? GroupKey { get; init; }

    /// <summary>The part of the input that the run takes; null for all of it.</summary>
    public Partition? Partition { get; init; }

    public string? RejectPath { get; init; }

    /// <summary>Whether the import may be started again if it does not come to its end.</summary>
    public bool MayStartAgain { get; init; }

    /// <summary>What became of the rows of earlier runs that this one continues.</summary>
    public DeliveryAccount Earlier { get; init; } = new();
}
