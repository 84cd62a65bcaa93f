using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Consecutive updates, encoded one behind the other as the body of their request. Batches are reused, so nothing may
/// keep one, or memory of it, after its delivery has ended.
/// </summary>
internal sealed class UpdateBatch
{
    // What the texts of one take, about.
    private const int BytesOfNotSent = 256;

    private readonly GrowingBuffer _body;
    private readonly GrowingBuffer _rawRows;
    private readonly List<Entry> _entries;
    private readonly List<RowOutcome> _outcomes = [];
    private readonly Dictionary<int, (string Error, string ErrorId)> _reasons = [];
    private readonly List<(EndedRow Row, int RawStart, int RawLength)> _notSent = [];

    /// <summary>Makes an empty batch, with room for what most inputs bring; it grows to what its input needs and keeps that size.</summary>
    internal UpdateBatch() => (_body, _rawRows, _entries) = (new(64 * 1024), new(1024), []);

    /// <summary>Makes an empty batch with as much room as another has, so that it need not grow.</summary>
    internal UpdateBatch(UpdateBatch other) =>
        (_body, _rawRows, _entries) = (new(RoomOf(other._body)), new(RoomOf(other._rawRows)), new(other._entries.Capacity));

    /// <summary>The 1-based number of the batch in its run, in input order; 0 until it is sent.</summary>
    public int Number { get; internal set; }

    /// <summary>How many rows the batch holds.</summary>
    public int Count => _entries.Count;

    /// <summary>How many records that is: a row may have two.</summary>
    public int Records { get; private set; }

    /// <summary>Rows of the input between those of the batch that are not sent: they have their place in its order.</summary>
    internal IReadOnlyList<(EndedRow Row, int RawStart, int RawLength)> NotSent => _notSent;

    /// <summary>How much memory those take, in bytes.</summary>
    internal int NotSentBytes { get; private set; }

    /// <summary>The size of the request body in bytes.</summary>
    public int Bytes => _body.Length + 1;

    /// <summary>Writes the bytes of the next record; <see cref="Commit"/> makes them an update.</summary>
    internal GrowingBuffer Body => _body;

    /// <summary>Where the next record starts, behind the bracket or comma that precedes it.</summary>
    internal int NextRecordStart => Count == 0 ? 1 : this[Count - 1].Start + this[Count - 1].Length + 1;

    // One row that was too large to be sent must not be what every batch has room for.
    private static int RoomOf(GrowingBuffer buffer) => Math.Min(buffer.Capacity, Limits.MaximumBatchBytes);

    internal void Clear()
    {
        (Number, Records, NotSentBytes) = (0, 0, 0);
        _body.CutTo(0);
        _rawRows.CutTo(0);
        _body.Shrink(Limits.MaximumBatchBytes);
        _rawRows.Shrink(Limits.MaximumBatchBytes);
        _entries.Clear();
        _outcomes.Clear();
        _reasons.Clear();
        _notSent.Clear();
    }

    /// <summary>Starts a record behind the bracket or comma that it needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void BeginRecord() => _body.Write(Count == 0 ? (byte)'[' : (byte)',');

    /// <summary>Starts another record of the same row.</summary>
    internal void BeginAnotherRecord() => _body.Write((byte)',');

    /// <summary>Forgets the records of the row that was started.</summary>
    internal void AbandonRecord()
    {
        _body.CutTo(NextRecordStart - 1);
        _body.Shrink(Limits.MaximumBatchBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Commit(Operation operation, ulong profile, UpdateOrigin origin, ReadOnlySpan<byte> rawRow, int records)
    {
        var start = NextRecordStart;
        _entries.Add(new(start, _body.Length - start, _rawRows.Length, rawRow.Length, operation, profile, origin, records));
        _outcomes.Add(RowOutcome.None);
        Records += records;
        _rawRows.Write(rawRow);
    }

    /// <summary>Takes the last row out and puts it into <paramref name="next"/>, which is empty.</summary>
    internal void MoveLastTo(UpdateBatch next)
    {
        var last = _entries[^1];
        next.BeginRecord();
        next._body.Write(_body.WrittenSpan.Slice(last.Start, last.Length));
        next.Commit(last.Operation, last.Profile, last.Origin, _rawRows.WrittenSpan.Slice(last.RawStart, last.RawLength), last.Records);
        Records -= last.Records;
        _outcomes.RemoveAt(Count - 1);
        _entries.RemoveAt(Count - 1);
        _rawRows.CutTo(last.RawStart);
        _body.CutTo(last.Start - 1);
    }

    internal ref readonly Entry this[int index] => ref CollectionsMarshal.AsSpan(_entries)[index];

    /// <summary>How many records some rows have.</summary>
    internal int RecordsOf(ReadOnlySpan<int> indexes)
    {
        if (Records == Count)
            return indexes.Length;
        var records = 0;
        foreach (var index in indexes)
            records += this[index].Records;
        return records;
    }

    /// <summary>Adds a row that is not sent.</summary>
    internal void AddNotSent(in EndedRow row, ReadOnlySpan<byte> rawRow)
    {
        _notSent.Add((row, _rawRows.Length, rawRow.Length));
        _rawRows.Write(rawRow);
        NotSentBytes += rawRow.Length + BytesOfNotSent;
    }

    /// <summary>Notes what became of updates.</summary>
    internal void End(ReadOnlySpan<int> indexes, RowOutcome outcome)
    {
        var outcomes = CollectionsMarshal.AsSpan(_outcomes);
        foreach (var index in indexes)
            outcomes[index] = outcome;
    }

    /// <summary>Notes why an update was not accepted.</summary>
    internal void Explain(int index, string error, string errorId) => _reasons[index] = (error, errorId);

    /// <summary>Whether there is nothing to be told of any row but that it was accepted.</summary>
    internal bool IsWhollyAccepted => _notSent.Count == 0 && !MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_outcomes)).ContainsAnyExcept((byte)RowOutcome.Accepted);

    /// <summary>All rows of the batch in input order, sent or not.</summary>
    internal IEnumerable<EndedRow> Rows()
    {
        var notSent = 0;
        for (var i = 0; i < Count; i++)
        {
            while (notSent < _notSent.Count && _notSent[notSent].Row.Origin.Row < this[i].Origin.Row)
                yield return NotSentRow(notSent++);
            yield return Row(i);
        }

        while (notSent < _notSent.Count)
            yield return NotSentRow(notSent++);
    }

    private EndedRow NotSentRow(int index) => _notSent[index].Row with { RawRow = _rawRows.Written.Slice(_notSent[index].RawStart, _notSent[index].RawLength) };

    private EndedRow Row(int index)
    {
        ref readonly var entry = ref this[index];
        var (error, errorId) = _reasons.GetValueOrDefault(index, ("", ""));
        return new(entry.Origin, entry.Profile, _outcomes[index], _rawRows.Written.Slice(entry.RawStart, entry.RawLength), error, errorId);
    }

    /// <summary>The row of an update as it stood in its file; empty for an update that came from no file.</summary>
    internal ReadOnlySpan<byte> RawRow(int index) => _rawRows.WrittenSpan.Slice(_entries[index].RawStart, _entries[index].RawLength);

    /// <summary>The body of a request that carries the whole batch.</summary>
    internal ReadOnlyMemory<byte> WholeBody()
    {
        var end = _body.Length;
        _body.Write((byte)']');
        var body = _body.Written;
        _body.CutTo(end);
        return body;
    }

    /// <summary>The body of a request that carries some updates of the batch.</summary>
    internal ReadOnlyMemory<byte> BodyOf(ReadOnlySpan<int> indexes)
    {
        var size = 1 + indexes.Length;
        foreach (var index in indexes)
            size += _entries[index].Length;
        var body = new GrowingBuffer(size);
        foreach (var index in indexes)
        {
            body.Write(body.Length == 0 ? (byte)'[' : (byte)',');
            body.Write(_body.WrittenSpan.Slice(_entries[index].Start, _entries[index].Length));
        }

        body.Write((byte)']');
        return body.Written;
    }

    internal readonly record struct Entry(int Start, int Length, int RawStart, int RawLength, Operation Operation, ulong Profile, UpdateOrigin Origin, int Records);
}
