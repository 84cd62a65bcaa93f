using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProfilesModule.Server;
using ProfilesModule.Server.Faults;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Core.Tests.Server;

public sealed class ServerLifetimeTests
{
    [Fact]
    public async Task A_server_tells_where_it_is_since_when_and_what_it_did()
    {
        using var running = new RunningServer();
        EngageServer server = running.Server;

        await running.Apply("a", """ "$set":{} """);
        await running.Engage("nonsense");
        await running.Apply("b", """ "$delete":"" """);

        Assert.Equal($"http://127.0.0.1:{server.Endpoint.Port}/", server.Endpoint.ToString());
        Assert.Equal(running.Time.Start, server.StartTime);
        Assert.Equal(3, server.RequestCount);
        Assert.Equal(2, server.UpdateCount);
        Assert.Equal(1, server.ProfileCount);
        Assert.True(server.IsRunning);

        server.Dispose();

        Assert.False(server.IsRunning);
        Assert.Throws<ObjectDisposedException>(() => server.ProfileCount);
        await Assert.ThrowsAsync<HttpRequestException>(() => running.Client.GetAsync(""));
    }

    [Fact]
    public void Several_servers_run_at_once_on_ports_of_their_own()
    {
        using var first = new RunningServer();
        using var second = new RunningServer();

        Assert.NotEqual(first.Server.Endpoint, second.Server.Endpoint);
    }

    [Fact]
    public async Task A_port_can_be_asked_for_and_is_free_again_afterwards()
    {
        int port = FreePort();
        for (int i = 0; i < 3; i++)
        {
            using var running = new RunningServer(options: new EngageServerOptions { Port = port });
            Assert.Equal(port, running.Server.Endpoint.Port);
            Assert.Equal(200, (await running.Query()).Status);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_port_that_is_taken_is_named_and_the_store_is_disposed(bool byAServer)
    {
        using var running = new RunningServer();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = byAServer ? running.Server.Endpoint.Port : ((IPEndPoint)other.LocalEndpoint).Port;
        var store = new RecordingStore();

        var refusal = Assert.Throws<IOException>(() => EngageServer.Start(new EngageServerOptions { Port = port }, store));

        Assert.Contains($"Port {port}", refusal.Message);
        Assert.True(store.IsDisposed);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        EngageServerOptions[] bad =
        [
            new() { Port = -1 }, new() { Port = 65536 }, new() { PageSize = 0 },
            new() { ReadDelay = TimeSpan.FromTicks(-1) }, new() { ReadDelay = TimeSpan.FromDays(2) },
        ];

        Assert.All(bad, options => Assert.ThrowsAny<ArgumentException>(() => EngageServer.Start(options, new MemoryProfileStore())));
    }

    [Fact]
    public void Disposing_disposes_the_store_and_a_second_time_does_nothing()
    {
        var store = new RecordingStore();
        EngageServer server = EngageServer.Start(new EngageServerOptions(), store);

        server.Dispose();
        server.Dispose();

        Assert.True(store.IsDisposed);
    }

    [Theory]
    [InlineData("POST /engage HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1000\r\n\r\n[{", 1)]
    [InlineData("POST /engage HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{", 1)]
    [InlineData("POST /engage HTTP/1.1\r\nHost: HOST\r\nContent-", 0)]
    [InlineData("", 0)]
    public async Task Disposing_ends_within_a_second_while_requests_hang(string request, int arrived)
    {
        using var running = new RunningServer(StoreKind.Sqlite);
        await running.Apply("a", """ "$set":{} """);
        const int clients = 5;
        var sockets = new List<TcpClient>();
        for (int i = 0; i < clients; i++)
        {
            sockets.Add(await Connect(running.Server));
            await sockets[i].GetStream().WriteAsync(Encoding.ASCII.GetBytes(request.Replace("HOST", running.Server.Endpoint.Authority, StringComparison.Ordinal)));
        }
        Assert.True(SpinWait.SpinUntil(() => running.Server.RequestCount == 1 + (clients * arrived), TimeSpan.FromSeconds(10)));

        long start = Stopwatch.GetTimestamp();
        running.Server.Dispose();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Disposing_ends_within_a_second_while_a_client_does_not_read_its_reply()
    {
        using var running = new RunningServer();
        string big = string.Join(',', Enumerable.Range(0, 400).Select(i => $"\"p{i}\":\"{new string('x', 250)}\""));
        for (int i = 0; i < 200; i++)
            await running.Apply($"{i}", $$""" "$set":{ {{big}} } """);
        using TcpClient socket = await Connect(running.Server);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/query/engage HTTP/1.1\r\nHost: {running.Server.Endpoint.Authority}\r\n\r\n"));
        Assert.NotEqual(-1, socket.GetStream().ReadByte());

        long start = Stopwatch.GetTimestamp();
        running.Server.Dispose();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Disposing_while_clients_write_leaves_no_reply_without_its_update()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("profiles.db");
        long accepted = 0;
        EngageServer server = EngageServer.Start(new EngageServerOptions(), new Sqlite.SqliteProfileStore(path));
        using var client = new HttpClient { BaseAddress = server.Endpoint };
        Task[] writers = [.. Enumerable.Range(0, 8).Select(async writer =>
        {
            for (int i = 0; ; i++)
            {
                try
                {
                    using HttpResponseMessage response = await client.PostAsync("engage", RunningServer.Json($$"""{"$token":"t","$distinct_id":"{{writer}}-{{i}}","$set":{} }"""));
                    if (await response.Content.ReadAsStringAsync() == "1")
                        Interlocked.Increment(ref accepted);
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        })];
        Assert.True(SpinWait.SpinUntil(() => server.UpdateCount > 100, TimeSpan.FromSeconds(10)));

        server.Dispose();
        await Task.WhenAll(writers);

        using var store = new Sqlite.SqliteProfileStore(path);
        Assert.InRange(store.Count, accepted, accepted + 8);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("127.0.0.1.evil.example:PORT")]
    [InlineData("127.0.0.1:1")]
    [InlineData("evil.example:80@127.0.0.1:PORT")]
    public async Task A_request_for_another_host_is_refused(string host)
    {
        using var running = new RunningServer();
        host = host.Replace("PORT", $"{running.Server.Endpoint.Port}", StringComparison.Ordinal);

        string reply = await Exchange(running.Server, $"GET /engage?data=%7B%22$token%22:%22t%22,%22$distinct_id%22:%22a%22,%22$set%22:%7B%7D%7D HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", reply);
        Assert.Equal(0, running.Server.ProfileCount);
    }

    // On Windows such requests reach the server's own check, here HttpListener refuses them before; hence the internal type.
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:81", true)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:81", true)]
    [InlineData(null, true)]
    [InlineData("", false)]
    [InlineData(":81", false)]
    [InlineData("127.0.0.1:8", false)]
    [InlineData("127.0.0.1:811", false)]
    [InlineData("127.0.0.11", false)]
    [InlineData("evil.example:81", false)]
    [InlineData("localhost.evil.example:81", false)]
    [InlineData("evil.example@localhost:81", false)]
    public void Only_the_names_of_this_machine_are_the_servers_own(string? host, bool isOwn) =>
        Assert.Equal(isOwn, BrowserGuard.IsOwnHost(host, 81));

    [Fact]
    public async Task A_request_for_the_servers_address_is_answered()
    {
        using var running = new RunningServer();

        foreach (string host in new[] { "127.0.0.1", running.Server.Endpoint.Authority })
            Assert.StartsWith("HTTP/1.1 200 ", await Exchange(running.Server, $"GET /api/query/engage HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public void Nothing_but_this_machine_can_reach_it()
    {
        using var running = new RunningServer();
        var listening = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == running.Server.Endpoint.Port);
        Assert.All(listening, l => Assert.Equal(IPAddress.Loopback, l.Address.IsIPv4MappedToIPv6 ? l.Address.MapToIPv4() : l.Address));
        Assert.NotEmpty(listening);
    }

    [Fact]
    public async Task A_store_that_fails_is_answered_500_and_the_server_lives_on()
    {
        using EngageServer server = EngageServer.Start(new EngageServerOptions(), new RecordingStore());
        using var client = new HttpClient { BaseAddress = server.Endpoint };

        for (int i = 0; i < 3; i++)
        {
            Answer write = await Answer.Of(await client.PostAsync("engage", RunningServer.Json("""{"$token":"t","$distinct_id":"a","$set":{}}""")));
            Answer read = await Answer.Of(await client.GetAsync("api/query/engage"));
            Assert.Equal(new Answer(500, """{"error":"the disk is full","status":"error"}"""), write);
            Assert.Equal(write, read);
        }
        Assert.Equal(0, server.UpdateCount);
    }

    [Fact]
    public async Task A_further_route_answers_its_paths_and_leaves_the_others_alone()
    {
        var options = new EngageServerOptions { Routes = [_ => new Page()], Faults = [new() { Status = 500 }, new() { Endpoint = ServerFaultEndpoint.Query }] };
        using var running = new RunningServer(options: options);

        Assert.Equal(new Answer(200, "GET /page <x>"), await Answer.Of(await running.Client.GetAsync("page/?q=x")));
        Assert.Equal(404, (await Answer.Of(await running.Client.GetAsync("pages"))).Status);
        Assert.Equal(404, (await Answer.Of(await running.Client.DeleteAsync("page"))).Status);
        Assert.Equal(500, (await running.Engage("[]")).Status);
        Assert.Equal(503, (await running.Query()).Status);
    }

    private sealed class Page : IEngageRoute
    {
        public bool IsAt(string path) => path == "/page";

        public Task<Reply> AnswerAsync(EngageRequest request, CancellationToken cancellation) =>
            Task.FromResult(Reply.Html(200, $"{request.Method} {request.Path} <{request.Query["q"]}>"));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task<TcpClient> Connect(EngageServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Endpoint.Port);
        return client;
    }

    private static async Task<string> Exchange(EngageServer server, string request)
    {
        using TcpClient client = await Connect(server);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    private sealed class RecordingStore : IProfileStore
    {
        public bool IsDisposed { get; private set; }

        public long Count => 0;

        public void Write(Action<IProfileTransaction> work) => throw new IOException("the disk is full");

        public IProfileSnapshot OpenSnapshot() => throw new IOException("the disk is full");

        public void Dispose() => IsDisposed = true;
    }
}
