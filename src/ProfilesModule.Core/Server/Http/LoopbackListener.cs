using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProfilesModule.Server;

/// <summary>Opens an <see cref="HttpListener"/> that only this machine can reach.</summary>
internal static class LoopbackListener
{
    private const int Attempts = 20;

    /// <summary>Opens the listener.</summary>
    /// <param name="requestedPort">The port, or 0 for any free one.</param>
    /// <param name="port">The port that it listens on.</param>
    /// <exception cref="IOException">The port is taken, or no port could be opened.</exception>
    public static HttpListener Start(int requestedPort, out int port)
    {
        if (requestedPort != 0)
        {
            port = requestedPort;
            return TryStart(port, out HttpListenerException? refusal)
                ?? throw new IOException($"Port {port} on 127.0.0.1 cannot be opened, probably because another program uses it. {refusal!.Message}", refusal);
        }

        HttpListenerException? failure = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            port = FindFreePort();
            if (TryStart(port, out failure) is { } listener)
                return listener;
        }
        throw new IOException($"No free port could be opened on 127.0.0.1. {failure!.Message}", failure);
    }

    /// <summary>
    /// Whether a Host header names this server. A page whose own host name was made to point here sends that name, and
    /// an IP address in a prefix does not keep it out everywhere: on Windows it matches any name.
    /// </summary>
    /// <param name="host">The header; null (HTTP/1.0, which no browser sends) passes.</param>
    /// <param name="port">The port that the server listens on.</param>
    public static bool IsOwnHost(string? host, int port)
    {
        if (host is null)
            return true;
        string suffix = string.Create(CultureInfo.InvariantCulture, $":{port}");
        string name = host.EndsWith(suffix, StringComparison.Ordinal) ? host[..^suffix.Length] : host;
        return name is "127.0.0.1" || name.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a request is not that of a page from elsewhere in a browser, which needs no permission to post a form.</summary>
    /// <param name="origin">The Origin header; null when there is none, as from any program but a browser.</param>
    /// <param name="port">The port that the server listens on.</param>
    public static bool IsOwnOrigin(string? origin, int port) =>
        origin is null || (origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && IsOwnHost(origin["http://".Length..], port));

    private static HttpListener? TryStart(int port, out HttpListenerException? refusal)
    {
        var listener = new HttpListener();
        listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        try
        {
            listener.Start();
            refusal = null;
            return listener;
        }
        catch (HttpListenerException e)
        {
            listener.Close();
            refusal = e;
            return null;
        }
    }

    // HttpListener refuses port 0. Another program may take the port before the listener does, hence the attempts.
    private static int FindFreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
