namespace ProfilesModule.Server.Faults;

/// <summary>
/// A simulated fault of an embedded service, to prove that a program copes with it. Which requests it hits is counted, not
/// drawn: each fault counts the requests to its endpoint from 1. Of several faults that hit a request, the first happens.
/// </summary>
public sealed record ServerFault
{
    /// <summary>What goes wrong. The default is an HTTP status.</summary>
    public ServerFaultKind Kind { get; init; }

    /// <summary>Which requests are counted and hit. The default is updates.</summary>
    public ServerFaultEndpoint Endpoint { get; init; }

    /// <summary>Hits every n-th request; 1 for each. The default is 0: not by this.</summary>
    public int Every { get; init; }

    /// <summary>
    /// Hits the first n requests and none after them. The default is 0: not by this. Without this, <see cref="Every"/>,
    /// <see cref="MaxUpdates"/> and <see cref="MaxRequests"/> every request is hit; only one of them can be used.
    /// </summary>
    public int First { get; init; }

    /// <summary>
    /// Hits the requests that would bring more than so many updates within <see cref="Window"/>; those that it hits do not
    /// count. The default is 0: not by this. Ingestion only.
    /// </summary>
    public int MaxUpdates { get; init; }

    /// <summary>
    /// Hits the requests that come after so many within <see cref="Window"/>; those that it hits do not count. The default is 0:
    /// not by this.
    /// </summary>
    public int MaxRequests { get; init; }

    /// <summary>
    /// How long <see cref="MaxUpdates"/> and <see cref="MaxRequests"/> look back, up to a day. The default is a minute, rolling as
    /// the service's.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The status of <see cref="ServerFaultKind.Status"/>, 300 to 599. The default is 503.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The <c>Retry-After</c> header, in whole seconds, rounded up. The default is null: no such header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// How long the answer, or the cut, is held back once the updates are applied or the query is answered: up to a day, and
    /// more than zero for <see cref="ServerFaultKind.Delay"/>. The default is zero.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether it hits what is too much within <see cref="Window"/>, and not requests by their number.</summary>
    internal bool IsLimit => MaxUpdates > 0 || MaxRequests > 0;

    internal bool Hits(long request) => First > 0 ? request <= First : request % Math.Max(Every, 1) == 0;

    internal void Validate()
    {
        int[] choices = [Every, First, MaxUpdates, MaxRequests];
        Require(Enum.IsDefined(Kind) && Enum.IsDefined(Endpoint), "The Kind or the Endpoint of a fault does not exist.");
        Require(choices.All(choice => choice >= 0), "Every, First, MaxUpdates and MaxRequests of a fault cannot be negative.");
        Require(choices.Count(choice => choice > 0) <= 1, "Use only one of Every, First, MaxUpdates and MaxRequests for a fault.");
        Require(Status is >= 300 and <= 599, "The Status of a fault must be 300 to 599.");
        Require(RetryAfter is null || RetryAfter >= TimeSpan.Zero, "The RetryAfter of a fault cannot be negative.");
        Require(Delay >= TimeSpan.Zero && Delay <= TimeSpan.FromDays(1), "The Delay of a fault must be from zero to a day.");
        Require(Window > TimeSpan.Zero && Window <= TimeSpan.FromDays(1), "The Window of a fault must be more than zero, up to a day.");
        Require(Kind != ServerFaultKind.Delay || Delay > TimeSpan.Zero, "A fault of Kind Delay needs a Delay.");
        var isForUpdates = MaxUpdates > 0 || Kind == ServerFaultKind.StatusZero;
        Require(!isForUpdates || Endpoint == ServerFaultEndpoint.Ingestion, "MaxUpdates and StatusZero are for Endpoint Ingestion only.");
    }

    private static void Require(bool isMet, string message)
    {
        if (!isMet)
            throw new ArgumentException(message);
    }
}

/// <summary>Which requests a <see cref="ServerFault"/> hits.</summary>
public enum ServerFaultEndpoint
{
    /// <summary>Updates: <c>/engage</c> and <c>/groups</c>.</summary>
    Ingestion,

    /// <summary>Queries: <c>/api/query/engage</c> and <c>/api/2.0/engage</c>.</summary>
    Query,
}

/// <summary>What goes wrong with a request that a <see cref="ServerFault"/> hits.</summary>
public enum ServerFaultKind
{
    /// <summary>The HTTP status <see cref="ServerFault.Status"/>, with the body that the service gives it. Nothing is applied.</summary>
    Status,

    /// <summary>200 with status 0, which is how the service refuses a whole batch. Nothing is applied. Ingestion only.</summary>
    StatusZero,

    /// <summary>The connection is cut before anything is applied.</summary>
    ResetBefore,

    /// <summary>The connection is cut after the updates were applied: the sender cannot know.</summary>
    ResetAfter,

    /// <summary>The right answer, after <see cref="ServerFault.Delay"/>.</summary>
    Delay,

    /// <summary>200 with the first half of the right body. Updates are applied.</summary>
    TruncatedReply,

    /// <summary>200 with a page of HTML, as from a proxy. Updates are applied.</summary>
    HtmlReply,
}
