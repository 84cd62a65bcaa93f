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

    // An admin waits as long for a web request; see Invoke-WebRequest.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(100);

    private readonly string _token;
    private readonly ServiceAccount? _account;
    private readonly HttpClient _http;

    internal UserProfileConnection(Uri endpoint, Uri queryEndpoint, ServiceRegion? region, string token, string? projectId, ServiceAccount? account)
    {
        Endpoint = endpoint;
        QueryEndpoint = queryEndpoint;
        Region = region;
        ProjectId = projectId;
        _token = token;
        _account = account;

        // A redirect would be followed without the body, and cookies or a decompressed flood are nothing that the service sends.
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
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

    /// <summary>Always masked: a connection can be shown and logged.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "PowerShell shows instance properties.")]
    public string Token => Masked;

    /// <summary>The token itself, for the records that are sent.</summary>
    internal string SecretToken => _token;

    /// <summary>Whether the service is on this machine, as the embedded one is.</summary>
    internal bool IsLoopback => QueryEndpoint.IsLoopback;

    internal bool CanQuery => IsLoopback || (_account is not null && ProjectId is not null);

    /// <summary>The endpoint, without any secret.</summary>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Closes its network connections.</summary>
    public void Dispose() => _http.Dispose();

    internal EngageTransport Transport(TimeProvider time, bool forGroups) => new(_http, Endpoint, AttemptTimeout, time, forGroups);

    internal ProfileQuery Query(TimeProvider time, int maximumRetryCount, TimeSpan retryInterval, Action<Delivery.Retrying> retrying) => new(_http, QueryEndpoint, time)
    {
        ProjectId = ProjectId,
        ServiceAccount = _account,
        MaximumRetryCount = maximumRetryCount,
        RetryInterval = retryInterval,
        Retrying = retrying,
    };
}
