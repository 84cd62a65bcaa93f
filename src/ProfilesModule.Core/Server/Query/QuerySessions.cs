namespace ProfilesModule.Server;

/// <summary>
/// The sessions that may still be asked for a page. One ends when it has not been used for ten minutes, and the one that
/// has not been used for longest when there are too many: a snapshot keeps a store from reclaiming space.
/// </summary>
internal sealed class QuerySessions : IDisposable
{
    private const int MaximumCount = 32;

    private static readonly TimeSpan MaximumIdleTime = TimeSpan.FromMinutes(10);

    private readonly object _gate = new();
    private readonly Dictionary<string, (QuerySession Session, DateTimeOffset LastUsed)> _sessions = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _expiry;

    public QuerySessions(TimeProvider time)
    {
        _time = time;
        _expiry = time.CreateTimer(_ => EndIdle(), null, MaximumIdleTime, TimeSpan.FromMinutes(1));
    }

    public void Add(QuerySession session)
    {
        lock (_gate)
        {
            if (_sessions.Count == MaximumCount)
                End(_sessions.Values.MinBy(entry => entry.LastUsed).Session);
            _sessions.Add(session.Id, (session, _time.GetUtcNow()));
        }
    }

    /// <summary>The session with an id, which counts as used now, or null if there is none.</summary>
    public QuerySession? Find(string id)
    {
        EndIdle();
        lock (_gate)
        {
            if (!_sessions.TryGetValue(id, out (QuerySession Session, DateTimeOffset LastUsed) entry))
                return null;
            _sessions[id] = (entry.Session, _time.GetUtcNow());
            return entry.Session;
        }
    }

    public void Dispose()
    {
        _expiry.Dispose();
        lock (_gate)
        {
            foreach ((QuerySession session, _) in _sessions.Values.ToList())
                End(session);
        }
    }

    private void EndIdle()
    {
        DateTimeOffset limit = _time.GetUtcNow() - MaximumIdleTime;
        lock (_gate)
        {
            foreach ((QuerySession session, DateTimeOffset lastUsed) in _sessions.Values.ToList())
            {
                if (lastUsed <= limit)
                    End(session);
            }
        }
    }

    private void End(QuerySession session)
    {
        _sessions.Remove(session.Id);
        session.Dispose();
    }
}
