namespace ProfilesModule.Server.Storage;

/// <summary>
/// Gives queries the profiles as they were a while ago, as the service shows a write some time after it answered it.
/// Snapshots are taken before writes and kept for that while.
/// </summary>
/// <remarks>
/// Writes within a sixteenth of the delay share a snapshot, and become visible together with the first of them. So there are never more
/// than seventeen, however many writes there are.
/// </remarks>
internal sealed class DelayedReads : IDisposable
{
    private static readonly TimeSpan ExpiryPeriod = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly IProfileStore _store;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _time;
    private readonly Queue<(DateTimeOffset WrittenAt, SharedSnapshot Before)> _writes = new();
    private readonly ITimer? _expiry;

    public DelayedReads(IProfileStore store, TimeSpan delay, TimeProvider time)
    {
        (_store, _delay, _time) = (store, delay, time);

        // An old snapshot keeps a store from reclaiming space, even when nothing is asked for.
        if (delay > TimeSpan.Zero)
            _expiry = time.CreateTimer(_ => Expire(), null, ExpiryPeriod, ExpiryPeriod);
    }

    /// <summary>Must be called before each write, by one writer at a time.</summary>
    public void BeforeWrite()
    {
        if (_delay == TimeSpan.Zero)
            return;
        lock (_gate)
        {
            Expire();
            var now = _time.GetUtcNow();
            if (_writes.Count == 0 || now - _writes.Last().WrittenAt >= _delay / 16)
                _writes.Enqueue((now, new(_store.OpenSnapshot())));
        }
    }

    /// <summary>What a query sees now. The caller releases it.</summary>
    public SharedSnapshot Open()
    {
        lock (_gate)
        {
            Expire();
            return _writes.TryPeek(out var write) ? write.Before.Share() : new(_store.OpenSnapshot());
        }
    }

    public void Dispose()
    {
        _expiry?.Dispose();
        ReleaseUntil(DateTimeOffset.MaxValue);
    }

    private void Expire() => ReleaseUntil(_time.GetUtcNow() - _delay);

    private void ReleaseUntil(DateTimeOffset visible)
    {
        lock (_gate)
        {
            while (_writes.TryPeek(out var write) && write.WrittenAt <= visible)
                _writes.Dequeue().Before.Release();
        }
    }
}

/// <summary>
/// A snapshot that several queries read; the last one to release it disposes it. Readers lock this object, since a snapshot is used by
/// one thread at a time.
/// </summary>
internal sealed class SharedSnapshot(IProfileSnapshot profiles)
{
    private IProfileSnapshot? _profiles = profiles;
    private int _users = 1;

    public IProfileSnapshot Profiles => _profiles ?? throw new ObjectDisposedException(nameof(SharedSnapshot));

    /// <summary>Adds a user. Called while there is one.</summary>
    public SharedSnapshot Share()
    {
        lock (this)
            _users++;
        return this;
    }

    public void Release()
    {
        lock (this)
        {
            if (--_users > 0)
                return;

            // A finished session outlives its snapshot, and must not keep the profiles in memory.
            _profiles?.Dispose();
            _profiles = null;
        }
    }
}
