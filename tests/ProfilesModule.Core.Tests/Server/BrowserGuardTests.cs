using System.Net.Sockets;
using System.Text;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>What pages of a browser can do, and clients that do not end what they begin.</summary>
public sealed class BrowserGuardTests
{
    private const string Allowed = "http://localhost:3000";
    private const string Update = """[{"$token":"t","$distinct_id":"a","$set":{"x":1}}]""";

    [Theory]
    [InlineData("GET", "engage", "Sec-Fetch-Site", "cross-site")]
    [InlineData("GET", "engage", "Sec-Fetch-Site", "same-site")]
    [InlineData("GET", "groups", "Sec-Fetch-Site", "cross-site")]
    [InlineData("POST", "engage", "Origin", "https://evil.example")]
    [InlineData("POST", "engage", "Origin", "null")]
    [InlineData("POST", "engage", "Origin", "http://localhost:3000.evil.example")]
    [InlineData("POST", "engage", "Origin", "https://localhost:3000")]
    [InlineData("GET", "api/query/engage", "Origin", Allowed)]
    [InlineData("POST", "api/2.0/engage", "Origin", Allowed)]
    [InlineData("OPTIONS", "api/query/engage", "Origin", Allowed)]
    [InlineData("OPTIONS", "engage", "Origin", "https://evil.example")]
    [InlineData("GET", "elsewhere", "Origin", Allowed)]
    public async Task A_page_of_another_site_changes_and_reads_nothing(string method, string path, string header, string value)
    {
        using var running = new RunningServer(options: new EngageServerOptions { AllowedOrigins = [Allowed] });
        using HttpResponseMessage response = await Send(running, method, path, (header, value));
        Assert.Equal(403, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(0, running.Server.ProfileCount);
    }

    [Theory]
    [InlineData("Origin", Allowed)]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public async Task A_page_that_is_allowed_sends_updates(string header, string value)
    {
        using var running = new RunningServer(options: new EngageServerOptions { AllowedOrigins = [Allowed] });
        using HttpResponseMessage response = await Send(running, "POST", "engage", (header, value));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(header == "Origin", response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? origins) && origins.Single() == Allowed);
        Assert.Equal(1, running.Server.ProfileCount);
    }

    [Fact]
    public async Task A_browser_may_ask_before_a_page_sends()
    {
        using var running = new RunningServer(options: new EngageServerOptions { AllowedOrigins = [Allowed] });
        using HttpResponseMessage response = await Send(running, "OPTIONS", "engage", ("Origin", Allowed), ("Access-Control-Request-Headers", "content-type"));
        Assert.Equal((204, Allowed, "content-type"), ((int)response.StatusCode, response.Headers.GetValues("Access-Control-Allow-Origin").Single(), response.Headers.GetValues("Access-Control-Allow-Headers").Single()));
    }

    [Theory]
    [InlineData("localhost:3000")]
    [InlineData("http://localhost:3000/")]
    [InlineData("*")]
    public void What_is_not_an_origin_is_refused(string origin) =>
        Assert.Throws<ArgumentException>(() => EngageServer.Start(new EngageServerOptions { AllowedOrigins = [origin] }, new MemoryProfileStore()));

    [Fact]
    public async Task Bodies_that_do_not_come_stop_nobody_and_are_cut_in_time()
    {
        using var running = new RunningServer();
        using var sockets = new Sockets(running.Server.Endpoint.Port, 200);
        Assert.Equal(200, (await running.Query()).Status);
        while (running.Server.RequestCount < 201)
            await Task.Yield();
        Task closed = sockets.WaitUntilClosed();
        var deadline = Task.Delay(TimeSpan.FromSeconds(30));
        // A request is counted before its time begins to run.
        while (!closed.IsCompleted && !deadline.IsCompleted)
        {
            running.Time.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }
        await closed.WaitAsync(TimeSpan.Zero);
        Assert.Equal(0, running.Server.ProfileCount);
    }

    private static async Task<HttpResponseMessage> Send(RunningServer running, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "GET" ? $"{path}?data={Uri.EscapeDataString(Update)}" : path);
        if (method == "POST")
            request.Content = RunningServer.Json(Update);
        foreach ((string name, string value) in headers)
            request.Headers.Add(name, value);
        return await running.Client.SendAsync(request);
    }

    /// <summary>Clients that announce a body, send the first byte of it, and wait.</summary>
    private sealed class Sockets : IDisposable
    {
        private readonly TcpClient[] _clients;

        public Sockets(int port, int count)
        {
            _clients = [.. Enumerable.Range(0, count).Select(_ => new TcpClient("127.0.0.1", port))];
            foreach (TcpClient client in _clients)
                client.GetStream().Write(Encoding.ASCII.GetBytes($"POST /engage HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 2000000\r\n\r\n["));
        }

        public async Task WaitUntilClosed()
        {
            var buffer = new byte[1024];
            foreach (TcpClient client in _clients)
            {
                try
                {
                    while (await client.GetStream().ReadAsync(buffer) > 0)
                    {
                    }
                }
                catch (IOException)
                {
                    // Reset, which closes it too.
                }
            }
        }

        public void Dispose()
        {
            foreach (TcpClient client in _clients)
                client.Dispose();
        }
    }
}
