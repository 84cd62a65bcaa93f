namespace ProfilesModule.Query;

/// <summary>
/// The queries that a project has left, as far as one connection knows: the service takes 60 within an hour, and counts those of all
/// its users. Thread-safe. Source: official rate limits, query API.
/// </summary>
internal sealed class QueryAllowance(TimeProvider time)
{
    public const int Maximum = 60;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Queue<DateTimeOffset> _queries = [];

    /// <summary>How many more queries the service takes now.</summary>
    public int Left
    {
        get
        {
            lock (_queries)
            {
                Expire();
                return Math.Max(0, Maximum - _queries.Count);
            }
        }
    }

    /// <summary>When the service takes a query again; null if it takes one now.</summary>
    public DateTimeOffset? NextAt
    {
        get
        {
            lock (_queries)
            {
                Expire();
                return _queries.Count < Maximum ? null : _queries.ElementAt(_queries.Count - Maximum) + Window;
            }
        }
    }

    /// <summary>Counts a query that is sent now.</summary>
    public void Count()
    {
        lock (_queries)
            _queries.Enqueue(time.GetUtcNow());
    }

    private void Expire()
    {
        while (_queries.TryPeek(out var first) && first <= time.GetUtcNow() - Window)
            _queries.Dequeue();
    }
}
