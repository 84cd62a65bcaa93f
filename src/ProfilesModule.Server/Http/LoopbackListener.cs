using System.Net;
using System.Net.Sockets;

namespace ProfilesModule.Server.Http;

/// <summary>Opens an <see cref="HttpListener"/> that only this machine can reach.</summary>
internal static class LoopbackListener
{
    private const int Attempts = 20;

    /// <param name="requestedPort">The port, or 0 for any free one.</param>
    /// <param name="port">The port that it listens on.</param>
    /// <exception cref="IOException">The port is taken, or no port could be opened.</exception>
    public static HttpListener Start(int requestedPort, out int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            // HttpListener refuses port 0. Another program may take the free port before it does, hence the attempts.
            port = requestedPort == 0 ? FindFreePort() : requestedPort;
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException e)
            {
                listener.Close();
                if (requestedPort != 0)
                    throw new IOException($"Port {port} on 127.0.0.1 cannot be opened. Another program may be using it. {e.Message}", e);
                if (attempt == Attempts)
                    throw new IOException($"No free port could be opened on 127.0.0.1. {e.Message}", e);
            }
        }
    }

    private static int FindFreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
