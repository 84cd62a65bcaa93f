using System.Collections.Concurrent;

namespace ProfilesModule.Query;

/// <summary>
/// The queries that a project has left, as far as this process knows: the service takes 60 within an hour, and counts those of all its
/// users. Thread-safe. Source: official rate limits, query API.
/// </summary>
internal sealed class QueryAllowance(TimeProvider time)
{
    public const int Maximum = 60;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private static readonly ConcurrentDictionary<(Uri Endpoint, string? ProjectId), QueryAllowance> Projects = [];

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

    /// <summary>The one of a project, which all its connections share.</summary>
    public static QueryAllowance Of(Uri endpoint, string? projectId) =>
        Projects.GetOrAdd((endpoint, projectId), _ => new(TimeProvider.System));

    /// <summary>Counts a query that is sent now.</summary>
    public void Count()
    {
        lock (_queries)
        {
            Expire();
            _queries.Enqueue(time.GetUtcNow());
        }
    }

    private void Expire()
    {
        while (_queries.TryPeek(out var first) && first <= time.GetUtcNow() - Window)
            _queries.Dequeue();
    }
}
