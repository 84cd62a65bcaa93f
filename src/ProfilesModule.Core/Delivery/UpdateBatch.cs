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
    // About what the texts of one take.
    private const int EndedRowOverhead = 256;

    private readonly GrowingBuffer _body;
    private readonly GrowingBuffer _rawRows;
    private readonly GrowingBuffer _claims = new(1024);
    private readonly List<Entry> _entries;
    private readonly List<RowOutcome> _outcomes = [];
    private readonly Dictionary<int, (string Error, string ErrorId)> _reasons = [];
    private readonly List<(EndedRow Row, Slice Raw)> _endedRows = [];

    /// <summary>Makes an empty batch, with room for what most inputs bring; it grows to what its input needs and keeps that size.</summary>
    internal UpdateBatch() => (_body, _rawRows, _entries) = (new(64 * 1024), new(1024), []);

    /// <summary>Makes an empty batch with as much room as another has, so that it need not grow.</summary>
    internal UpdateBatch(UpdateBatch other) =>
        (_body, _rawRows, _entries) = (new(RoomOf(other._body)), new(RoomOf(other._rawRows)), new(other._entries.Capacity));

    /// <summary>The 1-based number of the batch in its run, in input order; 0 until it is sent.</summary>
    public int Number { get; internal set; }

    /// <summary>How many rows the batch holds.</summary>
    public int Count => _entries.Count;

    /// <summary>Whether a request with some of its rows was begun.</summary>
    internal bool IsBegun { get; set; }

    /// <summary>Whether it changes profiles that the state knows.</summary>
    internal bool HasDoubts { get; private set; }

    /// <summary>How many records that is: a row may have two.</summary>
    public int Records { get; private set; }

    /// <summary>The parts that are still to be sent, the next one on top, so that they go out in input order.</summary>
    internal Stack<ReadOnlyMemory<int>> Parts { get; } = [];

    /// <summary>Rows of the input between those of the batch that are not sent: they have their place in its order.</summary>
    internal IReadOnlyList<(EndedRow Row, Slice Raw)> EndedRows => _endedRows;

    /// <summary>How much memory those take, in bytes.</summary>
    internal int EndedBytes { get; private set; }

    /// <summary>The size of the request body in bytes.</summary>
    public int Bytes => _body.Length + 1;

    /// <summary>Writes the bytes of the next record; <see cref="Commit"/> makes them an update.</summary>
    internal GrowingBuffer Body => _body;

    /// <summary>Where the next record starts, behind the bracket or comma that precedes it.</summary>
    internal int NextRecordStart => Count == 0 ? 1 : this[Count - 1].Body.End + 1;

    // One row that was too large to be sent must not be what every batch has room for.
    private static int RoomOf(GrowingBuffer buffer) => Math.Min(buffer.Capacity, Limits.MaximumBatchBytes);

    internal void Clear()
    {
        (Number, Records, EndedBytes, IsBegun, HasDoubts) = (0, 0, 0, false, false);
        _body.Truncate(0);
        _rawRows.Truncate(0);
        _claims.Truncate(0);
        _body.Shrink(Limits.MaximumBatchBytes);
        _rawRows.Shrink(Limits.MaximumBatchBytes);
        _entries.Clear();
        _outcomes.Clear();
        _reasons.Clear();
        _endedRows.Clear();
        Parts.Clear();
    }

    /// <summary>Starts a record behind the bracket or comma that it needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void BeginRecord() => _body.Write(Count == 0 ? (byte)'[' : (byte)',');

    /// <summary>Starts another record of the same row.</summary>
    internal void BeginAnotherRecord() => _body.Write((byte)',');

    /// <summary>Forgets the records of the row that was started.</summary>
    internal void AbandonRecord()
    {
        _body.Truncate(NextRecordStart - 1);
        _body.Shrink(Limits.MaximumBatchBytes);
    }

    /// <summary>Makes what was written a row of the batch.</summary>
    /// <param name="row">What it is; where it stands is filled in.</param>
    /// <param name="rawRow">The row as it stands in its file.</param>
    /// <param name="claims">What the state is to say of it if it is accepted, and then if that is not known; empty for nothing.</param>
    /// <param name="accepted">How many bytes the first of these takes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Commit(in Entry row, ReadOnlySpan<byte> rawRow, ReadOnlySpan<byte> claims, int accepted)
    {
        var start = NextRecordStart;
        _entries.Add(row with
        {
            Body = new(start, _body.Length - start),
            Raw = new(_rawRows.Length, rawRow.Length),
            Claim = new(_claims.Length, accepted),
            Doubt = new(_claims.Length + accepted, claims.Length - accepted),
        });
        _outcomes.Add(RowOutcome.None);
        Records += row.Records;
        _rawRows.Write(rawRow);
        _claims.Write(claims);
        HasDoubts |= claims.Length > accepted;
    }

    /// <summary>Takes the last row out and puts it into <paramref name="next"/>, which is empty.</summary>
    internal void MoveLastTo(UpdateBatch next)
    {
        var last = _entries[^1];
        next.BeginRecord();
        next._body.Write(last.Body.Of(_body).Span);
        next.Commit(last, last.Raw.Of(_rawRows).Span, _claims.WrittenSpan[last.Claim.Start..last.Doubt.End], last.Claim.Length);
        Records -= last.Records;
        _outcomes.RemoveAt(Count - 1);
        _entries.RemoveAt(Count - 1);
        _rawRows.Truncate(last.Raw.Start);
        _claims.Truncate(last.Claim.Start);
        _body.Truncate(last.Body.Start - 1);
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

    /// <summary>Whether some rows may be sent twice without counting twice.</summary>
    internal bool IsRepeatable(ReadOnlySpan<int> indexes)
    {
        foreach (var index in indexes)
        {
            if (!this[index].Operation.IsRepeatable())
                return false;
        }

        return true;
    }

    /// <summary>Adds a row that is not sent.</summary>
    internal void AddEnded(in EndedRow row, ReadOnlySpan<byte> rawRow)
    {
        _endedRows.Add((row, new(_rawRows.Length, rawRow.Length)));
        _rawRows.Write(rawRow);
        EndedBytes += rawRow.Length + EndedRowOverhead;
    }

    /// <summary>Notes the outcome of updates.</summary>
    internal void End(ReadOnlySpan<int> indexes, RowOutcome outcome)
    {
        var outcomes = CollectionsMarshal.AsSpan(_outcomes);
        foreach (var index in indexes)
            outcomes[index] = outcome;
    }

    /// <summary>Notes why an update was not accepted.</summary>
    internal void Explain(int index, string error, string errorId) => _reasons[index] = (error, errorId);

    /// <summary>Whether every row was accepted.</summary>
    internal bool IsWhollyAccepted =>
        _endedRows.Count == 0 && !MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_outcomes)).ContainsAnyExcept((byte)RowOutcome.Accepted);

    /// <summary>All rows of the batch in input order, sent or not.</summary>
    internal IEnumerable<EndedRow> Rows()
    {
        var ended = 0;
        for (var i = 0; i < Count; i++)
        {
            while (ended < _endedRows.Count && _endedRows[ended].Row.Origin.Row < this[i].Origin.Row)
                yield return EndedRowAt(ended++);
            yield return Row(i);
        }

        while (ended < _endedRows.Count)
            yield return EndedRowAt(ended++);
    }

    private EndedRow EndedRowAt(int index) => _endedRows[index].Row with { RawRow = _endedRows[index].Raw.Of(_rawRows) };

    private EndedRow Row(int index)
    {
        ref readonly var entry = ref this[index];
        var (error, errorId) = _reasons.GetValueOrDefault(index, ("", ""));
        return new(entry.Origin, entry.Profile, _outcomes[index], entry.Raw.Of(_rawRows), error, errorId);
    }

    /// <summary>What the state is to say of all rows if they are accepted, where <see cref="HasDoubts"/> is false.</summary>
    internal ReadOnlySpan<byte> Claims => _claims.WrittenSpan;

    /// <summary>What the state is to say of a row that is accepted; empty for nothing.</summary>
    internal ReadOnlySpan<byte> Claim(int index) => this[index].Claim.Of(_claims).Span;

    /// <summary>What the state is to say of a row while its outcome is not known; empty for nothing.</summary>
    internal ReadOnlySpan<byte> Doubt(int index) => this[index].Doubt.Of(_claims).Span;

    internal RowOutcome Outcome(int index) => _outcomes[index];

    /// <summary>The row of an update as it stood in its file; empty for an update that came from no file.</summary>
    internal ReadOnlySpan<byte> RawRow(int index) => _entries[index].Raw.Of(_rawRows).Span;

    /// <summary>The body of a request that carries the whole batch.</summary>
    internal ReadOnlyMemory<byte> WholeBody()
    {
        var end = _body.Length;
        _body.Write((byte)']');
        var body = _body.Written;
        _body.Truncate(end);
        return body;
    }

    /// <summary>The body of a request that carries some updates of the batch.</summary>
    internal ReadOnlyMemory<byte> BodyOf(ReadOnlySpan<int> indexes)
    {
        var size = 1 + indexes.Length;
        foreach (var index in indexes)
            size += _entries[index].Body.Length;
        var body = new GrowingBuffer(size);
        foreach (var index in indexes)
        {
            body.Write(body.Length == 0 ? (byte)'[' : (byte)',');
            body.Write(_entries[index].Body.Of(_body).Span);
        }

        body.Write((byte)']');
        return body.Written;
    }

    internal readonly record struct Entry(Operation Operation, ulong Profile, UpdateOrigin Origin, int Records)
    {
        public Slice Body { get; init; }

        public Slice Raw { get; init; }

        public Slice Claim { get; init; }

        public Slice Doubt { get; init; }
    }

    /// <summary>A piece of a buffer, which may move while it grows.</summary>
    internal readonly record struct Slice(int Start, int Length)
    {
        public int End => Start + Length;

        public ReadOnlyMemory<byte> Of(GrowingBuffer buffer) => buffer.Written.Slice(Start, Length);
    }
}

/// <summary>A row of a batch that has ended, for the files of a run.</summary>
/// <param name="Origin">The row.</param>
/// <param name="Profile">The <see cref="ProfileHash"/> of its identifier; null where it is not known.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="RawRow">The row as it stands in its file.</param>
/// <param name="Error">Why it was not accepted.</param>
/// <param name="ErrorId">The ErrorId of that.</param>
internal readonly record struct EndedRow(
    UpdateOrigin Origin, ulong? Profile, RowOutcome Outcome, ReadOnlyMemory<byte> RawRow = default, string Error = "", string ErrorId = "");
