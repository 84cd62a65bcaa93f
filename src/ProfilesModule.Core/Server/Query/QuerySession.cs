namespace ProfilesModule.Server;

/// <summary>A query and the snapshot that all its pages come from.</summary>
internal sealed class QuerySession : IDisposable
{
    private readonly SharedSnapshot _snapshot;
    private readonly int _pageSize;

    // Where each page begins, as far as that is known; pages are mostly asked for in order.
    private readonly List<long> _pageStarts = [0];
    private readonly HashSet<int> _read = [];
    private (int Page, IReadOnlyList<StoredProfile> Profiles)? _last;
    private long? _total;
    private bool _disposed;
    private bool _isFinished;

    /// <param name="id">The session's id.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="snapshot">The profiles; the session releases them.</param>
    /// <param name="pageSize">How many profiles a page holds.</param>
    /// <param name="startedAt">When it was asked, UTC.</param>
    public QuerySession(string id, SnapshotQuery query, SharedSnapshot snapshot, int pageSize, DateTimeOffset startedAt)
    {
        Id = id;
        Query = query;
        _snapshot = snapshot;
        _pageSize = pageSize;
        StartedAt = startedAt;
    }

    public string Id { get; }

    public SnapshotQuery Query { get; }

    /// <summary>When it was asked, UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How many profiles match. Known when a page has been read.</summary>
    public long Total => _total ??= Query.Count(_snapshot.Profiles);

    /// <summary>Whether every page was read. Clients read them in any order.</summary>
    public bool WasReadToEnd
    {
        get
        {
            lock (_snapshot)
                return _total is not null && _read.Count >= PageCount;
        }
    }

    /// <summary>Reads a page. Any page, any number of times before <see cref="Finish"/>.</summary>
    /// <param name="page">The page, from 0.</param>
    /// <returns>Its profiles, none behind the end, or null if the session has ended meanwhile.</returns>
    public IReadOnlyList<StoredProfile>? ReadPage(int page)
    {
        lock (_snapshot)
        {
            if (_disposed)
                return _last?.Page == page ? _last.Value.Profiles : _isFinished && page >= PageCount ? [] : null;
            if (page >= PageCount)
                return [];
            _read.Add(page);
            while (_pageStarts.Count <= page)
                ReadKnownPage(_pageStarts.Count - 1);
            return ReadKnownPage(page);
        }
    }

    /// <summary>
    /// Lets the snapshot go once all profiles were read. The last page can still be read, by a client that its reply did not reach,
    /// and so can pages behind the end, which have none.
    /// </summary>
    /// <param name="page">The page that was read last.</param>
    /// <param name="profiles">Its profiles.</param>
    public void Finish(int page, IReadOnlyList<StoredProfile> profiles)
    {
        lock (_snapshot)
            (_isFinished, _last) = (true, (page, profiles));
        Dispose();
    }

    /// <summary>Lets the last page go.</summary>
    public void ForgetLastPage()
    {
        lock (_snapshot)
            _last = null;
    }

    public void Dispose()
    {
        lock (_snapshot)
        {
            if (_disposed)
                return;
            _disposed = true;
            _snapshot.Release();
        }
    }

    private long PageCount => (Total + _pageSize - 1) / _pageSize;

    private List<StoredProfile> ReadKnownPage(int page)
    {
        List<StoredProfile> profiles = Query.Matches(_snapshot.Profiles, _pageStarts[page]).Take(_pageSize).ToList();
        if (page == _pageStarts.Count - 1 && profiles.Count == _pageSize)
            _pageStarts.Add(profiles[^1].Position + 1);
        return profiles;
    }
}
