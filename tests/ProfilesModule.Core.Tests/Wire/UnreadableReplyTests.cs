using System.Text;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Core.Tests.Delivery;
using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Wire;

public sealed class UnreadableReplyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<int, string> NoText => new()
    {
        { 200, "{\"error\":\"~\",\"status\":0}" },
        { 400, "{\"error\":\"~\"}" },
        { 400, "{\"failed_records\":[{\"index\":0,\"field\":\"~\",\"message\":\"~\"}]}" },
        { 400, "{\"failed_records\":[\"~\"]}" },
        { 500, "{\"error\":\"\\ud800\"}" },
        { 200, "{\"\\ud800\":1,\"status\":\"~\"}" },
        { 200, "{\"\\ud800tatus\":1}" },
        { 200, "{\"~\":1}" },
        { 200, "{\"status\":\"\\ud800\"}" },
        { 500, "~" },
    };

    // ~ stands for a byte that begins no character.
    private static byte[] Bytes(string body) => [.. Encoding.UTF8.GetBytes(body).Select(b => b == (byte)'~' ? (byte)0xFF : b)];

    [Theory]
    [MemberData(nameof(NoText))]
    public void Text_that_is_no_text_gets_a_verdict(int status, string body)
    {
        var verdict = ReplyReader.Read(status, Bytes(body), 3);
        Assert.NotEqual(VerdictKind.Accepted, verdict.Kind);
        Assert.Equal(status, verdict.StatusCode);
    }

    [Fact]
    public async Task A_refusal_whose_text_is_no_text_is_accounted_for()
    {
        var transport = ScriptedTransport.Answering(_ => ReplyReader.Read(400, Bytes("{\"error\":\"~\"}"), 3));
        var delivered = await Delivered.RunAsync(transport, ["1", "2", "3"]).WaitAsync(Patience);
        Assert.Equal((3, 3), (delivered.Account.Read, delivered.Account.Rejected));
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_applied_nothing()
    {
        using var http = NeverConnecting();
        var verdict = await new EngageTransport(http, new("http://127.0.0.1:1/"), TimeSpan.FromSeconds(90), new FakeTimeProvider()).SendAsync("[]"u8.ToArray(), 3, isRepeatable: true, default).WaitAsync(Patience);
        Assert.Equal((VerdictKind.Transient, 0, false), (verdict.Kind, verdict.StatusCode, verdict.MayHaveBeenApplied));
        Assert.StartsWith("cannot connect: ", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_cannot_connect_in_time_says_so()
    {
        using var http = NeverConnecting();
        var failure = await Assert.ThrowsAsync<QueryException>(() => FirstPage(new(http, new("http://127.0.0.1:1/"), TimeProvider.System) { MaximumRetryCount = 0 }));
        Assert.DoesNotContain("600 s", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> NoPages => new()
    {
        "{\"results\":[\"x\"],\"session_id\":\"s\",\"page_size\":1}",
        "{\"results\":[{\"$distinct_id\":\"1\",\"$properties\":{}},null,{\"$distinct_id\":\"2\",\"$properties\":{}}]}",
        "{\"results\":[[{\"$distinct_id\":\"1\",\"$properties\":{}}]]}",
        "{\"results\":[]} and more",
        "{\"results\":[{\"$distinct_id\":\"1\",\"$properties\":{}}],\"page_size\":1}",
    };

    [Theory]
    [MemberData(nameof(NoPages))]
    public async Task A_reply_that_is_no_page_is_a_failure(string body)
    {
        await using var server = Replying("200 OK", Bytes(body));
        using var http = new HttpClient();
        await Assert.ThrowsAsync<QueryException>(() => FirstPage(new(http, server.Endpoint, TimeProvider.System) { MaximumRetryCount = 0 }));
    }

    [Theory]
    [InlineData("{\"results\":[{\"$distinct_id\":\"~\",\"$properties\":{\"a\":\"b\"}}]}", "\uFFFD", "b")]
    [InlineData("{\"results\":[{\"$distinct_id\":\"1\",\"$properties\":{\"a\":\"\\ud83d\\ude42 \\\\ud800\\n\\u00e9\\/ \\ud800\"}}]}", "1", "🙂 \\ud800\né/ \uFFFD")]
    [InlineData("{\"results\":[{\"$distinct_id\":\"1\",\"$properties\":{\"\\ud800\":1,\"a\":\"~b\"}}],\"session_id\":\"~\",\"\\ud800\":1}", "1", "\uFFFDb")]
    public async Task One_value_that_is_no_text_does_not_hide_the_profiles(string body, string id, string value)
    {
        await using var server = Replying("200 OK", Bytes(body));
        using var http = new HttpClient();
        var profile = Assert.Single((await FirstPage(new(http, server.Endpoint, TimeProvider.System) { MaximumRetryCount = 0 }))!.Profiles);
        Assert.Equal((id, value), (profile.DistinctId, profile.Properties["a"]));
    }

    [Fact]
    public async Task A_query_refused_with_text_that_is_no_text_is_refused()
    {
        await using var server = Replying("401 So", Bytes("{\"error\":\"~\"}"));
        using var http = new HttpClient();
        Assert.Equal(401, (await Assert.ThrowsAsync<QueryException>(() => FirstPage(new(http, server.Endpoint, TimeProvider.System)))).StatusCode);
    }

    [Fact]
    public async Task Positions_count_even_where_the_message_is_no_text()
    {
        var verdict = ReplyReader.Read(400, Bytes("{\"error\":\"~\",\"failed_records\":[{\"index\":1,\"message\":\"~\"}],\"num_records_imported\":2}"), 3);
        Assert.Equal((VerdictKind.PartlyRejected, RestOfUpdates.Accepted, 1), (verdict.Kind, verdict.Rest, Assert.Single(verdict.Failed).Index));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_text_of_any_length_is_cut()
    {
        await using var server = Replying("401 So", Bytes("{\"error\":\"" + new string('x', 1 << 20) + "\"}"));
        using var http = new HttpClient();
        Assert.InRange((await Assert.ThrowsAsync<QueryException>(() => FirstPage(new(http, server.Endpoint, TimeProvider.System)))).Message.Length, 1, 1000);
    }

    private static async Task<ProfilePage?> FirstPage(ProfileQuery query)
    {
        await foreach (var page in query.ReadAsync(new(), default))
            return page;
        return null;
    }

    private static RawServer Replying(string status, byte[] body) => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            await connection.WriteAsync($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n");
            await connection.WriteAsync(body);
        }
    });

    private static HttpClient NeverConnecting() => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(1),
        ConnectCallback = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return Stream.Null;
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
