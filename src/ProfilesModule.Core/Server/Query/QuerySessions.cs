namespace ProfilesModule.Server;

/// <summary>
/// The sessions that may still be asked for a page. One ends when it has not been used for ten minutes, and the one that
/// has not been used for longest when there are too many: a snapshot keeps a store from reclaiming space. Those that were read
/// to their end have no snapshot any more, and are counted apart: look-ups of single profiles end no other.
/// </summary>
internal sealed class QuerySessions : IDisposable
{
    private const int MaximumCount = 32;
    private const int MaximumFinished = 1024;

    private static readonly TimeSpan MaximumIdleTime = TimeSpan.FromMinutes(10);

    private readonly object _gate = new();
    private readonly Dictionary<string, (QuerySession Session, DateTimeOffset LastUsed)> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<(QuerySession Session, DateTimeOffset At)> _finished = new();
    private readonly Queue<QuerySession> _withLastPage = new();
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

    /// <summary>Keeps a session whose pages were all read.</summary>
    /// <param name="session">The session.</param>
    /// <param name="page">The page that was read last.</param>
    /// <param name="profiles">Its profiles.</param>
    public void Finish(QuerySession session, int page, IReadOnlyList<StoredProfile> profiles)
    {
        session.Finish(page, profiles);
        lock (_gate)
        {
            _sessions.Remove(session.Id);
            if (_finished.Any(finished => finished.Session == session))
                return;
            if (_withLastPage.Count == MaximumCount)
                _withLastPage.Dequeue().ForgetLastPage();
            _withLastPage.Enqueue(session);
            if (_finished.Count == MaximumFinished)
                _finished.Dequeue();
            _finished.Enqueue((session, _time.GetUtcNow()));
        }
    }

    /// <summary>The session with an id, which counts as used now, or null if there is none.</summary>
    public QuerySession? Find(string id)
    {
        EndIdle();
        lock (_gate)
        {
            if (!_sessions.TryGetValue(id, out (QuerySession Session, DateTimeOffset LastUsed) entry))
                return _finished.FirstOrDefault(finished => finished.Session.Id == id).Session;
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
            while (_finished.TryPeek(out (QuerySession Session, DateTimeOffset At) finished) && finished.At <= limit)
                _finished.Dequeue().Session.ForgetLastPage();
        }
    }

    private void End(QuerySession session)
    {
        _sessions.Remove(session.Id);
        session.Dispose();
    }
}
