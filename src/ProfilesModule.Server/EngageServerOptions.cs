using ProfilesModule.Server.Faults;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Server;

/// <summary>How an <see cref="EngageServer"/> listens and what it lets in.</summary>
internal sealed record EngageServerOptions
{
    /// <summary>The TCP port on 127.0.0.1. 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The token of the one project that the server holds. As by the service, an update with another token is answered like any other and
    /// stored nowhere. Null: every token is the project's.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// The group keys that the project knows, each with the <c>data_group_id</c> that its profiles are queried with: a whole number of
    /// 64 bits, of either sign, other than 0. An update for another key is answered like any other and stored nowhere. Null: every key is
    /// known, and its id is derived from it. Source: official group analytics documentation, group keys are set up first.
    /// </summary>
    public IReadOnlyDictionary<string, string>? GroupTypes { get; init; }

    /// <summary>
    /// Aliases of users, each with the distinct id of the original, which is not an alias itself. An update for an alias goes to the
    /// original unless its <c>$ignore_alias</c> is true; a query for an alias finds nothing.
    /// Source: official ingestion description, delete profile.
    /// </summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The cohorts for <c>filter_by_cohort={"id":n}</c>, each as the <c>where</c> expression that is true for its members. Every member
    /// has a profile, so <c>include_all_users</c> changes nothing.
    /// </summary>
    public IReadOnlyDictionary<long, string> Cohorts { get; init; } = new Dictionary<long, string>();

    /// <summary>How many profiles a page of a query holds: the service's 1,000, less in tests.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>
    /// How long a query does not see a write that was answered, up to a day; the service itself took up to half a minute. Writes within a
    /// sixteenth of it become visible together. An update always finds its profile as the one before left it.
    /// </summary>
    public TimeSpan ReadDelay { get; init; }

    /// <summary>
    /// The origins whose pages may send updates from a browser, such as <c>http://localhost:3000</c>; queries are closed to them. Pages of
    /// any other origin are answered 403.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    public IReadOnlyList<ServerFault> Faults { get; init; } = [];

    /// <summary>
    /// What a query must authenticate with. Null: queries need no authentication. Updates never do; the service looks at their token
    /// alone.
    /// </summary>
    public (string UserName, string Secret)? ServiceAccount { get; init; }

    /// <summary>Whether the server answers as the service does. Otherwise, only its other routes change and show profiles.</summary>
    public bool HasService { get; init; } = true;

    /// <summary>
    /// Makes what answers paths that are not the service's, once the server has its address. What is disposable is disposed with it.
    /// </summary>
    public IReadOnlyList<Func<EngageServer, IEngageRoute>> Routes { get; init; } = [];

    /// <summary>Shows nothing of it, because it holds secrets.</summary>
    public override string ToString() => nameof(EngageServerOptions);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port, nameof(Port));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535, nameof(Port));
        ArgumentOutOfRangeException.ThrowIfLessThan(PageSize, 1, nameof(PageSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadDelay, TimeSpan.Zero, nameof(ReadDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReadDelay, TimeSpan.FromDays(1), nameof(ReadDelay));
        foreach (var fault in Faults)
            fault.Validate();
        foreach (var origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new ArgumentException($"'{origin}' is not an origin: a scheme, a host and a port, such as http://localhost:3000.");
        }
    }
}
