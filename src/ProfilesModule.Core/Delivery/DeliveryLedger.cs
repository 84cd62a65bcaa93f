using ProfilesModule.Rules;

namespace ProfilesModule.Delivery;

/// <summary>Counts what becomes of every row of a run, and ends the run when going on is hopeless. Thread-safe.</summary>
/// <param name="earlier">What became of the rows in earlier runs of the same import.</param>
/// <param name="maxFailure">How many rows may be refused; null for any number.</param>
/// <param name="maxParseErrors">How many of them may be rows that cannot be parsed; null for any number.</param>
internal sealed class DeliveryLedger(DeliveryAccount earlier, int? maxFailure, int? maxParseErrors = null) : IDisposable
{
    /// <summary>So many updates refused alike, with none accepted, show that the cause is not the rows.</summary>
    private const int RejectionsAlike = 16;

    private readonly object _lock = new();
    private long _read = earlier.Read;
    private long _accepted = earlier.Accepted;
    private long _rejected = earlier.Rejected;
    private long _skipped = earlier.Skipped;
    private long _unknown = earlier.Unknown;
    private long _brokenOff;
    private long _requests;
    private long _retries;
    private long _bytes;
    private Refusal? _firstRefusal;
    private int _rejectedAlike;
    private int _refused;
    private int _unparsed;
    private int _lostInARow;
    private int _failedInARow;
    private readonly CancellationTokenSource _ending = new();
    private DeliveryStop? _stop;

    public DeliveryAccount Account => new()
    {
        Read = Interlocked.Read(ref _read),
        Accepted = Interlocked.Read(ref _accepted),
        Rejected = Interlocked.Read(ref _rejected),
        Skipped = Interlocked.Read(ref _skipped),
        Unknown = Interlocked.Read(ref _unknown),
        BrokenOff = Interlocked.Read(ref _brokenOff),
        Requests = Interlocked.Read(ref _requests),
        Retries = Interlocked.Read(ref _retries),
        Bytes = Interlocked.Read(ref _bytes),
    };

    /// <summary>Why the run ended early; null while it goes on.</summary>
    public DeliveryStop? Stop => Volatile.Read(ref _stop);

    /// <summary>Whether nothing more is to be sent: the run ended early, or its user ends it.</summary>
    public bool IsEnding => _ending.IsCancellationRequested;

    /// <summary>Cancelled when nothing more is to be sent, so that nobody waits for an attempt that will not be made.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Lets what is in flight come to its reply, and sends nothing more.</summary>
    public void EndByUser() => _ending.CancelAsync();

    public void Dispose() => _ending.Dispose();

    public long RowRead() => Interlocked.Increment(ref _read);

    public void Accepted(int updates)
    {
        Interlocked.Add(ref _accepted, updates);
        Volatile.Write(ref _lostInARow, 0);
        Volatile.Write(ref _failedInARow, 0);
    }

    /// <summary>Counts a row that was refused for what it is, and ends the run when there are too many of them.</summary>
    public void Refused()
    {
        Interlocked.Increment(ref _rejected);
        if (Interlocked.Increment(ref _refused) == maxFailure)
            End(new(ErrorId.MaxFailureReached, 0, $"{maxFailure} rows were rejected"));
    }

    /// <summary>Counts a row that cannot be parsed among those that were refused.</summary>
    public void Unparsed()
    {
        if (Interlocked.Increment(ref _unparsed) == maxParseErrors)
            End(new(ErrorId.MaxParseErrorsReached, 0, maxParseErrors == 1 ? "1 row could not be parsed" : $"{maxParseErrors} rows could not be parsed"));
        Refused();
    }

    /// <summary>Counts the updates of a batch that failed in every attempt; how many such there were since the last that was accepted.</summary>
    public int BatchFailed(int updates)
    {
        Interlocked.Add(ref _rejected, updates);
        return Interlocked.Increment(ref _failedInARow);
    }

    public void Skipped(int updates) => Interlocked.Add(ref _skipped, updates);

    public void Unknown(int updates) => Interlocked.Add(ref _unknown, updates);

    public void BrokenOff(int updates) => Interlocked.Add(ref _brokenOff, updates);

    /// <summary>Notes a batch of which nothing was left to send again; how many there were since the last that was accepted.</summary>
    public int BatchLost() => Interlocked.Increment(ref _lostInARow);

    public void RequestSent(int bytes, bool isRetry)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
        if (isRetry)
            Interlocked.Increment(ref _retries);
    }

    /// <summary>Ends the run; the first reason stands.</summary>
    public void End(DeliveryStop stop)
    {
        Interlocked.CompareExchange(ref _stop, stop, null);
        _ending.CancelAsync();
    }

    /// <summary>Notes an update that was refused on its own, and ends the run when every one is, alike.</summary>
    /// <param name="statusCode">The HTTP status code.</param>
    /// <param name="message">The service's text.</param>
    /// <param name="records">The records of the update, as a JSON array.</param>
    public void RejectedAlone(int statusCode, string message, ReadOnlySpan<byte> records)
    {
        // Once they differ, or some were accepted, it is the rows.
        if (Volatile.Read(ref _rejectedAlike) < 0 || Interlocked.Read(ref _accepted) != earlier.Accepted)
            return;
        var refusal = Refusal.Of(message, records);
        lock (_lock)
        {
            _firstRefusal ??= refusal;
            _rejectedAlike = _rejectedAlike >= 0 && refusal.IsLike(_firstRefusal) ? _rejectedAlike + 1 : -1;
            if (_rejectedAlike == RejectionsAlike)
                End(new(ErrorId.EveryUpdateRejected, statusCode, message));
        }
    }
}
