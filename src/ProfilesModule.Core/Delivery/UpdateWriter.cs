using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Encodes updates, each once, into the open batch of a run: <c>$token</c>, <c>$distinct_id</c>, <c>$ip</c> and one
/// operation a record. <see cref="Begin(ReadOnlySpan{byte}, Operation)"/>, then the operation's value through <see cref="Json"/>, then <see cref="TryEnd"/>,
/// then <see cref="Commit"/> or <see cref="Abandon"/>; then, when <see cref="HasFullBatch"/>,
/// <see cref="SendFullBatchAsync"/>. For one producer.
/// </summary>
internal sealed class UpdateWriter : IDisposable
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
    private int _records;
    private long _row;

    /// <summary>Makes a writer for the only producer of a run.</summary>
    /// <param name="sender">Sends the batches.</param>
    /// <param name="token">The project token.</param>
    /// <param name="options">What every record carries; null for the defaults.</param>
    /// <param name="state">What rows are compared with; null for the state of the trail of the sender.</param>
    public UpdateWriter(UpdateSender sender, string token, RecordOptions? options = null, SyncState? state = null)
    {
        _sender = sender;
        _token = EngageJson.Encode(token);
        _options = options ?? new();
        _groupKey = _options.GroupKey is { } groupKey ? EngageJson.Encode(groupKey) : null;
        Claim = (state ?? sender.Trail?.State) is { } compared ? new(compared, _options) : null;
        _open = sender.NewBatch();
        _json = new(_open.Body, EngageJson.Options);
    }

    /// <summary>Compares rows with the state; null without one.</summary>
    internal RowClaim? Claim { get; }

    /// <summary>Writes the value of the operation, between <see cref="Begin(ReadOnlySpan{byte}, Operation)"/> and <see cref="TryEnd"/>.</summary>
    public Utf8JsonWriter Json => _json;

    /// <summary>Whether an update was begun and neither committed nor abandoned.</summary>
    public bool HasUpdate => _open.Body.Length >= _open.NextRecordStart;

    /// <summary>Whether a batch is full and waits to be sent. No update may be begun while it does.</summary>
    public bool HasFullBatch => _full is not null;

    /// <summary>Begins behind a row, all before which had their outcomes in an earlier run.</summary>
    public void BeginBehind(long row) => _row = row;

    /// <summary>Goes on to the next row of the input and counts it.</summary>
    /// <returns>False when the row had its outcome in an earlier run, and there is nothing to be done with it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NextRow(out long row)
    {
        row = ++_row;
        if (_sender.Trail?.WasSettled(row) == true)
            return false;
        _sender.Ledger.RowRead();
        return true;
    }

    /// <summary>Counts a row that was refused before it was sent.</summary>
    public void Reject(UpdateOrigin origin, Failure rejection, ReadOnlySpan<byte> rawRow = default, ulong? profile = null)
    {
        if (rejection.IsParseError)
            _sender.Ledger.Unparsed();
        else
            _sender.Ledger.Refused();
        Keep(origin, profile, RowOutcome.Rejected, rawRow, rejection.Message, rejection.Id.ToString());
    }

    /// <summary>
    /// Ends a row as unknown that an earlier run was sending when it was broken off, and that would count twice if it were
    /// sent again.
    /// </summary>
    /// <returns>False when it may be sent.</returns>
    internal bool EndIfInterrupted(Operation operation, UpdateOrigin origin, ReadOnlySpan<byte> rawRow, ulong? profile)
    {
        const string Message = "an earlier run was stopped while it was sending the update";
        if (_sender.Trail?.WasBeingSent(origin.Row) != true || operation.IsRepeatable() || _sender.Options.RetryAmbiguous)
            return false;
        _sender.Ledger.Unknown(1);
        var error = $"{Failures.Explanation(ErrorId.OutcomeUnknown)}: {Message}";
        Keep(origin, profile, RowOutcome.Unknown, rawRow, error, nameof(ErrorId.OutcomeUnknown));
        _sender.Events.UpdatesFailed?.Invoke(new(ErrorId.OutcomeUnknown, 0, Message, [new(operation, origin, RowExcerpt.Of(rawRow))]));
        return true;
    }

    /// <summary>Leaves out a row of a reject file that is marked as unknown; it stays so.</summary>
    /// <returns>False when it is to be sent all the same.</returns>
    internal bool SkipUnknown(UpdateOrigin origin, ReadOnlySpan<byte> rawRow, ulong? profile)
    {
        if (_sender.Options.RetryAmbiguous)
            return false;
        _sender.Ledger.Skipped(1);
        var error = $"{Failures.Explanation(ErrorId.OutcomeUnknown)}: skipped again";
        Keep(origin, profile, RowOutcome.Skipped, rawRow, error, nameof(ErrorId.OutcomeUnknown));
        return true;
    }

    /// <summary>
    /// Leaves out a row: a later one of the same profile is sent in its place, or nothing of it is to be sent, or the service has it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Skip(UpdateOrigin origin)
    {
        if (Claim?.TakeUnchanged() == true)
            _sender.Ledger.Unchanged();
        else
            _sender.Ledger.Skipped(1);
        _sender.Trail?.Skipped(origin);
    }

    /// <summary>Keeps a row that will not be sent, because the run is ending.</summary>
    internal void KeepUnsent(UpdateOrigin origin, ReadOnlySpan<byte> rawRow) => Keep(origin, null, RowOutcome.None, rawRow, "", "");

    /// <summary>Starts an update.</summary>
    public void Begin(ReadOnlySpan<byte> id, Operation operation) => Begin(id, operation, ProfileHash.Of(id));

    /// <summary>
    /// Starts an update of a profile whose hash is known, or another one of the same row, behind one that was ended. Both go in one
    /// request and have one outcome: the row is accepted when both are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Begin(ReadOnlySpan<byte> id, Operation operation, ulong profile)
    {
        var isFirst = !HasUpdate;
        if (!isFirst)
        {
            _open.BeginAnotherRecord();
            _records++;
        }
        else
        {
            _open.BeginRecord();
            (_records, _profile, _operation) = (1, profile, operation);
        }

        _json.Reset(_open.Body);
        _json.WriteStartObject();
        _json.WriteString(Token, _token);
        if (_groupKey is { } groupKey)
            _json.WriteString(GroupKey, groupKey);
        _json.WriteString(_groupKey is null ? DistinctId : GroupId, id);
        _options.WriteTo(_json);
        _json.WritePropertyName(operation.Key());
        Claim?.Begin(id, operation, Position, isFirst);
    }

    /// <summary>What was not sent is discarded.</summary>
    public void Dispose()
    {
        _json.Reset();
        _json.Dispose();
    }

    /// <summary>Forgets what was begun of the row.</summary>
    public void Abandon()
    {
        _json.Reset(_open.Body);
        _open.AbandonRecord();
    }

    /// <summary>Where the next byte of the record will stand, to be given to <see cref="WrittenFrom"/>.</summary>
    internal int Position => _open.Body.Length + _json.BytesPending;

    /// <summary>What was written of the record since then.</summary>
    internal ReadOnlySpan<byte> WrittenFrom(int position)
    {
        _json.Flush();
        return _open.Body.WrittenSpan[position..];
    }

    /// <summary>Ends the record that was begun. False when its row alone is larger than a request may be; it is then forgotten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryEnd()
    {
        _json.WriteEndObject();
        _json.Flush();
        if (_open.Body.Length - _open.NextRecordStart + 2 <= Limits.MaximumBatchBytes)
        {
            Claim?.End(_open.Body.WrittenSpan);
            return true;
        }

        Abandon();
        return false;
    }

    /// <summary>Ends the record that was begun, and forgets the row if a rule refuses it.</summary>
    /// <param name="rules">The rules that the row was held to.</param>
    /// <returns>Why the row cannot be sent, else null.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? End(RowRules rules)
    {
        if (!TryEnd())
            return rules.Refused(Failures.UpdateTooLarge);
        if (rules.Failure is not null)
            Abandon();
        return rules.Failure;
    }

    /// <summary>Makes what was written of the row an update to be sent, unless the state says that the service has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Commit(UpdateOrigin origin, ReadOnlySpan<byte> rawRow = default)
    {
        if (Claim?.IsUnchanged(this, _open, _profile) == true)
        {
            Abandon();
            _sender.Ledger.Unchanged();
            return;
        }

        _sender.Events.RowWritten?.Invoke(_open.Body.WrittenSpan[_open.NextRecordStart..]);
        _open.Commit(new(_operation, _profile, origin, _records), rawRow, Claim is null ? default : Claim.Items, Claim?.AcceptedLength ?? 0);
        if (_open.Count > 1 && (_open.Bytes > Limits.MaximumBatchBytes || _open.Records > _sender.Options.UpdatesPerRequest))
        {
            var next = _sender.NewBatch();
            _open.MoveLastTo(next);
            (_full, _open) = (_open, next);
        }

        // A row of two records may be all that a batch holds, or all that the next one may.
        if (_full is null && _open.Records >= _sender.Options.UpdatesPerRequest)
            (_full, _open) = (_open, _sender.NewBatch());
    }

    /// <summary>Hands the full batch to the run. Waits while too many are under way.</summary>
    public async ValueTask SendFullBatchAsync()
    {
        if (_full is not { } full)
            return;
        _full = null;
        await _sender.SendAsync(full).ConfigureAwait(false);
    }

    /// <summary>Keeps, in the files of the run, the rows that were not handed to it before it ended.</summary>
    public void KeepRest()
    {
        if (_full is { } full)
            _sender.Trail?.BatchEnded(full);
        _sender.Trail?.BatchEnded(_open);
        (_full, _open) = (null, _sender.NewBatch());
    }

    // A row that is not sent waits for those before it that are, so that a reject file has those of a profile in input order.
    private void Keep(UpdateOrigin origin, ulong? profile, RowOutcome outcome, ReadOnlySpan<byte> rawRow, string error, string errorId)
    {
        if (_sender.Trail is not { KeepsRows: true } trail)
            return;
        if (trail.Rejects is null)
            rawRow = default;
        var row = new EndedRow(origin, profile, outcome, default, error, errorId);
        if (_sender.HasEnded)
        {
            trail.RowEnded(row with { RawRow = rawRow.ToArray() });
            return;
        }

        _open.AddEnded(row, rawRow);
        if (_open.EndedBytes >= Limits.MaximumBatchBytes)
            (_full, _open) = (_open, _sender.NewBatch());
    }

    /// <summary>Sends the rest and waits for the outcome of every row.</summary>
    public async Task CompleteAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await _sender.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Hands everything to the run that was written so far.</summary>
    public async ValueTask FlushAsync()
    {
        await SendFullBatchAsync().ConfigureAwait(false);
        if (_open.Count == 0 && _open.EndedRows.Count == 0)
            return;
        (_full, _open) = (_open, _sender.NewBatch());
        await SendFullBatchAsync().ConfigureAwait(false);
    }
}
