using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProfilesModule.Core.Tests.Wire;

/// <summary>A service that speaks HTTP byte by byte, as badly as a test says, and keeps what reached it.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawConnection, Task> _serve;
    private readonly List<RawRequest> _requests = [];
    private readonly List<RawConnection> _connections = [];
    private readonly Task _accepting;
    private readonly X509Certificate2? _certificate;

    /// <param name="serve">What happens on a connection; it is closed afterwards.</param>
    /// <param name="certificate">The certificate that it shows; null for a service without encryption.</param>
    public RawServer(Func<RawConnection, Task> serve, X509Certificate2? certificate = null)
    {
        _serve = serve;
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Endpoint = new($"{(certificate is null ? "http" : "https")}://127.0.0.1:{Port}/");
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Endpoint { get; }

    public IReadOnlyList<RawRequest> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    public int Connections
    {
        get
        {
            lock (_connections)
                return _connections.Count;
        }
    }

    /// <summary>Answers every request of a connection in turn.</summary>
    public static RawServer Answering(Func<RawRequest, string> reply) => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is { } request)
            await connection.WriteAsync(reply(request));
    });

    /// <summary>A whole reply.</summary>
    public static string Reply(string status, string body, params string[] headers) =>
        $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        RawConnection[] connections;
        lock (_connections)
            connections = [.. _connections];
        foreach (var connection in connections)
            connection.Dispose();
        await Task.WhenAll(connections.Select(c => c.Served));
    }

    internal RawRequest Keep(int connection, string method, string target, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        lock (_requests)
        {
            _requests.Add(new(_requests.Count + 1, connection, method, target, headers, body));
            return _requests[^1];
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                RawConnection connection;
                lock (_connections)
                    _connections.Add(connection = new(this, _connections.Count + 1, socket));
                connection.Served = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped, between two calls or during one.
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        await Task.Yield();
        try
        {
            if (_certificate is not null)
                await connection.EncryptAsync(_certificate);
            await _serve(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client went away, or the test is over.
        }
        finally
        {
            connection.Dispose();
        }
    }
}

/// <summary>One connection of a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(RawServer server, int number, Socket socket) : IDisposable
{
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>1 for the first connection of the server.</summary>
    public int Number => number;

    public Task Served { get; internal set; } = Task.CompletedTask;

    public async Task EncryptAsync(X509Certificate2 certificate)
    {
        var encrypted = new SslStream(_stream);
        _stream = encrypted;
        await encrypted.AuthenticateAsServerAsync(certificate);
    }

    /// <summary>Reads a request; null when the client closed the connection instead.</summary>
    public async Task<RawRequest?> ReadRequestAsync()
    {
        if (await ReadHeadAsync() is not { } head)
            return null;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = lines[0].Split(' ');
        var headers = lines[1..].Select(l => l.Split(':', 2)).ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await _stream.ReadExactlyAsync(body);
        return server.Keep(number, start[0], start[1], headers, body);
    }

    /// <summary>Reads a request up to its body; null when the client closed the connection instead.</summary>
    public async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await _stream.ReadAsync(next) == 0)
                return null;
            head.Append((char)next[0]);
        }

        return head.ToString();
    }

    /// <summary>Waits for the client's next byte without taking it; false when the client closed the connection.</summary>
    public async Task<bool> WaitForBytesAsync()
    {
        await socket.ReceiveAsync(Memory<byte>.Empty);
        return socket.Available > 0;
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Stays until the client closes the connection.</summary>
    public async Task WaitForCloseAsync()
    {
        var rest = new byte[4096];
        while (await _stream.ReadAsync(rest) > 0)
        {
        }
    }

    /// <summary>Breaks the connection, so that the client sees a reset.</summary>
    public void Reset() => socket.Close(0);

    public void Dispose() => _stream.Dispose();
}

/// <summary>A request as it reached a <see cref="RawServer"/>.</summary>
internal sealed record RawRequest(int Number, int Connection, string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
