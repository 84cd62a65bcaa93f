namespace ProfilesModule.Server;

/// <summary>
/// A fault on demand of an <see cref="EngageServer"/>, to prove that a program copes with it. Which requests it hits is
/// counted, not drawn: each fault counts the requests to its endpoint from 1. Of several faults that a request meets, the
/// first in <see cref="EngageServerOptions.Faults"/> happens.
/// </summary>
public sealed record ServerFault
{
    /// <summary>What goes wrong. The default is an HTTP status.</summary>
    public ServerFaultKind Kind { get; init; }

    /// <summary>Which requests are counted and hit. The default is updates.</summary>
    public ServerFaultEndpoint Endpoint { get; init; }

    /// <summary>Hits every n-th request; 1 for each. 0, the default, leaves the choice to <see cref="First"/>.</summary>
    public int Every { get; init; }

    /// <summary>
    /// Hits the first n requests and none after them. 0, the default, leaves the choice to <see cref="Every"/>; with both 0
    /// every request is hit, and both at once are refused.
    /// </summary>
    public int First { get; init; }

    /// <summary>
    /// Hits the requests that would bring more than so many updates within <see cref="Window"/>; those that it hits do not
    /// count. 0, the default, leaves the choice to the others. Ingestion only.
    /// </summary>
    public int MaxUpdates { get; init; }

    /// <summary>Hits the requests that come after so many within <see cref="Window"/>; those that it hits do not count. 0, the default, leaves the choice to the others.</summary>
    public int MaxRequests { get; init; }

    /// <summary>How long <see cref="MaxUpdates"/> and <see cref="MaxRequests"/> look back, up to a day. The default is a minute, a rolling one as the service's.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The status of <see cref="ServerFaultKind.Status"/>, 300 to 599. The default is 503.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The <c>Retry-After</c> header beside the status, in whole seconds, rounded up. Null, the default: no such header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// How long the answer, or the cut, is held back once the updates are applied or the query is answered: up to a day, and
    /// more than zero for <see cref="ServerFaultKind.Delay"/>. The default is zero.
    /// </summary>
    public TimeSpan Delay { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Kind) || !Enum.IsDefined(Endpoint))
            throw new ArgumentException("A fault has a kind or an endpoint that does not exist.");
        ArgumentOutOfRangeException.ThrowIfNegative(Every, nameof(Every));
        ArgumentOutOfRangeException.ThrowIfNegative(First, nameof(First));
        ArgumentOutOfRangeException.ThrowIfLessThan(Status, 300, nameof(Status));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Status, 599, nameof(Status));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryAfter ?? TimeSpan.Zero, TimeSpan.Zero, nameof(RetryAfter));
        ArgumentOutOfRangeException.ThrowIfLessThan(Delay, TimeSpan.Zero, nameof(Delay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Delay, TimeSpan.FromDays(1), nameof(Delay));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxUpdates, nameof(MaxUpdates));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRequests, nameof(MaxRequests));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero, nameof(Window));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Window, TimeSpan.FromDays(1), nameof(Window));
        if (((int[])[Every, First, MaxUpdates, MaxRequests]).Count(choice => choice > 0) > 1)
            throw new ArgumentException("A fault hits every n-th request, the first n, or those beyond a limit: only one of Every, First, MaxUpdates and MaxRequests goes.");
        if (MaxUpdates > 0 && Endpoint != ServerFaultEndpoint.Ingestion)
            throw new ArgumentException("Only requests that send have updates to count.");
        if (Kind == ServerFaultKind.Delay && Delay == TimeSpan.Zero)
            throw new ArgumentException("A fault that delays needs a delay.");
        if (Kind == ServerFaultKind.StatusZero && Endpoint != ServerFaultEndpoint.Ingestion)
            throw new ArgumentException("Only updates are answered with status 0.");
    }

    /// <summary>Whether it hits what is too much in a while, and not requests by their number.</summary>
    internal bool IsLimit => MaxUpdates > 0 || MaxRequests > 0;

    internal bool Hits(long request) => First > 0 ? request <= First : request % Math.Max(Every, 1) == 0;
}
