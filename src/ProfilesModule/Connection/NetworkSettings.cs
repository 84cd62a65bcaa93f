using System.Net;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>The proxy and the time-outs of a connection.</summary>
internal sealed record NetworkSettings
{
    private static readonly string[] ProxySchemes = ["http", "https", "socks4", "socks4a", "socks5"];

    /// <summary>The proxy; null for the system's.</summary>
    public Uri? Proxy { get; init; }

    public ICredentials? ProxyCredential { get; init; }

    /// <summary>Whether to bypass all proxies, including the system's.</summary>
    public bool NoProxy { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The time-out of an attempt; null for the default, which differs for updates and queries.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Checks that the settings do not contradict each other. The rules are those of Invoke-WebRequest.</summary>
    /// <exception cref="ArgumentException">They do; the message says what to do.</exception>
    public void Check(Uri? endpoint)
    {
        if (Proxy is null && ProxyCredential is not null)
            throw new ArgumentException("Proxy credentials need a proxy. Specify it with -Proxy.");
        if (Proxy is null)
            return;
        if (NoProxy)
            throw new ArgumentException("-NoProxy and -Proxy cannot be used together. Omit one of them.");
        if (!Proxy.IsAbsoluteUri || !ProxySchemes.Contains(Proxy.Scheme) || Proxy.Host.Length == 0)
            throw new ArgumentException("The proxy is not a valid address. Write it in full, such as http://proxy.example.com:8080.");
        if (Proxy.UserInfo.Length > 0)
            throw new ArgumentException("The address of the proxy contains a user name or password. Use -ProxyCredential instead.");
        if (endpoint is { Scheme: "http" } && !Proxy.IsLoopback)
            throw new ArgumentException("The service is on this machine and its address is http, "
                + "so the proxy would receive the project token unencrypted. Omit -Proxy.");
    }

    /// <summary>Makes a client for a service. Without -Proxy, a service on this machine is reached directly.</summary>
    public HttpClient CreateClient(Uri endpoint, bool reuse = true)
    {
        // A redirect would drop the body of the request. The service sends neither cookies nor compressed replies.
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

    /// <summary>The proxy between this machine and a service; null if there is none.</summary>
    public Uri? ProxyFor(Uri endpoint) => !UsesProxy(endpoint) ? null
        : Proxy ?? (HttpClient.DefaultProxy.IsBypassed(endpoint) ? null : HttpClient.DefaultProxy.GetProxy(endpoint));

    private bool UsesProxy(Uri endpoint) => !NoProxy && (Proxy is not null || !endpoint.IsLoopback);
}
