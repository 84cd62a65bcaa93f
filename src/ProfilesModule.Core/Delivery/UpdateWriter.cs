using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Encodes updates, each once, into the open batch of a run: <c>$token</c>, <c>$distinct_id</c>, <c>$ip</c> and one
/// operation a record. <see cref="Begin"/>, then the operation's value through <see cref="Json"/>, then <see cref="TryEnd"/>,
/// then <see cref="Commit"/> or <see cref="Abandon"/>; then, when <see cref="HasFullBatch"/>,
/// <see cref="SendFullBatchAsync"/>. For one producer.
/// </summary>
public sealed class UpdateWriter : IDisposable
{
    private static readonly JsonEncodedText Token = EngageJson.Encode("$token");
    private static readonly JsonEncodedText DistinctId = EngageJson.Encode("$distinct_id");
    private static readonly JsonEncodedText GroupKey = EngageJson.Encode("$group_key");
    private static readonly JsonEncodedText GroupId = EngageJson.Encode("$group_id");

    private readonly UpdateSender _sender;
    private readonly JsonEncodedText _token;
    private readonly RecordOptions _options;
    private readonly JsonEncodedText? _groupKey;
    private readonly Utf8JsonWriter _json;
    private UpdateBatch _open;
    private UpdateBatch? _full;
    private ulong _profile;
    private Operation _operation;

    /// <summary>Makes a writer for the only producer of a run.</summary>
    /// <param name="sender">The run.</param>
    /// <param name="token">The project token.</param>
    /// <param name="options">What every record carries; null for the defaults.</param>
    public UpdateWriter(UpdateSender sender, string token, RecordOptions? options = null)
    {
        _sender = sender;
        _token = EngageJson.Encode(token);
        _options = options ?? new();
        _groupKey = _options.GroupKey is { } groupKey ? EngageJson.Encode(groupKey) : null;
        _open = sender.NewBatch();
        _json = new(_open.Body, EngageJson.Options);
    }

    /// <summary>Writes the value of the operation, between <see cref="Begin"/> and <see cref="TryEnd"/>.</summary>
    public Utf8JsonWriter Json => _json;

    /// <summary>Whether a batch is full and waits to be sent. No update may be begun while it does.</summary>
    public bool HasFullBatch => _full is not null;

    /// <summary>Counts a row of the input. Every row is counted once, whatever becomes of it.</summary>
    /// <returns>The 1-based number of the row in its run.</returns>
    public long CountRow() => _sender.Ledger.RowRead();

    /// <summary>Counts a row that was refused before it was sent.</summary>
    public void CountRejected() => _sender.Ledger.Rejected(1);

    /// <summary>Starts an update.</summary>
    /// <param name="id">The distinct id of the user, or the id of the group, as UTF-8.</param>
    /// <param name="operation">What to do to the profile.</param>
    public void Begin(ReadOnlySpan<byte> id, Operation operation)
    {
        _open.BeginRecord();
        _json.Reset(_open.Body);
        _json.WriteStartObject();
        _json.WriteString(Token, _token);
        if (_groupKey is { } groupKey)
            _json.WriteString(GroupKey, groupKey);
        _json.WriteString(_groupKey is null ? DistinctId : GroupId, id);
        _options.WriteTo(_json);
        _json.WritePropertyName(operation.Key());
        _profile = ProfileHash.Of(id);
        _operation = operation;
    }

    /// <summary>Lets the encoder go; what was not sent is forgotten.</summary>
    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
    }

    /// <summary>Forgets the update that was begun.</summary>
    public void Abandon()
    {
        _json.Reset(_open.Body);
        _open.AbandonRecord();
    }

    /// <summary>Forgets the update that was begun and counts its row as left out on purpose.</summary>
    public void Skip()
    {
        Abandon();
        _sender.Ledger.Skipped(1);
    }

    /// <summary>Ends the record that was begun. False when it alone is larger than a request may be; it is then forgotten.</summary>
    public bool TryEnd()
    {
        _json.WriteEndObject();
        _json.Flush();
        if (_open.Body.Length - _open.NextRecordStart + 2 <= Limits.MaximumBatchBytes)
            return true;
        Abandon();
        return false;
    }

    /// <summary>Makes the record that was ended an update to be sent.</summary>
    /// <param name="origin">Where the update came from.</param>
    /// <param name="rawRow">Its row as it stands in its file; empty for an update that came from no file.</param>
    public void Commit(UpdateOrigin origin, ReadOnlySpan<byte> rawRow = default)
    {
        _open.Commit(_operation, _profile, origin, rawRow);
        if (_open.Bytes > Limits.MaximumBatchBytes)
        {
            var next = _sender.NewBatch();
            _open.MoveLastTo(next);
            (_full, _open) = (_open, next);
        }
        else if (_open.Count == _sender.Options.BatchSize)
        {
            (_full, _open) = (_open, _sender.NewBatch());
        }
    }

    /// <summary>Hands the full batch to the run. Waits while too many are under way.</summary>
    public async ValueTask SendFullBatchAsync()
    {
        if (_full is not { } full)
            return;
        _full = null;
        await _sender.SendAsync(full).ConfigureAwait(false);
    }

    /// <summary>Hands everything to the run that was written so far.</summary>
    public async ValueTask FlushAsync()
    {
        await SendFullBatchAsync().ConfigureAwait(false);
        if (_open.Count == 0)
            return;
        (_full, _open) = (_open, _sender.NewBatch());
        await SendFullBatchAsync().ConfigureAwait(false);
    }
}
