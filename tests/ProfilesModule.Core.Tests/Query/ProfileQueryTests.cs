using System.Collections.Specialized;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Delivery;
using ProfilesModule.Query;

namespace ProfilesModule.Core.Tests.Query;

public sealed class ProfileQueryTests : IDisposable
{
    // So that a defect fails the test instead of hanging it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<Retrying> _retries = [];

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Pages_are_read_in_the_session_of_the_first_until_one_is_short()
    {
        await using var server = Service(n => Page(n < 3 ? 2 : 1, n == 2 ? null : "session +&", pageSize: 2, from: n));
        var pages = await ReadAsync(server);
        Assert.Equal([2, 2, 1], pages.Select(p => p.Profiles.Count));
        Assert.Equal(["", "session_id=session +&;page=1", "session_id=session +&;page=2"], server.Requests.Select(Form));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task Pages_are_read_until_one_is_empty(int? pageSize)
    {
        await using var server = Service(n => Page(n < 3 ? 2 : 0, "s", pageSize, from: n));
        Assert.Equal([2, 2, 0], (await ReadAsync(server)).Select(p => p.Profiles.Count));
    }

    [Fact]
    public async Task Short_pages_of_an_unknown_page_size_are_not_the_last()
    {
        await using var server = Service(n => Page(3 - n, "s", pageSize: null, from: n));
        Assert.Equal([2, 1, 0], (await ReadAsync(server)).Select(p => p.Profiles.Count));
    }

    [Theory]
    [InlineData("""{"results":[{"$distinct_id":"1","$properties":{}}],"page_size":2}""")]
    [InlineData("""{"results":[{"$distinct_id":"1","$properties":{}}],"page_size":2,"session_id":null}""")]
    [InlineData("""{"page":0,"page_size":1000,"session_id":"s","status":"ok","unknown":[{"results":3}],"results":[{"$distinct_id":"1","$properties":{}}]}""")]
    public async Task A_page_that_leads_to_no_other_is_the_last(string body)
    {
        await using var server = Service(_ => Ok(body));
        Assert.Equal("1", Assert.Single(Assert.Single(await ReadAsync(server)).Profiles).DistinctId);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task No_page_is_asked_for_before_the_caller_wants_it()
    {
        await using var server = Service(_ => Page(1, "s", pageSize: 1));
        await foreach (var _ in Query(server.Endpoint).ReadAsync(new(), default))
            break;
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_ids_are_sent_as_json_with_every_page()
    {
        string[] ids = ["1", "a+b & \"c\"=%41", "Ömer 🙂", ""];
        await using var server = Service(n => Page(n == 1 ? 1 : 0, "s", pageSize: 1));
        await ReadAsync(server, ids);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, r => Assert.Equal(ids, JsonSerializer.Deserialize<string[]>(Fields(r).Single(f => f.Key == "distinct_ids").Value)));
    }

    [Theory]
    [InlineData("", null, "/api/query/engage")]
    [InlineData("", "123", "/api/query/engage?project_id=123")]
    [InlineData("proxy/", "a&b=c d/é#", "/proxy/api/query/engage?project_id=a%26b%3Dc%20d%2F%C3%A9%23")]
    public async Task A_request_is_a_form_that_names_the_project_below_the_endpoint(string basePath, string? projectId, string target)
    {
        await using var server = Service(_ => Page(0));
        await ReadAsync(new ProfileQuery(_http, new(server.Endpoint, basePath), TimeProvider.System) { ProjectId = projectId });
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", target), (request.Method, request.Target));
        Assert.Equal(("application/x-www-form-urlencoded", "application/json"), (request.Headers["Content-Type"], request.Headers["Accept"]));
    }

    [Fact]
    public async Task Credentials_are_sent_only_where_there_are_any()
    {
        await using var server = Service(_ => Page(0));
        await ReadAsync(server);
        await ReadAsync(new ProfileQuery(_http, server.Endpoint, TimeProvider.System) { ServiceAccount = new("job.é", "se:cret") });
        Assert.DoesNotContain("Authorization", server.Requests[0].Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("job.é:se:cret"))}", server.Requests[1].Headers["Authorization"]);
    }

    public static TheoryData<string, string> PassingFailures => new()
    {
        { Last("500 So", ""), "the service answered 500" },
        { Last("502 So", "<html>Bad Gateway</html>"), "the service, or something on the way to it, answered 502" },
        { Last("503 So", """{"error":"overloaded"}"""), "overloaded" },
        { Last("408 So", "[]"), "the service, or something on the way to it, answered 408" },
        { Last("429 So", """{"error":"Query rate limit exceeded","request":"/api/2.0/engage"}"""), "Query rate limit exceeded" },
        { Last("200 OK", """{"results":[{"$distinct_id":"1","$properties":{"a":"""), "" },
        { Last("200 OK", """{"results":[{"$distinct_id":"1","$properties":{}}]"""), "" },
        { Last("200 OK", """{"results":{},"session_id":"s"}"""), "The results are not a list" },
        { Last("200 OK", """{"error":"timeout","status":"error"}"""), "the service answered with an error: timeout" },
        { Last("200 OK", """{"results":[],"error":{"code":7}}"""), "the service answered with an error: {\"code\":7}" },
        { Last("200 OK", """{"results":[],"error":"","status":"ok"}"""), "the service answered with an error" },
        { Last("200 OK", """{"results":[],"status":"partial"}"""), "the service answered with the status 'partial'" },
        { Last("200 OK", """{"results":[],"status":1}"""), "the service answered with the status '1'" },
        { Last("200 OK", """{"results":[],"total":-1}"""), "The total of the reply is not a whole number" },
        { Last("200 OK", """{"results":[],"page_size":"many"}"""), "The page_size of the reply is not a whole number" },
        { Last("200 OK", """{"results":[],"page":true}"""), "The page of the reply is not a whole number" },
        { Last("200 OK", """{"results":[],"page":0}"""), "page 2 was requested, but page 1 was returned" },
        { Last("200 OK", "[]"), "something between here and the service answered 200" },
        { Last("200 OK", "<html></html>"), "" },
        { Last("200 OK", ""), "" },
        { Last("200 OK", new string('[', 100_000)), "" },
        { Last("200 OK", $$"""{"results":[{"$properties":{"a":{{new string('[', 100_000)}}"""), "" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"results\":[]}", "" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n!\r\n", "" },
        { "", "" },
    };

    [Theory]
    [MemberData(nameof(PassingFailures))]
    public async Task A_failure_that_may_pass_is_tried_again_for_the_same_page(string failure, string reason)
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                await connection.WriteAsync(request.Number is 2 or 3 ? failure : Page(request.Number == 1 ? 1 : 0, "s", pageSize: 1));
                if (request.Number is 2 or 3)
                    return;
            }
        });
        Assert.Equal([1, 0], (await ReadAsync(server)).Select(p => p.Profiles.Count));
        Assert.Equal(["", "session_id=s;page=1", "session_id=s;page=1", "session_id=s;page=1"], server.Requests.Select(Form));
        Assert.Equal([(2, 1), (2, 2)], _retries.Select(r => (r.Batch, r.Retry)));
        Assert.All(_retries, r => Assert.StartsWith(reason, r.Reason, StringComparison.Ordinal));
        Assert.All(_retries, r => Assert.NotEmpty(r.Reason));
    }

    [Fact]
    public async Task A_reset_is_tried_again()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (connection.Number < 3)
                connection.Reset();
            else
                await connection.WriteAsync(Page(0));
        });
        Assert.Single(await ReadAsync(server));
        Assert.Equal((3, 2), (server.Requests.Count, _retries.Count));
    }

    [Fact]
    public async Task A_failure_that_does_not_pass_is_told_after_the_last_retry()
    {
        await using var server = Service(_ => RawServer.Reply("503 So", """{"error":"overloaded"}"""));
        var failure = await Assert.ThrowsAsync<QueryException>(() => ReadAsync(server));
        Assert.Equal(("overloaded", 503, true, null), (failure.Message, failure.StatusCode, failure.IsTransient, failure.RetryAfter));
        Assert.Equal((6, 5), (server.Requests.Count, _retries.Count));
    }

    [Theory]
    [InlineData(400, """{"request":"/api/2.0/engage","error":"bad expression"}""", "QueryRejected", "bad expression")]
    [InlineData(401, """{"error":"Invalid service account credentials","status":"error"}""", "QueryUnauthorized", "Invalid service account credentials")]
    [InlineData(402, "", "QueryNotInPlan", "402")]
    [InlineData(403, """{"error":null}""", "QueryForbidden", "403")]
    [InlineData(404, "<html>Not Found</html>", "NotTheService", "404: Location /login; \"Not Found\"")]
    [InlineData(404, "[1]", "NotTheService", "404: Location /login; \"[1]\"")]
    [InlineData(302, "", "NotTheService", "302: Location /login")]
    public async Task A_refusal_is_not_tried_again(int status, string body, string id, string message)
    {
        await using var server = Service(_ => RawServer.Reply($"{status} So", body, "Location: /login", "Retry-After: 1"));
        var refusal = await Assert.ThrowsAsync<QueryException>(() => ReadAsync(server));
        Assert.Equal((id, status, false), (refusal.Id.ToString(), refusal.StatusCode, refusal.IsTransient));
        Assert.EndsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(_retries);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Wed, 04 Mar 2026 05:07:07 GMT", 60)]
    public async Task The_service_is_given_the_time_that_it_asks_for(string retryAfter, int seconds)
    {
        var time = new WatchedTime();
        await using var server = Service(n => n == 1 ? RawServer.Reply("429 So", "", $"Retry-After: {retryAfter}") : Page(0));
        var reading = ReadAsync(Query(server.Endpoint, time));
        while (await time.NextTimerAsync() != TimeSpan.FromSeconds(seconds))
        {
        }

        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Single(server.Requests);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Single(await reading);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(_retries).Delay);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task An_attempt_ends_when_its_time_is_over()
    {
        var time = new WatchedTime();
        await using var server = new RawServer(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(request!.Number == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{" : Page(0));
            if (request.Number == 1)
                time.Advance(TimeSpan.FromMinutes(10));
            await connection.WaitForCloseAsync();
        });
        Assert.Single(await ReadAsync(Query(server.Endpoint, time)));
        Assert.Contains(" 600 s", Assert.Single(_retries).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_neither_pages_nor_retries()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            await cancellation.CancelAsync();
            await connection.WaitForCloseAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(Query(server.Endpoint), cancellation: cancellation.Token));
        Assert.Empty(_retries);
    }

    [Fact]
    public async Task A_caller_who_cancels_ends_the_wait_for_a_retry()
    {
        var time = new WatchedTime();
        using var cancellation = new CancellationTokenSource();
        await using var server = Service(_ => RawServer.Reply("429 So", "", "Retry-After: 7"));
        var reading = ReadAsync(Query(server.Endpoint, time), cancellation: cancellation.Token);
        while (await time.NextTimerAsync() != TimeSpan.FromSeconds(7))
        {
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Single(server.Requests);
    }

    public static TheoryData<string, object?> Values => new()
    {
        { "null", null },
        { "true", true },
        { "false", false },
        { "\"\\u00e9 \\ud83d\\ude42 \\\"\\n\"", "é 🙂 \"\n" },
        { "\"2026-03-04T05:06:07\"", "2026-03-04T05:06:07" },
        { "0", 0L },
        { "-0", 0L },
        { "9223372036854775807", long.MaxValue },
        { "-9223372036854775808", long.MinValue },
        { "9223372036854775808", BigInteger.Parse("9223372036854775808") },
        { "-123456789012345678901234567890", BigInteger.Parse("-123456789012345678901234567890", System.Globalization.CultureInfo.InvariantCulture) },
        { "1.0", 1.0m },
        { "-0.1", -0.1m },
        { "12345678901234567890.12345678", 12345678901234567890.12345678m },
        { "0.1234567890123456789012345678901234567890", 0.1234567890123456789012345678901234567890 },
        { "1e2", 100.0 },
        { "-2.5E-3", -0.0025 },
        { "1e999", "1e999" },
        { "[]", Array.Empty<object?>() },
        { "[1,[\"a\",null],2.5]", new object?[] { 1L, new object?[] { "a", null }, 2.5m } },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_keeps_its_kind_and_every_digit(string json, object? value)
    {
        var actual = (await Properties($$$"""{"p":{{{json}}}}"""))["p"];
        Assert.Equal(value, actual);
        Assert.Equal(value?.GetType(), actual?.GetType());
    }

    [Fact]
    public async Task Properties_keep_their_order_and_their_letter_case()
    {
        var properties = await Properties("""{"b":1,"a":2,"B":3,"":4,"\u0061\u0062":5,"$last_seen":"2026-03-04T05:06:07"}""");
        Assert.Equal(["b", "a", "B", "", "ab", "$last_seen"], properties.Keys.Cast<string>());
    }

    [Fact]
    public async Task Each_profile_keeps_its_own_names_of_very_many()
    {
        string[] Names(int profile) => [.. Enumerable.Range(0, 900).Select(i => $"p{((profile * 400) + (i * 7)) % 1500}")];
        var profiles = Enumerable.Range(0, 4).Select(p => $$$"""{"$distinct_id":"{{{p}}}","$properties":{{{JsonSerializer.Serialize(Names(p).ToDictionary(name => name, _ => p))}}}}""");
        await using var server = Service(_ => Ok($$"""{"results":[{{string.Join(',', profiles)}}]}"""));
        var read = Assert.Single(await ReadAsync(server)).Profiles;
        Assert.All(read, (profile, p) => Assert.Equal(Names(p), profile.Properties.Keys.Cast<string>()));
    }

    [Fact]
    public async Task A_name_that_recurs_is_one_string()
    {
        await using var server = Service(_ => Ok("""{"results":[{"$distinct_id":"1","$properties":{"plan":1}},{"$distinct_id":"2","$properties":{"age":{"plan":2},"plan":3}}]}"""));
        var read = Assert.Single(await ReadAsync(server)).Profiles;
        var plan = read[0].Properties.Keys.Cast<string>().Single();
        Assert.Same(plan, read[1].Properties.Keys.Cast<string>().Last());
        Assert.Same(plan, Assert.IsType<OrderedDictionary>(read[1].Properties["age"]).Keys.Cast<string>().Single());
    }

    [Fact]
    public async Task Of_a_name_that_occurs_twice_the_last_value_counts() =>
        Assert.Equal([2L, "x"], (await Properties("""{"a":1,"b":"x","a":2}""")).Values.Cast<object?>());

    [Fact]
    public async Task Nested_values_are_read_as_deep_as_a_request_may_nest_them()
    {
        var properties = await Properties($$$"""{"o":{"a":{"b":[{"c":1,"C":2}]}},"deep":{{{new string('[', 64)}}}{{{new string(']', 64)}}}}""");
        var inner = Assert.IsType<OrderedDictionary>(Assert.IsType<OrderedDictionary>(properties["o"])["a"])["b"];
        var element = Assert.IsType<OrderedDictionary>(Assert.Single(Assert.IsType<object?[]>(inner)));
        Assert.Equal((1L, 2L), (element["c"], element["C"]));
        var depth = 1;
        for (var list = Assert.IsType<object?[]>(properties["deep"]); list.Length > 0; list = Assert.IsType<object?[]>(list[0]))
            depth++;
        Assert.Equal(64, depth);
    }

    [Theory]
    [InlineData("""{"$distinct_id":42,"$properties":{"a":1}}""", "42", 1)]
    [InlineData("""{"$properties":{"a":1},"extra":[{}],"$distinct_id":"x"}""", "x", 1)]
    [InlineData("""{"$distinct_id":"x","$properties":null}""", "x", 0)]
    [InlineData("""{"$distinct_id":"x"}""", "x", 0)]
    public async Task A_profile_is_read_whatever_surrounds_it(string profile, string id, int properties)
    {
        await using var server = Service(_ => Ok($$"""{"results":[{{profile}}]}"""));
        var read = Assert.Single(Assert.Single(await ReadAsync(server)).Profiles);
        Assert.Equal((id, properties), (read.DistinctId, read.Properties.Count));
    }

    [Fact]
    public void A_service_account_does_not_show_its_secret() => Assert.Equal("job", $"{new ServiceAccount("job", "secret")}");

    private static RawServer Service(Func<int, string> reply) => RawServer.Answering(request => reply(request.Number));

    private static string Ok(string body) => RawServer.Reply("200 OK", body, "Content-Type: application/json");

    /// <summary>The last reply of a connection: without the notice, the next request could meet its end.</summary>
    private static string Last(string status, string body) => RawServer.Reply(status, body, "Connection: close");

    private static string Page(int profiles, string? session = null, int? pageSize = null, int from = 0)
    {
        var page = new Dictionary<string, object?> { ["results"] = Enumerable.Range(1, profiles).Select(i => new Dictionary<string, object> { ["$distinct_id"] = $"{from}-{i}", ["$properties"] = new { } }) };
        if (session is not null)
            page.Add("session_id", session);
        if (pageSize is not null)
            page.Add("page_size", pageSize);
        return Ok(JsonSerializer.Serialize(page));
    }

    private static string Form(RawRequest request) => string.Join(';', Fields(request).Select(f => $"{f.Key}={f.Value}"));

    private static KeyValuePair<string, string>[] Fields(RawRequest request) =>
        [.. request.Text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).Select(f => KeyValuePair.Create(Unescape(f[0]), Unescape(f[1])))];

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private async Task<OrderedDictionary> Properties(string json)
    {
        await using var server = Service(_ => Ok($$$"""{"results":[{"$distinct_id":"1","$properties":{{{json}}}}]}"""));
        return Assert.Single(Assert.Single(await ReadAsync(server)).Profiles).Properties;
    }

    private ProfileQuery Query(Uri endpoint, TimeProvider? time = null) =>
        new(_http, endpoint, time ?? TimeProvider.System) { RetryInterval = TimeSpan.Zero, Retrying = _retries.Add };

    private Task<List<ProfilePage>> ReadAsync(RawServer server, IReadOnlyCollection<string>? ids = null) => ReadAsync(Query(server.Endpoint), ids);

    private static Task<List<ProfilePage>> ReadAsync(ProfileQuery query, IReadOnlyCollection<string>? ids = null, CancellationToken cancellation = default)
    {
        return Pages().WaitAsync(Patience, CancellationToken.None);

        async Task<List<ProfilePage>> Pages()
        {
            var pages = new List<ProfilePage>();
            await foreach (var page in query.ReadAsync(new() { DistinctIds = ids }, cancellation))
            {
                pages.Add(page);
                Assert.InRange(pages.Count, 1, 100);
            }

            return pages;
        }
    }

    /// <summary>A clock that moves only when told to, and tells what it is asked to wait for.</summary>
    private sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero))
    {
        private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(dueTime);
            return timer;
        }

        public Task<TimeSpan> NextTimerAsync() => _timers.Reader.ReadAsync().AsTask().WaitAsync(Patience);
    }
}
