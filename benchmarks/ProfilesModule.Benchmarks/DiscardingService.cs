using System.Net;
using System.Net.Sockets;

namespace ProfilesModule.Benchmarks;

/// <summary>The same over HTTP, for what reaches the service through cmdlets only.</summary>
internal sealed class DiscardingService : IDisposable
{
    private static readonly byte[] Accepted = """{"status":1,"error":null}"""u8.ToArray();

    private readonly HttpListener _listener = new();

    public DiscardingService()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await context.Request.InputStream.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength64 = Accepted.Length;
            await context.Response.OutputStream.WriteAsync(Accepted);
            context.Response.Close();
        }
    }
}
