using ProfilesModule.Server;
using ProfilesModule.Server.Faults;

namespace ProfilesModule.Core.Tests.Server;

public sealed class FaultTests
{
    private const string Cut = "cut";

    [Theory]
    [InlineData(0, 0, "xxxxxxx")]
    [InlineData(1, 0, "xxxxxxx")]
    [InlineData(3, 0, "..x..x.")]
    [InlineData(0, 2, "xx.....")]
    [InlineData(0, 1, "x......")]
    public async Task A_fault_hits_every_nth_request_or_the_first_ones(int every, int first, string hits)
    {
        using RunningServer running = With(new ServerFault { Every = every, First = first });
        string actual = "";
        for (int i = 0; i < hits.Length; i++)
        {
            // Neither queries nor what nothing answers is counted.
            Assert.Equal(200, (await running.Query()).Status);
            await running.Client.GetAsync("none");
            actual += (await running.Apply("a", """ "$set":{} """)).Status == 503 ? 'x' : '.';
        }

        Assert.Equal(hits, actual);
        Assert.Equal(hits.Count(hit => hit == '.'), running.Server.UpdateCount);
    }

    [Fact]
    public async Task Each_fault_counts_for_itself_and_the_first_in_the_list_happens()
    {
        using RunningServer running = With(
            new ServerFault { Every = 3, Status = 500 },
            new ServerFault { Every = 2, Status = 502 },
            new ServerFault { First = 1, Status = 400 },
            new ServerFault { Every = 1, Status = 429, Endpoint = ServerFaultEndpoint.Query });
        var statuses = new List<int>();
        for (int i = 0; i < 7; i++)
            statuses.Add((await Groups(running)).Status);

        Assert.Equal([400, 502, 500, 502, 200, 500, 200], statuses);
        Assert.Equal(429, (await running.Query()).Status);
    }

    [Fact]
    public async Task A_limit_lets_so_many_updates_through_in_a_rolling_window()
    {
        using RunningServer running = With(new ServerFault { Status = 429, MaxUpdates = 5, Window = TimeSpan.FromSeconds(60) });
        async Task<int> Send(int updates) => (await running.Engage($"[{string.Join(',', Enumerable.Range(0, updates).Select(i => $$$"""{"$token":"t","$distinct_id":"{{{i}}}","$set":{}}"""))}]")).Status;

        Assert.Equal(200, await Send(3));
        running.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, await Send(2));
        Assert.Equal(429, await Send(1));
        running.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(429, await Send(1));

        // Those that were refused do not count, and the first three are a minute old.
        running.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(429, await Send(4));
        Assert.Equal(200, await Send(3));
        Assert.Equal(429, await Send(1));
    }

    [Fact]
    public async Task A_limit_lets_so_many_requests_through()
    {
        using RunningServer running = With(new ServerFault { Status = 429, MaxRequests = 2, Window = TimeSpan.FromHours(1), Endpoint = ServerFaultEndpoint.Query });
        Assert.Equal(200, (await running.Query()).Status);
        Assert.Equal(200, (await running.Query()).Status);
        Assert.Equal(429, (await running.Query()).Status);
        Assert.Equal(200, (await running.Apply("a", """ "$set":{} """)).Status);
        running.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(200, (await running.Query()).Status);
    }

    [Fact]
    public async Task Requests_that_come_at_once_are_counted_each()
    {
        using RunningServer running = With(new ServerFault { Every = 4 });

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => running.Apply($"{i}", """ "$set":{} """)));

        Assert.Equal(10, answers.Count(answer => answer.Status == 503));
        Assert.Equal(30, running.Server.ProfileCount);
    }

    [Theory]
    [InlineData(ServerFaultEndpoint.Ingestion, 503, "upstream connect error or disconnect/reset before headers")]
    [InlineData(ServerFaultEndpoint.Ingestion, 429, """{"code":429,"error":"Project exceeded rate limits. Please retry the request with exponential backoff.","status":"Too Many Requests"}""")]
    [InlineData(ServerFaultEndpoint.Ingestion, 413, """{"code":413,"error":"request exceeds max limit of 2097152 bytes","status":"Request Entity Too Large"}""")]
    [InlineData(ServerFaultEndpoint.Ingestion, 401, """{"error":"fault on demand: 401","status":"error"}""")]
    [InlineData(ServerFaultEndpoint.Ingestion, 302, """{"error":"fault on demand: 302","status":"error"}""")]
    [InlineData(ServerFaultEndpoint.Query, 402, """{"error":"Your plan does not allow API calls. Upgrade at mixpanel.com/pricing"}""")]
    [InlineData(ServerFaultEndpoint.Query, 429, """{"request":"/api/query/engage","error":"Query rate limit exceeded for project_id: 1. 1/5 queries running concurrently and 61/60 queries running in the last hour."}""")]
    [InlineData(ServerFaultEndpoint.Query, 500, "upstream connect error or disconnect/reset before headers")]
    public async Task A_status_has_the_body_that_goes_with_it_and_nothing_is_applied(ServerFaultEndpoint endpoint, int status, string body)
    {
        using RunningServer running = With(new ServerFault { Endpoint = endpoint, Status = status });

        Answer answer = endpoint == ServerFaultEndpoint.Query ? await running.Query() : await running.Apply("a", """ "$set":{} """);

        Assert.Equal(new Answer(status, body), answer);
        Assert.Equal(0, running.Server.ProfileCount);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0d, "0")]
    [InlineData(1.2, "2")]
    [InlineData(90d, "90")]
    public async Task A_status_tells_when_to_come_back_if_that_was_asked_for(double? seconds, string? header)
    {
        using RunningServer running = With(new ServerFault { Status = 429, RetryAfter = seconds is { } wait ? TimeSpan.FromSeconds(wait) : null });

        using HttpResponseMessage response = await running.Client.PostAsync("engage", RunningServer.Json("[]"));

        Assert.Equal(header is null ? [] : [header], response.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values : []);
    }

    [Theory]
    [InlineData("", "0")]
    [InlineData("verbose=1", """{"error":"fault on demand","status":0}""")]
    [InlineData("strict=1", """{"error":"fault on demand","status":0}""")]
    public async Task Status_0_is_a_200_and_nothing_is_applied(string query, string body)
    {
        using RunningServer running = With(new ServerFault { Kind = ServerFaultKind.StatusZero });

        Assert.Equal(new Answer(200, body), await running.Engage("""[{"$token":"t","$distinct_id":"a","$set":{}}]""", query));
        Assert.Equal(0, running.Server.ProfileCount);
    }

    [Theory]
    [InlineData(ServerFaultKind.ResetBefore, Cut, 0)]
    [InlineData(ServerFaultKind.ResetAfter, Cut, 1)]
    [InlineData(ServerFaultKind.TruncatedReply, """{"error":nul""", 1)]
    [InlineData(ServerFaultKind.HtmlReply, "<html><head><title>Welcome</title></head><body>Please sign in to the network.</body></html>", 1)]
    public async Task An_answer_is_lost_or_garbled_before_or_after_the_update(ServerFaultKind kind, string body, int applied)
    {
        using RunningServer running = With(new ServerFault { Kind = kind, First = 1 });

        string actual;
        try
        {
            actual = (await running.Apply("a", """ "$set":{} """)).Body;
        }
        catch (HttpRequestException)
        {
            actual = Cut;
        }

        Assert.Equal(body, actual);
        Assert.Equal(applied, running.Server.ProfileCount);
        Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), await running.Apply("a", """ "$set":{} """));
    }

    [Theory]
    [InlineData(ServerFaultKind.ResetBefore)]
    [InlineData(ServerFaultKind.ResetAfter)]
    public async Task A_query_is_cut_off(ServerFaultKind kind)
    {
        using RunningServer running = With(new ServerFault { Kind = kind, Endpoint = ServerFaultEndpoint.Query });

        await Assert.ThrowsAsync<HttpRequestException>(() => running.Query());
    }

    [Fact]
    public async Task A_query_is_garbled()
    {
        using RunningServer running = With(new ServerFault { Kind = ServerFaultKind.TruncatedReply, Endpoint = ServerFaultEndpoint.Query });

        Answer answer = await running.Query();

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("{\"results\":[],", answer.Body);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => answer.Json);
    }

    [Fact]
    public async Task A_delay_holds_the_answer_back_and_not_the_update()
    {
        using RunningServer running = With(new ServerFault { Kind = ServerFaultKind.Delay, Delay = TimeSpan.FromSeconds(10) });

        Task<Answer> answer = running.Apply("a", """ "$set":{} """);
        Assert.True(SpinWait.SpinUntil(() => running.Server.ProfileCount == 1, TimeSpan.FromSeconds(10)));
        running.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(answer.IsCompleted);

        // The delay may begin a moment after the update, hence the repetition.
        while (!answer.IsCompleted)
        {
            running.Time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }
        Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), await answer);
    }

    [Fact]
    public void A_server_ends_while_answers_are_held_back()
    {
        using RunningServer running = With(new ServerFault { Kind = ServerFaultKind.Delay, Delay = TimeSpan.FromHours(1) });
        Task<Answer> answer = running.Apply("a", """ "$set":{} """);
        Assert.True(SpinWait.SpinUntil(() => running.Server.ProfileCount == 1, TimeSpan.FromSeconds(10)));

        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        running.Server.Dispose();

        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<HttpRequestException>(() => answer.GetAwaiter().GetResult());
    }

    [Fact]
    public void Faults_out_of_their_range_are_refused()
    {
        ServerFault[] bad =
        [
            new() { Every = -1 }, new() { First = -1 }, new() { Every = 1, First = 1 }, new() { Status = 299 }, new() { Status = 600 },
            new() { RetryAfter = TimeSpan.FromSeconds(-1) }, new() { Delay = TimeSpan.FromSeconds(-1) }, new() { Delay = TimeSpan.FromDays(2) },
            new() { Kind = ServerFaultKind.Delay }, new() { Kind = (ServerFaultKind)99 }, new() { Endpoint = (ServerFaultEndpoint)99 },
            new() { Kind = ServerFaultKind.StatusZero, Endpoint = ServerFaultEndpoint.Query },
        ];

        Assert.All(bad, fault => Assert.ThrowsAny<ArgumentException>(() => With(fault)));
    }

    private static RunningServer With(params ServerFault[] faults) => new(options: new EngageServerOptions { Faults = faults });

    private static async Task<Answer> Groups(RunningServer running) => await Answer.Of(
        await running.Client.PostAsync("groups/", RunningServer.Json("""{"$token":"t","$group_key":"k","$group_id":"g","$set":{}}""")));
}
