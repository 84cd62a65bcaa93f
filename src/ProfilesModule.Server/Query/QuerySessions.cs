using System.Security.Cryptography;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Server.Query;

/// <summary>
/// The sessions that may still be asked for a page. One ends when it has not been used for ten minutes, and the one that
/// has not been used for longest when there are too many: a snapshot keeps a store from reclaiming space. Those that were read
/// to their end have no snapshot any more and are counted apart, so that look-ups of single profiles end no other session.
/// </summary>
internal sealed class QuerySessions : IDisposable
{
    private const int MaximumCount = 32;
    private const int MaximumFinished = 1024;

    private static readonly TimeSpan MaximumIdleTime = TimeSpan.FromMinutes(10);

    private readonly object _gate = new();
    private readonly Dictionary<string, (QuerySession Session, DateTimeOffset LastUsed)> _sessions = new(StringComparer.Ordinal);
    private readonly List<(QuerySession Session, DateTimeOffset At)> _finished = [];
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

    /// <summary>Keeps a session whose pages were all read. Those that were finished last keep the page that was read last.</summary>
    public void Finish(QuerySession session, int page, IReadOnlyList<StoredProfile> profiles)
    {
        session.Finish(page, profiles);
        lock (_gate)
        {
            _sessions.Remove(session.Id);
            if (_finished.Exists(finished => finished.Session == session))
                return;
            if (_finished.Count == MaximumFinished)
                _finished.RemoveAt(0);
            if (_finished.Count >= MaximumCount)
                _finished[^MaximumCount].Session.ForgetLastPage();
            _finished.Add((session, _time.GetUtcNow()));
        }
    }

    /// <summary>The session with an id, which counts as used now, or null if there is none.</summary>
    public QuerySession? Find(string id)
    {
        EndIdle();
        lock (_gate)
        {
            if (!_sessions.TryGetValue(id, out var entry))
                return _finished.Find(finished => finished.Session.Id == id).Session;
            _sessions[id] = (entry.Session, _time.GetUtcNow());
            return entry.Session;
        }
    }

    public void Dispose()
    {
        _expiry.Dispose();
        EndUnusedSince(DateTimeOffset.MaxValue);
    }

    private void EndIdle() => EndUnusedSince(_time.GetUtcNow() - MaximumIdleTime);

    private void EndUnusedSince(DateTimeOffset limit)
    {
        lock (_gate)
        {
            foreach (var (session, lastUsed) in _sessions.Values.ToList())
            {
                if (lastUsed <= limit)
                    End(session);
            }

            _finished.RemoveAll(finished => finished.At <= limit);
        }
    }

    private void End(QuerySession session)
    {
        _sessions.Remove(session.Id);
        session.Dispose();
    }
}

/// <summary>A query and the snapshot that all its pages come from, which the session releases.</summary>
internal sealed class QuerySession(SnapshotQuery query, SharedSnapshot snapshot, int pageSize, DateTimeOffset startedAt) : IDisposable
{
    // Where each page begins, as far as that is known; pages are mostly asked for in order.
    private readonly List<long> _pageStarts = [0];
    private readonly HashSet<int> _read = [];
    private (int Page, IReadOnlyList<StoredProfile> Profiles)? _last;
    private long? _total;
    private bool _disposed;

    public string Id { get; } = $"{startedAt.ToUnixTimeMilliseconds()}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    public SnapshotQuery Query => query;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>How many profiles match. Known when a page has been read.</summary>
    public long Total => _total ??= query.Count(snapshot.Profiles);

    /// <summary>Whether every page was read. Clients read them in any order.</summary>
    public bool WasReadToEnd
    {
        get
        {
            lock (snapshot)
                return _total is not null && _read.Count >= PageCount;
        }
    }

    private long PageCount => (Total + pageSize - 1) / pageSize;

    /// <summary>Reads any page, any number of times before <see cref="Finish"/>.</summary>
    /// <param name="page">The page, from 0.</param>
    /// <returns>Its profiles, none after the last page, or null if the session has ended meanwhile.</returns>
    public IReadOnlyList<StoredProfile>? ReadPage(int page)
    {
        lock (snapshot)
        {
            if (_disposed)
                return _last?.Page == page ? _last.Value.Profiles : WasReadToEnd && page >= PageCount ? [] : null;
            if (page >= PageCount)
                return [];
            _read.Add(page);
            while (_pageStarts.Count <= page)
                ReadKnownPage(_pageStarts.Count - 1);
            return ReadKnownPage(page);
        }
    }

    /// <summary>
    /// Releases the snapshot once all profiles were read. The last page can still be read, by a client that its reply did not reach,
    /// and so can pages after the end, which have no profiles.
    /// </summary>
    public void Finish(int page, IReadOnlyList<StoredProfile> profiles)
    {
        lock (snapshot)
            _last = (page, profiles);
        Dispose();
    }

    public void ForgetLastPage()
    {
        lock (snapshot)
            _last = null;
    }

    public void Dispose()
    {
        lock (snapshot)
        {
            if (_disposed)
                return;
            _disposed = true;
            snapshot.Release();
        }
    }

    private List<StoredProfile> ReadKnownPage(int page)
    {
        var profiles = query.Matches(snapshot.Profiles, _pageStarts[page]).Take(pageSize).ToList();
        if (page == _pageStarts.Count - 1 && profiles.Count == pageSize)
            _pageStarts.Add(profiles[^1].Position + 1);
        return profiles;
    }
}
