using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// What the state of a run says of the row that is being written, and is to say once the row is accepted. The hash is of the whole update
/// but for the token and the time.
/// </summary>
internal sealed class RowClaim(SyncState state, RecordOptions options)
{
    // What a record of names to remove takes beside them, at most.
    private const int RoomForRecord = 64 * 1024;

    /// <summary>
    /// Is raised when the same row becomes another update than before, so that rows are not taken for unchanged by their hash.
    /// </summary>
    public const int Encoding = 1;

    private readonly long _seed = SeedOf(state, options);
    private readonly List<(Operation Operation, int Start, int End)> _records = [];
    private readonly GrowingBuffer _id = new(64);
    private readonly GrowingBuffer _items = new(256);
    private UInt128 _hash;
    private long _rowSeed;
    private ulong _row;
    private ulong _names;
    private bool _isUnchanged;
    private Operation _operation;
    private int _start;

    private ReadOnlySpan<byte> Id => _id.WrittenSpan;

    /// <summary>
    /// The item of the row if it is accepted, and behind it, if the state knows the profile, the one while that is not known.
    /// </summary>
    public ReadOnlySpan<byte> Items => _items.WrittenSpan;

    /// <summary>How many bytes the first of them takes.</summary>
    public int AcceptedLength { get; private set; }

    /// <summary>Whether it has to be told which profiles the input has.</summary>
    public bool SeesProfiles => state.RemovesProfiles;

    /// <summary>Notes that the input has a profile, whatever becomes of its row.</summary>
    public void See(ulong profile) => state.See(profile);

    /// <summary>Begins rows that can be compared before they are encoded, because the same row becomes the same update.</summary>
    /// <param name="shape">What they become, as far as the parameters do not say so.</param>
    public void BeginRows(string shape) => _rowSeed =
        (long)(ulong)state.Hash(System.Text.Encoding.UTF8.GetBytes($"{Encoding}\n{state.ParametersHash}\n{shape}"), _seed);

    /// <summary>Whether the service has the update that a row becomes, because an earlier run has sent the same row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HasRow(ReadOnlySpan<byte> id, ulong profile, ReadOnlySpan<byte> row)
    {
        _row = (ulong)state.Hash(row, _rowSeed) | 1;
        _isUnchanged = state.HasRow(profile, _row);
        if (_isUnchanged && !state.Writes)
            state.Changes.Unchanged.Add(id);
        return _isUnchanged;
    }

    /// <summary>Whether the row was found unchanged before it was encoded. Says it once.</summary>
    public bool TakeUnchanged() => _isUnchanged && !(_isUnchanged = false);

    /// <summary>Does not keep the hash of the row, since it is to be looked at in each run.</summary>
    public void ForgetRow() => _row = 0;

    /// <summary>Begins a record of the row.</summary>
    /// <param name="id">The profile.</param>
    /// <param name="operation">What the record does.</param>
    /// <param name="start">Where its value begins.</param>
    /// <param name="isFirst">Whether it is the first of its row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(ReadOnlySpan<byte> id, Operation operation, int start, bool isFirst)
    {
        (_operation, _start) = (operation, start);
        if (!isFirst)
            return;
        _records.Clear();
        _names = 0;
        _id.Truncate(0);
        _id.Write(id);
        _hash = state.Hash(id, _seed);
    }

    /// <summary>Notes the <see cref="NameSets.Hash"/> of the properties that the first record of the row has.</summary>
    public void HasNames(ulong hash) => _names = hash;

    /// <summary>Ends a record, which ends the body of its batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void End(ReadOnlySpan<byte> body)
    {
        _records.Add((_operation, _start, body.Length - 1));
        _hash = UInt128.RotateLeft(_hash, 1) ^ state.Hash(body[_start..], (long)(ulong)_hash + (long)_operation);
    }

    /// <summary>
    /// Whether the service has the row already. If not, it is taken for one that will be sent, and what is to be removed is written.
    /// </summary>
    /// <param name="writer">Has written the row.</param>
    /// <param name="batch">Where it stands.</param>
    /// <param name="profile">The hash of the identifier.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsUnchanged(UpdateWriter writer, UpdateBatch batch, ulong profile)
    {
        ref var slot = ref state.Get(profile);
        if (state.Has(slot, _hash))
        {
            if (!state.Writes)
                state.Changes.Unchanged.Add(Id);
            return true;
        }

        var isKnown = slot.Run != 0;
        var room = Limits.MaximumBatchBytes - (batch.Body.Length - batch.NextRecordStart);
        var (knowledge, doubt) = Compare(slot.Knowledge, batch.Body.WrittenSpan, room, out var missing);
        (slot.Hash, slot.Row, slot.Knowledge, slot.Run) = (_hash, _row, knowledge, state.Run);
        if (!state.Writes)
            (isKnown ? state.Changes.Changed : state.Changes.New).Add(Id);
        _items.Truncate(0);
        new SyncItem(Id, state.Run, knowledge, _hash, _row).WriteTo(_items);
        AcceptedLength = _items.Length;
        if (isKnown)
            new SyncItem(Id, state.Run, doubt).WriteTo(_items);
        if (missing.Count > 0)
            Remove(missing, writer, profile);
        return false;
    }

    private void Remove(IReadOnlyList<string> names, UpdateWriter writer, ulong profile)
    {
        writer.Begin(Id, Operation.Unset, profile);
        writer.Json.WriteStartArray();
        foreach (var name in names)
            writer.Json.WriteStringValue(EngageJson.Encode(name));
        writer.Json.WriteEndArray();
        writer.TryEnd();
    }

    /// <summary>What is known of the profile if the row is accepted, and what if that is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (SyncKnowledge Accepted, SyncKnowledge InDoubt) Compare(
        SyncKnowledge then, ReadOnlySpan<byte> body, int room, out IReadOnlyList<string> removed)
    {
        var (first, start, end) = _records[0];
        removed = [];
        if (first == Operation.Delete)
            return (SyncKnowledge.Removed, SyncKnowledge.InDoubt(then.Names));
        if (first is not (Operation.Set or Operation.Unset))
            return (SyncKnowledge.Update(then.Names, then.HasMoreNames), SyncKnowledge.InDoubt(then.Names));
        var now = first == Operation.Set ? state.Names.NumberOf(body[start..end], _names) : 0;
        var either = SyncKnowledge.InDoubt(state.Names.Union(then.Names, now));
        IReadOnlyList<string> missing = state.Names.Missing(then.Names, now);
        if (missing.Count > 0 && _records[^1] is { Operation: Operation.Unset } unset)
            missing = [.. missing.Except(JsonSerializer.Deserialize<string[]>(body[unset.Start..unset.End])!, StringComparer.Ordinal)];
        if (missing.Count == 0)
            return (SyncKnowledge.Update(now, hasMore: false), either);
        if (state.RemovesMissing && missing.Sum(name => 6 * name.Length) + RoomForRecord < room)
        {
            removed = missing;
            return (SyncKnowledge.Update(now, hasMore: false), either);
        }

        state.Keeps(missing.Count);
        return (SyncKnowledge.Update(state.Names.With(now, missing), hasMore: true), either);
    }

    // The group key is the scope's, and a time does not make an update another.
    private static long SeedOf(SyncState state, RecordOptions options)
    {
        var bytes = new GrowingBuffer(128);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            (options with { Time = null }).WriteTo(json);
            json.WriteEndObject();
        }

        return (long)(ulong)state.Hash(bytes.WrittenSpan, 0);
    }
}
