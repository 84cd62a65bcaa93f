using System.Net;
using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>
/// A connection to a project of the service: its addresses, the token for updates, and the service account for queries. Made by
/// <c>Connect-UserProfileService</c>. Its secrets are never shown.
/// </summary>
public sealed class UserProfileConnection : IDisposable
{
    private const string Masked = "********";

    // The default of HttpClient.
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromSeconds(100);

    private readonly ConnectionSettings _settings;
    private readonly HttpClient _http;
    private readonly HttpClient _freshHttp;
    private readonly ServiceText _text;

    internal UserProfileConnection(ConnectionSettings settings, Uri endpoint, Uri queryEndpoint, ServiceRegion? region)
    {
        _settings = settings;
        Endpoint = endpoint;
        QueryEndpoint = queryEndpoint;
        Region = region;
        _http = Network.CreateClient(endpoint);
        _freshHttp = Network.CreateClient(endpoint, reuse: false);
        string?[] secrets = [settings.Token, settings.Account?.Secret, (Network.ProxyCredential as NetworkCredential)?.Password];
        _text = new(secrets.OfType<string>());
    }

    /// <summary>The base address for updates.</summary>
    public Uri Endpoint { get; }

    /// <summary>The base address for queries.</summary>
    public Uri QueryEndpoint { get; }

    /// <summary>The region of the project; null if the connection was made with an endpoint.</summary>
    public ServiceRegion? Region { get; }

    /// <summary>The project id, which queries need; null if none was given.</summary>
    public string? ProjectId => _settings.ProjectId;

    /// <summary>The user name of the service account for queries; null if none was given. Its secret is not shown.</summary>
    public string? ServiceAccount => _settings.Account?.UserName;

    /// <summary>The proxy from -Proxy; null if none was given. Its credentials are not shown.</summary>
    public Uri? Proxy => Network.Proxy;

    /// <summary>The token, always masked, so that connections can be shown and logged.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "PowerShell shows instance properties.")]
    public string Token => Masked;

    internal string SecretToken => _settings.Token!;

    /// <summary>Whether the service is on this machine, as the embedded one is.</summary>
    internal bool IsLoopback => QueryEndpoint.IsLoopback;

    /// <summary>The project and its service, for confirmations.</summary>
    internal string Place => ProjectId is null ? $"at {Endpoint}" : $"of project {ProjectId} at {Endpoint}";

    /// <summary>The queries that the project has left.</summary>
    internal QueryAllowance Allowance => QueryAllowance.Of(QueryEndpoint, ProjectId);

    internal bool CanQuery => IsLoopback || (_settings.Account is not null && ProjectId is not null);

    /// <summary>Whether another connection leads to the same project with the same rights.</summary>
    internal bool HasSameSettings(UserProfileConnection other) => _settings == other._settings;

    /// <summary>The endpoint, without secrets.</summary>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Closes its network connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _freshHttp.Dispose();
    }

    private NetworkSettings Network => _settings.Network;

    internal EngageTransport Transport(TimeProvider time, bool forGroups) =>
        new(_http, Endpoint, Network.AttemptTimeout ?? UpdateTimeout, time, forGroups)
        {
            FreshHttp = _freshHttp,
            Proxy = Network.ProxyFor(Endpoint),
            Text = _text,
        };

    internal ProfileQuery Query(TimeProvider time, int maximumRetryCount, TimeSpan retryInterval, Action<Delivery.Retrying> retrying, Action<string>? incomplete = null, TimeSpan? longestAttempt = null) => new(_http, QueryEndpoint, time)
    {
        ProjectId = ProjectId,
        ServiceAccount = _settings.Account,
        MaximumRetryCount = maximumRetryCount,
        RetryInterval = retryInterval,
        AttemptTimeout = Network.AttemptTimeout ?? longestAttempt ?? ProfileQuery.DefaultAttemptTimeout,
        Containers = PropertyContainers.Instance,
        Allowance = Allowance,
        Retrying = retrying,
        Incomplete = incomplete,
        Proxy = Network.ProxyFor(QueryEndpoint),
        Text = _text,
    };
}
