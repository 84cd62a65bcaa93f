using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// What a run leaves on disk beside what it tells: its journal, its reject file and its log, each of them only where it is
/// asked for. Rows are added to the reject file before the journal says that they are settled. A file that cannot be
/// written ends the run; from then on nothing is settled. Thread-safe. One trail serves one run, which lets it go.
/// </summary>
internal sealed class DeliveryTrail : IDisposable
{
    /// <summary>What a reject file calls a row that was not sent.</summary>
    internal const string NotSent = "NotSent";

    private readonly object _lock = new();
    private readonly LaterRows _laterRows = new();

    // Those of which a row stayed without an outcome: what follows it is left to the run that goes on.
    private readonly HashSet<ulong> _unfinished = [];
    private bool _isBroken;
    private bool _isLogBroken;
    private bool _isFinished;
    private bool _isInterrupted;
    private bool _isDisposed;

    /// <summary>The journal; null for none.</summary>
    public RunJournal? Journal { get; init; }

    /// <summary>The reject file; null for none.</summary>
    public RejectFile? Rejects { get; init; }

    /// <summary>The log; null for none.</summary>
    public DeliveryLog? Log { get; init; }

    /// <summary>Whether it matters in which order rows of a profile are sent, so that the reject file says which of its rows are older than one that was sent.</summary>
    public bool NotesLaterRows { get; init; }

    /// <summary>Whether the run leaves anything of its rows on disk.</summary>
    internal bool KeepsRows => Journal is not null || Rejects is not null;

    /// <summary>Whether rows that are not sent have to be kept, because nothing else would bring them back.</summary>
    public bool KeepsUnsent => Journal is null && Rejects is not null;

    /// <summary>Hears of the file that cannot be written.</summary>
    internal Action<DeliveryStop>? Broken { get; set; }

    /// <summary>Notes in the journal that the next file of the input begins.</summary>
    /// <param name="input">The file as it is.</param>
    /// <exception cref="InvalidDataException">The journal is about another file; the message says how they differ.</exception>
    /// <exception cref="IOException">A file cannot be written. The run ends.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be written. The run ends.</exception>
    public void BeginInput(JournalInput input)
    {
        if (Journal is null)
            return;
        lock (_lock)
        {
            Journal.BeginInput(input);
            if (Journal.WasFinished || _isBroken || _isDisposed)
                return;
            try
            {
                Save(toDisk: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Break(e);
                throw;
            }
        }
    }

    /// <summary>Notes that a signal ends the process.</summary>
    public void Interrupt() => _isInterrupted = true;

    /// <summary>Notes the end of a run; the first time counts.</summary>
    /// <param name="account">The account of the run.</param>
    /// <param name="stop">Why it ended early; null when it did not, or when its user stopped it.</param>
    /// <param name="isComplete">Whether the whole input was read.</param>
    public void Finish(DeliveryAccount account, DeliveryStop? stop, bool isComplete) => Guarded(() =>
    {
        if (_isFinished)
            return;
        _isFinished = true;
        if (Journal is not null)
            Journal.State.IsFinished = isComplete && stop is null && account.Unsent == 0 && Journal.MissingInput is null;
        var reason = _isInterrupted ? "Interrupted" : stop?.Id.ToString() ?? (isComplete ? null : "Incomplete");
        if (Journal is not null)
            Journal.State.EndedBy = reason;
        WriteLog(log => log.Write(account, reason));
        Save(toDisk: true);
    });

    /// <summary>Takes the rows that the reject file has from an earlier run of the same import.</summary>
    /// <param name="rows">All of them, in order.</param>
    public void Recall(IEnumerable<KeptRow> rows)
    {
        foreach (var (profile, position) in Rejects?.Notes(rows) ?? [])
        {
            if (profile is { } one)
                _laterRows.Rejected(one, position);
        }
    }

    /// <summary>Lets the files go.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Journal?.Dispose();
            Rejects?.Dispose();
            Log?.Dispose();
        }
    }

    internal bool WasSettled(long row) => Journal?.WasSettled(row) == true;

    internal bool WasBeingSent(long row) => Journal?.WasBeingSent(row) == true;

    /// <summary>Notes on disk, before a request, which of its updates would count twice if sent again. False when the request must not be sent.</summary>
    internal bool Sending(UpdateBatch batch, ReadOnlyMemory<int> part)
    {
        if (Journal is null)
            return true;
        long? first = null;
        var last = 0L;
        foreach (var index in part.Span)
        {
            if (batch[index].Operation.IsRepeatable())
                continue;
            last = batch[index].Origin.Row;
            first ??= last;
        }

        return first is null || Guarded(() =>
        {
            Journal.State.Sending(batch.Number, first.Value, last);
            FlushRejects();

            // To the disk: after a power cut they would be sent once more.
            Journal.Append(toDisk: true);
        });
    }

    internal void Accepted(UpdateBatch batch, ReadOnlySpan<int> part)
    {
        if (Journal is null)
            return;
        lock (_lock)
        {
            if (_isBroken)
                return;
            Journal.State.Accepted += part.Length;
            for (var i = 0; i < part.Length; i++)
            {
                var first = i;
                while (i + 1 < part.Length && batch[part[i + 1]].Origin.Row == batch[part[i]].Origin.Row + 1)
                    i++;
                Journal.State.Settled.Add(batch[part[first]].Origin.Row, batch[part[i]].Origin.Row);
            }
        }
    }

    /// <summary>Notes a row that is left out on purpose.</summary>
    internal void Skipped(UpdateOrigin origin)
    {
        if (Journal is null)
            return;
        lock (_lock)
        {
            if (_isBroken)
                return;
            Journal.State.Skipped++;
            Journal.State.Settled.Add(origin.Row);
        }
    }

    internal void Sent(BatchSent sent)
    {
        if (Log is null)
            return;
        lock (_lock)
            WriteLog(log => log.Write(sent));
    }

    /// <summary>
    /// Writes what became of a batch: those of its rows that were not accepted, in input order, and what the journal has to know.
    /// The operating system has it when this returns, and the disk about a second later.
    /// </summary>
    internal void BatchEnded(UpdateBatch batch) => Guarded(() =>
    {
        if (!KeepsRows)
            return;
        var isWhole = true;
        if (!batch.IsWhollyAccepted || !_laterRows.IsEmpty)
        {
            foreach (var row in batch.Rows())
                isWhole &= TryEnd(row);
        }

        // What was being sent and is left to the run that goes on may have arrived.
        if (isWhole)
            Journal?.State.BatchEnded(batch.Number);
        Save(toDisk: Journal?.IsReplacementDue == true);
    });

    /// <summary>Writes what became of a row behind the last batch.</summary>
    internal void RowEnded(EndedRow row) => Guarded(() => TryEnd(row));

    /// <summary>Ends a row; false when that is left to the run that goes on with the journal, since an earlier row of its profile is.</summary>
    private bool TryEnd(in EndedRow row)
    {
        if (row.Outcome is RowOutcome.Accepted or RowOutcome.Unknown && row.Profile is { } sent)
            NoteSent(sent);
        if (row.Outcome == RowOutcome.Accepted)
            return true;
        if (row.Outcome == RowOutcome.None)
        {
            if (KeepsUnsent)
                Reject(row with { Profile = null, Error = "the import ended before the row was sent", ErrorId = NotSent });
            else if (row.Profile is { } open)
                _unfinished.Add(open);
            return true;
        }

        if (row.Profile is { } profile && _unfinished.Contains(profile))
            return false;
        Reject(row);
        Settle(row);
        return true;
    }

    private void NoteSent(ulong profile)
    {
        foreach (var position in _laterRows.Sent(profile))
            Rejects!.WriteNote(position);
    }

    private void Reject(in EndedRow row)
    {
        if (Rejects is null)
            return;
        var note = row.Origin.IsSuperseded ? LaterRows.Note : NotesLaterRows && row.Profile is not null ? LaterRows.Room : "";
        var position = Rejects.Append(row.RawRow.Span, row.Origin.Line, ServiceText.Fit(row.Error) + note, row.ErrorId, hasNote: NotesLaterRows && note.Length > 0);
        if (note == LaterRows.Room && row.Profile is { } profile)
            _laterRows.Rejected(profile, position);
    }

    private void Settle(in EndedRow row)
    {
        if (Journal is null)
            return;
        Journal.State.Settled.Add(row.Origin.Row);
        switch (row.Outcome)
        {
            case RowOutcome.Rejected:
                Journal.State.Rejected++;
                break;
            case RowOutcome.Unknown:
                Journal.State.Unknown++;
                break;
            default:
                Journal.State.Skipped++;
                break;
        }
    }

    private void Save(bool toDisk = false)
    {
        FlushRejects();
        if (toDisk)
            Rejects?.FlushToDisk();
        if (Journal is null)
            return;
        if (toDisk)
            Journal.Replace();
        else
            Journal.Append();
    }

    private void FlushRejects()
    {
        Rejects?.Flush();
        if (Journal is not null && Rejects is not null)
            (Journal.State.RejectBytes, Journal.State.RejectSum) = (Rejects.Length, Rejects.Sum);
    }

    private bool Guarded(Action write)
    {
        lock (_lock)
        {
            if (_isBroken || _isDisposed)
                return false;
            try
            {
                write();
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Break(e);
                return false;
            }
        }
    }

    private void Break(Exception e)
    {
        _isBroken = true;
        Broken?.Invoke(new(ErrorId.OutcomeNotWritable, 0, e.Message));
    }

    // A log that cannot be written ends the run too, but the reject file and the journal still have to hear of it.
    private void WriteLog(Action<DeliveryLog> write)
    {
        if (Log is null || _isLogBroken || _isDisposed)
            return;
        try
        {
            write(Log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isLogBroken = true;
            Broken?.Invoke(new(ErrorId.OutcomeNotWritable, 0, e.Message));
        }
    }
}
