using System.Text.Json;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// A log of a run for unattended jobs: one line of JSON for each request, and one for the end. It holds no data of rows
/// and no text of the service, which may hold such. Appends to what the file holds. Not thread-safe: its owner locks.
/// </summary>
internal sealed class DeliveryLog : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly GrowingBuffer _line = new(512);
    private readonly Utf8JsonWriter _json;

    private DeliveryLog(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
        _json = new(_line);
    }

    /// <summary>Opens a log, and creates it if it does not exist, for its owner only.</summary>
    public static DeliveryLog Open(string path, TimeProvider time)
    {
        if (PrivateFile.IsDevice(path))
            return new(PrivateFile.OpenDevice(path), time);
        var file = PrivateFile.OpenOrCreate(path, FileAccess.Write, FileShare.ReadWrite);
        if (file.CanSeek)
            file.Seek(0, SeekOrigin.End);
        return new(file, time);
    }

    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
        _file.Dispose();
    }

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
        json.WriteNumber("read", account.Read);
        json.WriteNumber("accepted", account.Accepted);
        json.WriteNumber("unchanged", account.Unchanged);
        json.WriteNumber("rejected", account.Rejected);
        json.WriteNumber("skipped", account.Skipped);
        json.WriteNumber("unknown", account.Unknown);
        json.WriteNumber("unsent", account.Unsent);
        json.WriteNumber("requests", account.Requests);
        json.WriteNumber("retries", account.Retries);
        json.WriteNumber("bytes", account.Bytes);
        if (stop is not null)
            json.WriteString("stop", stop);
    });

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
