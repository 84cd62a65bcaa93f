using System.Net;
using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>
/// A connection to a project of the service: where it is, the token that updates carry, and the service account that
/// queries need. Made by <c>Connect-UserProfileService</c>. Secrets are kept, never shown.
/// </summary>
public sealed class UserProfileConnection : IDisposable
{
    private const string Masked = "********";

    // HttpClient itself waits as long for a reply.
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromSeconds(100);

    private readonly string _token;
    private readonly ServiceAccount? _account;
    private readonly NetworkSettings _network;
    private readonly HttpClient _http;
    private readonly HttpClient _freshHttp;
    private readonly ServiceText _text;

    internal UserProfileConnection(Uri endpoint, Uri queryEndpoint, ServiceRegion? region, string token, string? projectId, ServiceAccount? account, NetworkSettings network)
    {
        Endpoint = endpoint;
        QueryEndpoint = queryEndpoint;
        Region = region;
        ProjectId = projectId;
        _token = token;
        _account = account;
        _network = network;
        _http = network.CreateClient(endpoint);
        _freshHttp = network.CreateClient(endpoint, reuse: false);
        _text = new(new[] { token, account?.Secret, (network.ProxyCredential as NetworkCredential)?.Password }.OfType<string>());
    }

    /// <summary>The base address that updates are sent to.</summary>
    public Uri Endpoint { get; }

    /// <summary>The base address that profiles are read from.</summary>
    public Uri QueryEndpoint { get; }

    /// <summary>The region of the project; null when an endpoint was given instead.</summary>
    public ServiceRegion? Region { get; }

    /// <summary>The id of the project, which reading needs; null when none was given.</summary>
    public string? ProjectId { get; }

    /// <summary>The user name of the service account that reads; null when none was given. Its secret is not shown.</summary>
    public string? ServiceAccount => _account?.UserName;

    /// <summary>The proxy that was named; null when none was. Its credentials are not shown.</summary>
    public Uri? Proxy => _network.Proxy;

    /// <summary>Always masked: a connection can be shown and logged.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "PowerShell shows instance properties.")]
    public string Token => Masked;

    /// <summary>The token itself, for the records that are sent.</summary>
    internal string SecretToken => _token;

    /// <summary>Whether the service is on this machine, as the embedded one is.</summary>
    internal bool IsLoopback => QueryEndpoint.IsLoopback;

    /// <summary>Which project where, as a question names it.</summary>
    internal string Place => ProjectId is null ? $"at {Endpoint}" : $"of project {ProjectId} at {Endpoint}";

    internal bool CanQuery => IsLoopback || (_account is not null && ProjectId is not null);

    /// <summary>The endpoint, without any secret.</summary>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Closes its network connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _freshHttp.Dispose();
    }

    internal EngageTransport Transport(TimeProvider time, bool forGroups) => new(_http, Endpoint, _network.AttemptTimeout ?? UpdateTimeout, time, forGroups)
    {
        FreshHttp = _freshHttp,
        Proxy = _network.ProxyFor(Endpoint),
        Text = _text,
    };

    internal ProfileQuery Query(TimeProvider time, int maximumRetryCount, TimeSpan retryInterval, Action<Delivery.Retrying> retrying, Action<string>? incomplete = null, TimeSpan? longestAttempt = null) => new(_http, QueryEndpoint, time)
    {
        ProjectId = ProjectId,
        ServiceAccount = _account,
        MaximumRetryCount = maximumRetryCount,
        RetryInterval = retryInterval,
        AttemptTimeout = _network.AttemptTimeout ?? longestAttempt ?? ProfileQuery.DefaultAttemptTimeout,
        Containers = PropertyContainers.Instance,
        Retrying = retrying,
        Incomplete = incomplete,
        Proxy = _network.ProxyFor(QueryEndpoint),
        Text = _text,
    };
}
