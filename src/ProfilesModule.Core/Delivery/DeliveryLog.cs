using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// A log of a run for unattended jobs: one line of JSON for its start, one for each request, and one for the end. It holds no data of rows
/// and no text of the service, which may hold such. Appends to what the file holds. Not thread-safe: its owner locks.
/// </summary>
internal sealed class DeliveryLog : IDisposable
{
    private readonly FileStream _file;
    private readonly Partition? _partition;
    private readonly TimeProvider _time;
    private readonly GrowingBuffer _line = new(512);
    private readonly Utf8JsonWriter _json;

    private DeliveryLog(FileStream file, Partition? partition, TimeProvider time)
    {
        (_file, _partition, _time) = (file, partition, time);
        _json = new(_line);
    }

    /// <summary>Opens a log, and creates it if it does not exist, for its owner only.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="partition">The part of the input that the run takes; null for all of it.</param>
    /// <param name="time">What tells the time.</param>
    public static DeliveryLog Open(string path, Partition? partition, TimeProvider time)
    {
        if (PrivateFile.IsDevice(path))
            return new(PrivateFile.OpenDevice(path), partition, time);
        var file = PrivateFile.OpenOrCreate(path, FileAccess.Write, FileShare.ReadWrite);
        if (file.CanSeek)
            file.Seek(0, SeekOrigin.End);
        return new(file, partition, time);
    }

    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
        _file.Dispose();
    }

    internal void WriteStart() => WriteLine(json =>
    {
        json.WriteString("event", "start");
        WritePartition(json);
    });

    internal void Write(BatchSent sent) => WriteLine(json =>
    {
        json.WriteString("event", "request");
        json.WriteNumber("batch", sent.Batch);
        json.WriteNumber("firstRow", sent.First.Row);
        json.WriteNumber("lastRow", sent.Last.Row);
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

    internal void Write(DeliveryAccount account, string? stop) => WriteLine(json =>
    {
        json.WriteString("event", "end");
        WritePartition(json);
        json.WriteNumber("read", account.Read);
        json.WriteNumber("accepted", account.Accepted);
        json.WriteNumber("unchanged", account.Unchanged);
        json.WriteNumber("rejected", account.Rejected);
        json.WriteNumber("skipped", account.Skipped);
        json.WriteNumber("unknown", account.Unknown);
        json.WriteNumber("unsent", account.Unsent);
        if (_partition is not null)
            json.WriteNumber("otherPartitions", account.OtherPartitions);
        json.WriteNumber("requests", account.Requests);
        json.WriteNumber("retries", account.Retries);
        json.WriteNumber("bytes", account.Bytes);
        if (stop is not null)
            json.WriteString("stop", stop);
    });

    private void WritePartition(Utf8JsonWriter json)
    {
        if (_partition is not { } partition)
            return;
        json.WriteNumber("partition", partition.Number);
        json.WriteNumber("partitionCount", partition.Count);
    }

    private void WriteLine(Action<Utf8JsonWriter> content)
    {
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("time", _time.GetUtcNow());
        content(_json);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write((byte)'\n');
        _file.Write(_line.WrittenSpan);
        _line.Truncate(0);
    }
}
