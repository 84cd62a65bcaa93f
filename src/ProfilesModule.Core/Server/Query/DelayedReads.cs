namespace ProfilesModule.Server;

/// <summary>
/// Gives queries the profiles as they were a while ago, the way the service shows a write some time after it answered it.
/// Snapshots are taken before writes and kept for that while.
/// </summary>
/// <remarks>
/// Writes that follow one another within a sixteenth of the delay share a snapshot, and become visible together with the
/// first of them. So there are never more than seventeen, however many writes there are.
/// </remarks>
internal sealed class DelayedReads : IDisposable
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly IProfileStore _store;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _time;
    private readonly Queue<(DateTimeOffset WrittenAt, SharedSnapshot Before)> _writes = new();
    private readonly ITimer? _expiry;
    private DateTimeOffset _lastWrite;

    /// <param name="store">The profiles.</param>
    /// <param name="delay">How long a write stays invisible; zero for not at all.</param>
    /// <param name="time">The clock.</param>
    public DelayedReads(IProfileStore store, TimeSpan delay, TimeProvider time)
    {
        _store = store;
        _delay = delay;
        _time = time;

        // An old snapshot keeps a store from reclaiming space, also when nobody asks for anything.
        TimeSpan period = delay < ShortestPeriod ? ShortestPeriod : delay;
        if (delay > TimeSpan.Zero)
            _expiry = time.CreateTimer(_ => Expire(), null, period, period);
    }

    /// <summary>Says that the store is about to be written to. Called by one writer at a time.</summary>
    public void BeforeWrite()
    {
        if (_delay == TimeSpan.Zero)
            return;
        lock (_gate)
        {
            Expire();
            DateTimeOffset now = _time.GetUtcNow();
            if (_writes.Count > 0 && now - _lastWrite < _delay / 16)
                return;
            _writes.Enqueue((now, new SharedSnapshot(_store.OpenSnapshot())));
            _lastWrite = now;
        }
    }

    /// <summary>What a query sees now. The caller releases it.</summary>
    /// <exception cref="IOException">The store could not be read.</exception>
    public SharedSnapshot Open()
    {
        lock (_gate)
        {
            Expire();
            return _writes.TryPeek(out (DateTimeOffset WrittenAt, SharedSnapshot Before) write)
                ? write.Before.Share()
                : new SharedSnapshot(_store.OpenSnapshot());
        }
    }

    public void Dispose()
    {
        _expiry?.Dispose();
        lock (_gate)
        {
            while (_writes.TryDequeue(out (DateTimeOffset WrittenAt, SharedSnapshot Before) write))
                write.Before.Release();
        }
    }

    private void Expire()
    {
        lock (_gate)
        {
            DateTimeOffset visible = _time.GetUtcNow() - _delay;
            while (_writes.TryPeek(out (DateTimeOffset WrittenAt, SharedSnapshot Before) write) && write.WrittenAt <= visible)
                _writes.Dequeue().Before.Release();
        }
    }
}
