namespace ProfilesModule.Server;

/// <summary>How an <see cref="EngageServer"/> listens and what it lets in.</summary>
internal sealed class EngageServerOptions
{
    /// <summary>The TCP port on 127.0.0.1, 0 to 65535. 0, the default, takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The token of the one project that the server holds. An update with another token is answered like any other and
    /// stored nowhere, which is what the service does. Null, the default: every token is the project's.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// The group keys that the project knows, each with the <c>data_group_id</c> that its profiles are queried with: a whole
    /// number of 64 bits, of either sign, other than 0. An update for another key is answered like any other and stored
    /// nowhere, which is what the service does. Null, the default: every key is known, and its id is derived from it; see
    /// <see cref="EngageServer.FindDataGroupId"/>. Source: official group analytics documentation, group keys are set up first.
    /// </summary>
    public IReadOnlyDictionary<string, string>? GroupTypes { get; init; }

    /// <summary>
    /// Aliases of users, each with the distinct id of the original, which is no alias itself. An update for an alias goes to
    /// the original unless its <c>$ignore_alias</c> is true; a query for an alias finds nothing. Null, the default: none.
    /// Source: official ingestion description, delete profile.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Aliases { get; init; }

    /// <summary>
    /// The cohorts that a query can be narrowed to with <c>filter_by_cohort={"id":n}</c>: for each id the <c>where</c>
    /// expression that its members meet. Members are found by each query, so every one of them has a profile and
    /// <c>include_all_users</c> changes nothing. Null, the default: there are none, and any id is answered 400.
    /// </summary>
    public IReadOnlyDictionary<long, string>? Cohorts { get; init; }

    /// <summary>How many profiles a page of a query holds, at least 1. The default is the service's, 1000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>
    /// How long a query does not see a write that was answered, from zero, the default, to a day; the service itself was seen
    /// to take up to half a minute. Writes within a sixteenth of it become visible together. Nothing else is delayed:
    /// an update finds its profile as the one before left it.
    /// </summary>
    public TimeSpan ReadDelay { get; init; }

    /// <summary>
    /// The origins whose pages may send updates from a browser, such as <c>http://localhost:3000</c>; queries and faults are closed to
    /// them. Null, the default: none. Pages of any other origin are answered 403.
    /// </summary>
    public IReadOnlyList<string>? AllowedOrigins { get; init; }

    /// <summary>How long a request may take until its body is there, more than zero. The default is half a minute.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What goes wrong on demand. Null, the default: nothing.</summary>
    public IReadOnlyList<ServerFault>? Faults { get; init; }

    /// <summary>
    /// The user name that a query must authenticate with, together with <see cref="ServiceAccountSecret"/>. Null, the
    /// default: queries need no authentication. Updates never do: their token is all the service looks at.
    /// </summary>
    public string? ServiceAccountUserName { get; init; }

    /// <summary>The secret that goes with <see cref="ServiceAccountUserName"/>; null when that is null.</summary>
    public string? ServiceAccountSecret { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port, nameof(Port));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535, nameof(Port));
        ArgumentOutOfRangeException.ThrowIfLessThan(PageSize, 1, nameof(PageSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadDelay, TimeSpan.Zero, nameof(ReadDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReadDelay, TimeSpan.FromDays(1), nameof(ReadDelay));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BodyTimeout, TimeSpan.Zero, nameof(BodyTimeout));
        foreach (string origin in AllowedOrigins ?? [])
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
                throw new ArgumentException($"'{origin}' is not an origin, which is a scheme, a host and a port such as http://localhost:3000.");
        }
        if ((ServiceAccountUserName is null) != (ServiceAccountSecret is null))
            throw new ArgumentException("A service account needs both its user name and its secret.");
    }
}
