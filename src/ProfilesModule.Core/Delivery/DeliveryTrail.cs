using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// What a run leaves on disk: its journal, its reject file, its log and its state, each only where it is asked for. Rows are added to the
/// reject file before the journal says that they are settled. A file that cannot be written ends the run; from then on nothing is
/// settled. Thread-safe. One trail serves one run, which disposes of it.
/// </summary>
internal sealed partial class DeliveryTrail : IDisposable
{
    private readonly object _lock = new();
    private readonly SupersededRows _laterRows = new();

    // Profiles with a row that has no outcome: their later rows are left to the run that resumes.
    private readonly HashSet<ulong> _unfinished = [];
    private bool _isBroken;
    private bool _isLogBroken;
    private bool _isFinished;
    private bool _isInterrupted;
    private bool _isDisposed;

    public RunJournal? Journal { get; init; }

    public RejectFile? Rejects { get; init; }

    public DeliveryLog? Log { get; init; }

    public SyncState? State { get; init; }

    /// <summary>The exit code of the command, for the state and the log; null when it has none, or was stopped.</summary>
    public int? ExitCode { get; set; }

    /// <summary>Whether the run may be started again after it was stopped, without counting anything twice.</summary>
    public bool MayStartAgain { get; init; }

    /// <summary>Whether it matters in which order rows of a profile are sent, so that the reject file says which of its rows are older than one that was sent.</summary>
    public bool NotesLaterRows { get; init; }

    /// <summary>Whether the run leaves anything of its rows on disk.</summary>
    internal bool KeepsRows => Journal is not null || Rejects is not null;

    /// <summary>Whether rows that are not sent have to be kept, because nothing else would bring them back.</summary>
    public bool KeepsUnsent => Journal is null && Rejects is not null;

    /// <summary>Called when a file cannot be written.</summary>
    internal Action<DeliveryStop>? Broken { get; set; }

    /// <summary>Notes in the journal and in the state that the next file of the input begins.</summary>
    /// <exception cref="InvalidDataException">The journal is about another file; the message says how they differ.</exception>
    public void BeginInput(JournalInput input)
    {
        Guarded(() =>
        {
            State?.AddSource(input.Path);
            WriteLog(log => log.AddSource(input.Path));
        });
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

    /// <summary>Notes that the run begins to send.</summary>
    public void Start() => Guarded(() => WriteLog(log => log.Begin()));

    /// <summary>Notes that a signal ends the process.</summary>
    public void Interrupt() => _isInterrupted = true;

    /// <summary>Notes the end of a run; the first time counts.</summary>
    public void Finish(DeliveryAccount account, DeliveryStop? stop, bool isComplete)
    {
        lock (_lock)
        {
            if (_isFinished)
                return;
            _isFinished = true;
            var reason = _isInterrupted ? "Interrupted" : stop?.Id.ToString() ?? (isComplete ? null : "Incomplete");
            var stopped = MayStartAgain && stop is not { IsTemporary: false } ? RunEnd.TryLater : RunEnd.Stopped;

            // Also if another file could not be written: that is what ended the run.
            WriteLog(log => log.Write(account, State?.Removed ?? 0, reason, ExitCode ?? stopped));
            Guarded(() => FinishFiles(account, reason, isComplete && stop is null));
        }
    }

    /// <summary>Takes the rows that the reject file has from an earlier run of the same import.</summary>
    public void Recall(IEnumerable<KeptRow> rows)
    {
        foreach (var (profile, position) in Rejects?.Notes(rows) ?? [])
        {
            if (profile is { } one)
                _laterRows.Rejected(one, position);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Journal?.Dispose();
            Rejects?.Dispose();
            Log?.Dispose();
            State?.Dispose();
        }
    }

    internal bool WasSettled(long row) => Journal?.WasSettled(row) == true;

    internal bool WasBeingSent(long row) => Journal?.WasBeingSent(row) == true;

    /// <summary>
    /// Notes on disk, before a request, which of its updates would count twice if sent again, and which profiles it changes. False when the
    /// request must not be sent.
    /// </summary>
    internal bool Sending(UpdateBatch batch, ReadOnlyMemory<int> part)
    {
        if (State is not null && !Guarded(() => State.Begin(batch)))
            return false;
        return Journal is null || BatchRows.Unrepeatable(batch, part.Span) is not { } rows || Guarded(() =>
        {
            Journal.State.Sending(batch.Number, rows.First, rows.Last);
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
            foreach (var (first, last) in _isBroken ? [] : BatchRows.Ranges(batch, part))
                Journal.State.Accept(first, last);
        }
    }

    /// <summary>Notes a row that is left out on purpose.</summary>
    internal void Skipped(UpdateOrigin origin)
    {
        if (Journal is null)
            return;
        lock (_lock)
        {
            if (!_isBroken)
                Journal.State.Settle(origin.Row, RowOutcome.Skipped, 0, 0);
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
    /// Writes the outcome of a batch: its rows that were not accepted, in input order, and the state for the journal. The operating
    /// system has it when this returns, and the disk about a second later.
    /// </summary>
    internal void BatchEnded(UpdateBatch batch) => Guarded(() =>
    {
        State?.End(batch);
        if (!KeepsRows)
            return;
        var isWhole = true;
        if (!batch.IsWhollyAccepted || !_laterRows.IsEmpty)
        {
            foreach (var row in batch.Rows())
                isWhole &= TryEnd(row);
        }

        // What was being sent and is left to the run that resumes may have arrived.
        if (isWhole)
            Journal?.State.BatchEnded(batch.Number);
        Save(toDisk: Journal?.IsReplacementDue == true);
    });

    /// <summary>Writes the outcome of a row behind the last batch.</summary>
    internal void RowEnded(EndedRow row) => Guarded(() => TryEnd(row));

    /// <summary>Ends a row; false when that is left to the run that resumes, since an earlier row of its profile is.</summary>
    private bool TryEnd(in EndedRow row)
    {
        if (row.Outcome is RowOutcome.Accepted or RowOutcome.Unknown && row.Profile is { } sent)
            NoteSent(sent);
        if (row.Outcome == RowOutcome.Accepted)
            return true;
        if (row.Outcome == RowOutcome.None)
        {
            if (KeepsUnsent)
                Reject(row with { Profile = null, Error = "the import ended before the row was sent", ErrorId = RejectFields.NotSent });
            else if (row.Profile is { } open)
                _unfinished.Add(open);
            return true;
        }

        if (row.Profile is { } profile && _unfinished.Contains(profile))
            return false;
        Reject(row);
        Journal?.State.Settle(row.Origin.Row, row.Outcome, Rejects?.Length ?? 0, Rejects?.Sum ?? 0);
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
        var note = row.Origin.IsSuperseded ? RejectFields.LaterRowSent
            : NotesLaterRows && row.Profile is not null ? RejectFields.RoomForNote
            : "";
        var position = Rejects.Append(row.RawRow.Span, row.Origin.Line, ServiceText.Fit(row.Error) + note, row.ErrorId, hasNote: NotesLaterRows && note.Length > 0);
        if (note == RejectFields.RoomForNote && row.Profile is { } profile)
            _laterRows.Rejected(profile, position);
    }
}
