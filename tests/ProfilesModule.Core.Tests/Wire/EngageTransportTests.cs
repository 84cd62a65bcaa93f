using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Wire;

public sealed class EngageTransportTests : IDisposable
{
    private const string Accepted = """{"error":null,"status":1}""";
    private const int Mebibyte = 1 << 20;

    // So that a defect fails the test instead of hanging it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(90);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""[{"$token":"t","$distinct_id":"Ömer 🙂","$set":{"a":"b"}}]""");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly HttpClient _http = Client(new());

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("", "/engage")]
    [InlineData("proxy/mixpanel/", "/proxy/mixpanel/engage")]
    public async Task A_request_is_a_post_of_the_body_as_it_is_below_the_endpoint(string basePath, string path)
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", Accepted));
        var verdict = await SendAsync(new Uri(server.Endpoint, basePath), Body);
        Assert.Equal(new(VerdictKind.Accepted, 200, "") { Failed = verdict.Failed }, verdict);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", $"{path}?verbose=1&strict=1&ip=0"), (request.Method, request.Target));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal($"{Body.Length}", request.Headers["Content-Length"]);
        Assert.Empty(request.Headers.Keys.Intersect(["Authorization", "Cookie", "Content-Encoding", "Transfer-Encoding", "Expect"], StringComparer.OrdinalIgnoreCase));
        Assert.Equal(Body, request.Body);
    }

    [Fact]
    public async Task A_body_of_the_largest_size_arrives_byte_for_byte()
    {
        var body = new byte[Mebibyte];
        new Random(1).NextBytes(body);
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", "1"));
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, body)).Kind);
        Assert.Equal(body, Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Requests_share_a_connection()
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", Accepted));
        for (var i = 0; i < 3; i++)
            Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, Body)).Kind);
        Assert.Equal((1, 3), (server.Connections, server.Requests.Count));
    }

    [Fact]
    public async Task A_refused_connection_applied_nothing()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var verdict = await SendAsync(new($"http://127.0.0.1:{((IPEndPoint)unused.LocalEndPoint!).Port}/"), Body);
        Assert.Equal((VerdictKind.Transient, 0, false), (verdict.Kind, verdict.StatusCode, verdict.MayHaveBeenApplied));
        Assert.StartsWith("cannot connect: ", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_secured_applied_nothing()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.WaitForBytesAsync();
            await connection.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            await connection.WaitForCloseAsync();
        });
        var verdict = await SendAsync(new($"https://127.0.0.1:{server.Port}/"), Body);
        Assert.Equal((VerdictKind.Transient, 0, false), (verdict.Kind, verdict.StatusCode, verdict.MayHaveBeenApplied));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Mebibyte)]
    public async Task A_reset_before_the_request_was_read_leaves_the_outcome_open(int bytes)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.WaitForBytesAsync();
            connection.Reset();
        });
        AssertBroken(await SendAsync(server.Endpoint, new byte[bytes]));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_reset_after_the_request_was_read_leaves_the_outcome_open()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        AssertBroken(await SendAsync(server.Endpoint, Body));
        Assert.Single(server.Requests);
    }

    public static TheoryData<string> BrokenReplies => new()
    {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{Accepted}",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n1\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n1\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1 and more\r\n0\r\n\r\n",
        "220 mail.example.com ESMTP\r\n",
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nX-Long: {new string('x', Mebibyte)}\r\nContent-Length: 1\r\n\r\n1",
    };

    [Theory]
    [MemberData(nameof(BrokenReplies))]
    public async Task A_reply_that_breaks_off_or_is_no_http_is_never_success(string reply)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(reply);
        });
        AssertBroken(await SendAsync(server.Endpoint, Body));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_endless_reply_is_given_up(bool chunked)
    {
        const int far = 64;
        var sent = 0;
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\n{(chunked ? "Transfer-Encoding: chunked" : "Connection: close")}\r\n\r\n");
            var block = new byte[Mebibyte];
            for (; sent < far; sent++)
            {
                if (chunked)
                    await connection.WriteAsync("100000\r\n");
                await connection.WriteAsync(block);
                if (chunked)
                    await connection.WriteAsync("\r\n");
            }
        });
        AssertBroken(await SendAsync(server.Endpoint, Body), "longer than 1,048,576 bytes");
        await server.DisposeAsync();

        // What the two ends of the socket hold counts as sent.
        Assert.InRange(sent, 1, far - 1);
    }

    [Fact]
    public async Task A_reply_of_the_largest_size_is_read()
    {
        var reply = Accepted.PadRight(Mebibyte);
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", reply));
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, Body)).Kind);
        await using var larger = RawServer.Answering(_ => RawServer.Reply("200 OK", reply + " "));
        AssertBroken(await SendAsync(larger.Endpoint, Body));
    }

    public static TheoryData<string> UnreadableBodies => new()
    {
        "",
        "<html><body>It works!</body></html>",
        new string('[', 100_000),
        new string('[', 100_000) + new string(']', 100_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000),
        "upstream connect error or disconnect/reset before headers",
    };

    [Theory]
    [MemberData(nameof(UnreadableBodies))]
    public async Task A_body_that_is_not_of_the_service_is_never_success(string body)
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", body, "Content-Type: text/html"));
        AssertAmbiguous(200, await SendAsync(server.Endpoint, Body));
    }

    [Theory]
    [InlineData("\u00FF")]
    [InlineData("1\u00FF")]
    [InlineData("{\"st\u00FFtus\":1}")]
    [InlineData("{\"status\":\"\u00FF\"}")]
    public async Task A_body_that_is_no_utf_8_is_never_success(string latin1)
    {
        await using var server = Replying("200 OK", Encoding.Latin1.GetBytes(latin1));
        AssertAmbiguous(200, await SendAsync(server.Endpoint, Body));
    }

    [Theory]
    [InlineData("1", VerdictKind.Accepted)]
    [InlineData("0", VerdictKind.NotApplied)]
    public async Task A_bare_verdict_counts_whatever_its_content_type(string body, object kind)
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", body, "Content-Type: text/plain"));
        Assert.Equal(kind, (await SendAsync(server.Endpoint, Body)).Kind);
    }

    [Fact]
    public async Task A_compressed_reply_that_nobody_asked_for_is_not_read()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Accepted));
        await using var server = Replying("200 OK", packed.ToArray(), "Content-Encoding: gzip\r\n");
        AssertAmbiguous(200, await SendAsync(server.Endpoint, Body));
        Assert.DoesNotContain("Accept-Encoding", Assert.Single(server.Requests).Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = RawServer.Answering(_ => RawServer.Reply("200 OK", "1"));
        await using var server = RawServer.Answering(_ => RawServer.Reply($"{status} Elsewhere", "1", $"Location: {elsewhere.Endpoint}engage"));
        AssertAmbiguous(status, await SendAsync(server.Endpoint, Body));
        Assert.Equal((1, 0), (server.Requests.Count, elsewhere.Connections));
    }

    [Fact]
    public async Task Interim_replies_are_passed_over()
    {
        await using var server = RawServer.Answering(_ =>
            $"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n{RawServer.Reply("200 OK", "0")}");
        Assert.Equal(VerdictKind.NotApplied, (await SendAsync(server.Endpoint, Body)).Kind);
        Assert.Equal(VerdictKind.NotApplied, (await SendAsync(server.Endpoint, Body)).Kind);
        Assert.Equal((1, 2), (server.Connections, server.Requests.Count));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Wed, 04 Mar 2026 05:06:37 GMT", 30)]
    [InlineData("Wed, 04 Mar 2026 07:00:09 GMT\r\nDate: Wed, 04 Mar 2026 07:00:00 GMT", 9)]
    public async Task The_wait_that_the_service_asks_for_is_read_as_seconds_or_as_a_date(string retryAfter, int seconds)
    {
        foreach (var (status, mayHaveBeenApplied) in new[] { (429, false), (503, true) })
        {
            await using var server = RawServer.Answering(_ => RawServer.Reply($"{status} Busy", """{"error":"busy"}""", $"Retry-After: {retryAfter}"));
            var verdict = await SendAsync(server.Endpoint, Body);
            Assert.Equal(
                (VerdictKind.Transient, status, "busy", mayHaveBeenApplied, TimeSpan.FromSeconds(seconds)),
                (verdict.Kind, verdict.StatusCode, verdict.Message, verdict.MayHaveBeenApplied, verdict.RetryAfter));
        }
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("Wed, 04 Mar 2026 05:06:07 GMT")]
    [InlineData("Tue, 03 Mar 2026 05:06:07 GMT")]
    [InlineData("Wed, 04 Mar 2026 06:00:00 GMT\r\nDate: Wed, 04 Mar 2026 07:00:00 GMT")]
    [InlineData("99999999999999999999")]
    public async Task A_wait_that_cannot_be_read_or_is_over_is_none(string retryAfter)
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply("429 Busy", "", $"Retry-After: {retryAfter}"));
        var verdict = await SendAsync(server.Endpoint, Body);
        Assert.Equal((VerdictKind.Transient, null), (verdict.Kind, verdict.RetryAfter));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"error\":null,\"status\":1")]
    public async Task An_attempt_ends_when_its_time_is_over_however_far_the_reply_came(string begun)
    {
        await using var stalled = new StalledServer(begun);
        var sending = SendAsync(stalled.Server.Endpoint, Body);
        await stalled.Stalled;
        _time.Advance(AttemptTimeout - TimeSpan.FromTicks(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        AssertAmbiguous(0, await sending);
        Assert.Contains(" 90 s", (await sending).Message, StringComparison.Ordinal);
        Assert.Single(stalled.Server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"error\":null,\"status\":1")]
    public async Task A_caller_who_cancels_gets_no_verdict(string begun)
    {
        await using var stalled = new StalledServer(begun);
        using var cancellation = new CancellationTokenSource();
        var sending = SendAsync(stalled.Server.Endpoint, Body, cancellation.Token);
        await stalled.Stalled;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(stalled.Server.Requests);
    }

    [Fact]
    public async Task A_caller_who_has_cancelled_sends_nothing()
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply("200 OK", "1"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(server.Endpoint, Body, new(canceled: true)));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(100, true)]
    [InlineData(Mebibyte, false)]
    [InlineData(Mebibyte, true)]
    public async Task A_request_that_meets_the_end_of_a_kept_connection_is_sent_at_once_on_a_new_one(int bytes, bool reads)
    {
        await using var server = EndingAtTheSecondRequest(reads);
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, Body)).Kind);
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, new byte[bytes])).Kind);
        Assert.Equal((2, reads ? 3 : 2), (server.Connections, server.Requests.Count));
    }

    [Fact]
    public async Task A_kept_connection_that_ends_in_a_reply_leaves_the_outcome_open()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(RawServer.Reply("200 OK", "1"));
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Le");
        });
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, Body)).Kind);
        AssertBroken(await SendAsync(server.Endpoint, Body));
        Assert.Equal((1, 2), (server.Connections, server.Requests.Count));
    }

    [Fact]
    public async Task What_counts_twice_goes_over_a_connection_of_its_own_and_never_twice()
    {
        await using var server = EndingAtTheSecondRequest(reads: true);
        using var fresh = Client(new() { PooledConnectionLifetime = TimeSpan.Zero });
        var transport = new EngageTransport(_http, server.Endpoint, AttemptTimeout, _time) { FreshHttp = fresh };
        for (var i = 0; i < 3; i++)
            Assert.Equal(VerdictKind.Accepted, (await transport.SendAsync(Body, 3, isRepeatable: false, default).WaitAsync(Patience)).Kind);
        Assert.Equal((3, 3), (server.Connections, server.Requests.Count));

        await using var resetting = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        AssertBroken(await new EngageTransport(_http, resetting.Endpoint, AttemptTimeout, _time) { FreshHttp = fresh }.SendAsync(Body, 3, isRepeatable: false, default).WaitAsync(Patience));
        Assert.Single(resetting.Requests);
    }

    /// <summary>Answers the first request of a connection, and resets the connection when the second comes.</summary>
    private static RawServer EndingAtTheSecondRequest(bool reads) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync(RawServer.Reply("200 OK", "1"));
        await connection.WaitForBytesAsync();
        if (reads)
            await connection.ReadRequestAsync();
        connection.Reset();
    });

    [Theory]
    [InlineData("127.0.0.1", 30, "authority")]
    [InlineData("api.example.com", 30, "another name")]
    [InlineData("127.0.0.1", -30, "expired")]
    public async Task A_certificate_that_is_not_accepted_ends_it_and_says_what_is_wrong(string name, int days, string fault)
    {
        using var certificate = TestCertificate.For(name, days);
        await using var server = new RawServer(_ => Task.CompletedTask, certificate);
        var verdict = await SendAsync(server.Endpoint, Body);
        Assert.Equal((VerdictKind.Fatal, 0, false), (verdict.Kind, verdict.StatusCode, verdict.MayHaveBeenApplied));
        Assert.Contains(fault, verdict.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string> ForeignReplies => new()
    {
        { "200 OK", "text/html", "<html><head><TITLE>\nGuest &amp; Wi-Fi</title></head>please log in</html>", "200: text/html; title \"Guest & Wi-Fi\"; Server squid/6; Via 1.1 proxy.example.com (squid)" },
        { "403 Forbidden", "text/html", "<html><body><b>Your IT department</b> blocks this&nbsp;site</body></html>", "\"Your IT department blocks this" },
        { "400 Bad Request", "text/html", "<center>The plain HTTP request was sent to HTTPS port</center>", "\"The plain HTTP request was sent to HTTPS port\"" },
        { "200 OK", "application/json", "\uFEFF{\"error\":null,\"status\":1}", "a byte-order mark" },
        { "511 Network Authentication Required", "text/plain", "log in", "511" },
        { "503 Service Unavailable", "text/plain", "upstream connect error", "503: text/plain; \"upstream connect error\"" },
        { "307 Temporary Redirect\r\nLocation: https://portal.example/login?\u001b", "text/html", "", "Location https://portal.example/login" },
        { "200 OK", "text/html", "\u001b[31m<b>hot</b>", "\"\\u001b[31m hot\"" },
    };

    [Theory]
    [MemberData(nameof(ForeignReplies))]
    public async Task A_reply_that_is_not_the_service_s_says_what_answered(string status, string type, string body, string message)
    {
        await using var server = RawServer.Answering(_ => RawServer.Reply(status, body, $"Content-Type: {type}", "Server: squid/6", "Via: 1.1 proxy.example.com (squid)"));
        var verdict = await SendAsync(server.Endpoint, Body);
        Assert.True(!verdict.IsOfService && verdict.Kind is VerdictKind.Transient or VerdictKind.Fatal, verdict.ToString());
        Assert.Contains(message, verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_connection_that_was_closed_meanwhile_costs_no_attempt()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(RawServer.Reply("200 OK", "1"));
            connection.Dispose();
            closed.TrySetResult();
        });
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, Body)).Kind);
        await closed.Task;
        Assert.Equal(VerdictKind.Accepted, (await SendAsync(server.Endpoint, Body)).Kind);
        Assert.Equal((2, 2), (server.Connections, server.Requests.Count));
    }

    private static void AssertBroken(Verdict verdict, string because = "")
    {
        AssertAmbiguous(0, verdict);
        Assert.StartsWith("the connection failed: ", verdict.Message, StringComparison.Ordinal);
        Assert.Contains(because, verdict.Message, StringComparison.Ordinal);
    }

    private static void AssertAmbiguous(int status, Verdict verdict) =>
        Assert.Equal((VerdictKind.Transient, status, true), (verdict.Kind, verdict.StatusCode, verdict.MayHaveBeenApplied));

    private static RawServer Replying(string status, byte[] body, string headers = "") => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            await connection.WriteAsync($"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n");
            await connection.WriteAsync(body);
        }
    });

    // The module's client: no redirects, no cookies, no time limit of its own.
    private static HttpClient Client(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        ConnectionUse.Watch(handler);
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private Task<Verdict> SendAsync(Uri endpoint, ReadOnlyMemory<byte> body, CancellationToken cancellation = default) =>
        new EngageTransport(_http, endpoint, AttemptTimeout, _time).SendAsync(body, 3, isRepeatable: true, cancellation).WaitAsync(Patience, CancellationToken.None);

    /// <summary>Takes a request, begins a reply and never ends it.</summary>
    private sealed class StalledServer : IAsyncDisposable
    {
        private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StalledServer(string begun) => Server = new(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(begun);
            _stalled.SetResult();
            await connection.WaitForCloseAsync();
        });

        public RawServer Server { get; }

        public Task Stalled => _stalled.Task.WaitAsync(Patience);

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
