using System.Net;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>How a connection reaches its service: through which proxy, and how long it waits.</summary>
internal sealed record NetworkSettings
{
    private static readonly string[] ProxySchemes = ["http", "https", "socks4", "socks4a", "socks5"];

    /// <summary>The proxy; null for the system's, which HTTPS_PROXY and NO_PROXY say outside Windows.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Who asks the proxy; null for nobody in particular.</summary>
    public ICredentials? ProxyCredential { get; init; }

    /// <summary>Whether no proxy is asked, not even the system's.</summary>
    public bool NoProxy { get; init; }

    /// <summary>How long it may take to connect.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an attempt may take; null for the default of its kind.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Makes sure that the settings fit together. The rules are those of Invoke-WebRequest.</summary>
    /// <param name="endpoint">The address of the service; null for one of its own.</param>
    /// <exception cref="ArgumentException">They do not; the message says what to do.</exception>
    public NetworkSettings Checked(Uri? endpoint)
    {
        if (Proxy is null)
            return ProxyCredential is null ? this : throw new ArgumentException("Credentials for a proxy need the proxy. Give its address with -Proxy.");
        if (NoProxy)
            throw new ArgumentException("-NoProxy and -Proxy exclude each other. Leave out one of them.");
        if (!Proxy.IsAbsoluteUri || !ProxySchemes.Contains(Proxy.Scheme) || Proxy.Host.Length == 0)
            throw new ArgumentException("The proxy is no address of one. Give it in full, such as http://proxy.example.com:8080.");
        if (Proxy.UserInfo.Length > 0)
            throw new ArgumentException("The address of the proxy holds a user name or password. Give them with -ProxyCredential.");
        if (endpoint is { Scheme: "http" } && !Proxy.IsLoopback)
            throw new ArgumentException("The service is on this machine, and its address is http: the proxy would get the project token as it is. Leave out -Proxy.");
        return this;
    }

    /// <summary>A client for a service. One on this machine is asked directly unless a proxy was named.</summary>
    /// <param name="endpoint">The base address of the service.</param>
    /// <param name="reuse">Whether connections serve several requests.</param>
    public HttpClient CreateClient(Uri endpoint, bool reuse = true)
    {
        // A redirect would be followed without the body, and cookies or a decompressed flood are nothing that the service sends.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = reuse ? TimeSpan.FromMinutes(5) : TimeSpan.Zero,
            UseProxy = UsesProxy(endpoint),
        };
        if (reuse)
            ConnectionUse.Watch(handler);
        if (Proxy is not null)
            handler.Proxy = new WebProxy(Proxy) { Credentials = ProxyCredential };
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The proxy on the way to a service; null for none.</summary>
    /// <param name="endpoint">The base address of the service.</param>
    public Uri? ProxyFor(Uri endpoint) => !UsesProxy(endpoint) ? null
        : Proxy ?? (HttpClient.DefaultProxy.IsBypassed(endpoint) ? null : HttpClient.DefaultProxy.GetProxy(endpoint));

    private bool UsesProxy(Uri endpoint) => !NoProxy && (Proxy is not null || !endpoint.IsLoopback);
}
