using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Server;

namespace ProfilesModule.Core.Tests.Server;

public sealed partial class QueryTests : IDisposable
{
    private readonly RunningServer _running = new();

    public void Dispose() => _running.Dispose();

    [GeneratedRegex("^[0-9]+-[0-9a-f]{32}$")]
    private static partial Regex SessionId { get; }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task The_reply_has_the_form_that_the_service_gives_it(StoreKind kind)
    {
        using var running = new RunningServer(kind);
        await running.Apply("a", """ "$set":{"p":[1,"é"]} """);

        Answer answer = await running.Query();

        string session = answer.Json.GetProperty("session_id").GetString()!;
        Assert.Matches(SessionId, session);
        Assert.StartsWith("1772600767000-", session);
        Assert.Equal(
            new Answer(200, """{"results":[{"$distinct_id":"a","$properties":{"p":[1,"é"],"$last_seen":"2026-03-04T05:06:07"}}],"page":0,"session_id":"SESSION","page_size":1000,"total":1,"status":"ok","computed_at":"2026-03-04T05:06:07.000000+00:00"}"""
                .Replace("SESSION", session, StringComparison.Ordinal)),
            answer);
    }

    [Fact]
    public async Task No_match_is_an_empty_page()
    {
        foreach (Answer answer in new[] { await _running.Query(), await _running.Query(("distinct_id", "none")), await _running.Query(("distinct_ids", "[]")) })
        {
            Assert.Equal(200, answer.Status);
            Assert.Empty(answer.Ids);
            Assert.Equal(0, answer.Json.GetProperty("total").GetInt64());
        }
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Profiles_are_found_by_one_id_or_by_several(StoreKind kind)
    {
        using var running = new RunningServer(kind);
        foreach (string id in new[] { "a", "b", "c" })
            await running.Apply(id, """ "$set":{} """);

        Assert.Equal(["b"], (await running.Query(("distinct_id", "b"))).Ids);
        Assert.Equal(["c", "a"], (await running.Query(("distinct_ids", """["c","none","a","c"]"""))).Ids);
        Assert.Equal(2, (await running.Query(("distinct_ids", """["c","none","a","c"]"""))).Json.GetProperty("total").GetInt64());
        Assert.Equal(["a", "b", "c"], (await running.Query(("where", ""), ("distinct_id", ""))).Ids);
    }

    [Theory]
    [InlineData("""["p"]""", """{"p":1}""")]
    [InlineData("""["q","p","none"]""", """{"p":1,"q":{"p":[2,3.10]}}""")]
    [InlineData("""["é"]""", """{"é":"x"}""")]
    [InlineData("""["$last_seen"]""", """{"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData("""[]""", """{}""")]
    public async Task Only_the_output_properties_are_returned(string names, string expected)
    {
        await _running.Apply("a", """ "$set":{"p":1,"q":{"p":[2,3.10]},"é":"x"} """);

        Answer answer = await _running.Query(("output_properties", names));

        Assert.Equal(expected, answer.Json.GetProperty("results")[0].GetProperty("$properties").GetRawText());
    }

    [Theory]
    [InlineData("api/query/engage")]
    [InlineData("api/2.0/engage")]
    [InlineData("api/2.0/engage/")]
    public async Task Parameters_come_as_a_form_as_JSON_and_in_the_query(string path)
    {
        await _running.Apply("1", """ "$set":{"p":1,"q":2},"$ignore_time":true """);
        await _running.Apply("2", """ "$set":{} """);
        const string ids = """["1"]""";
        const string names = """["q"]""";

        Answer[] answers =
        [
            await Answer.Of(await _running.Client.PostAsync(path, RunningServer.Form(("distinct_ids", ids), ("output_properties", names)))),
            await Answer.Of(await _running.Client.PostAsync(path, RunningServer.Json($$"""{"distinct_ids":{{ids}},"output_properties":{{names}},"page":0,"session_id":null}"""))),
            await Answer.Of(await _running.Client.PostAsync(path, RunningServer.Json("""{"distinct_ids":"[\"1\"]","output_properties":"[\"q\"]"}"""))),
            await Answer.Of(await _running.Client.GetAsync($"{path}?distinct_ids={Uri.EscapeDataString(ids)}&output_properties={Uri.EscapeDataString(names)}")),
        ];

        Assert.All(answers, answer => Assert.Equal("""[{"$distinct_id":"1","$properties":{"q":2}}]""", answer.Json.GetProperty("results").GetRawText()));
    }

    [Fact]
    public async Task Selector_is_the_old_name_of_where()
    {
        await _running.Apply("1", """ "$set":{"p":1} """);
        await _running.Apply("2", """ "$set":{"q":1} """);

        Assert.Equal(["1"], (await _running.Query(("selector", "(defined (properties[\"p\"]))"))).Ids);
        Assert.Empty((await _running.Query(("selector", "defined(properties[\"p\"])"), ("where", "defined(properties[\"q\"])"))).Ids);
    }

    [Theory]
    [InlineData("selector", "properties[\"p\"] ==")]
    [InlineData("where", "properties[\"p\"] ==")]
    [InlineData("filter_by_cohort", """{"id":1}""")]
    [InlineData("filter_by_cohort", """{"raw_cohort":{}}""")]
    [InlineData("filter_by_cohort", """{"id":"x"}""")]
    [InlineData("filter_by_cohort", "1")]
    [InlineData("filter_by_cohort", "{")]
    [InlineData("include_all_users", "maybe")]
    [InlineData("behaviors", "[]")]
    [InlineData("data_group_id", "company")]
    [InlineData("data_group_id", "0")]
    [InlineData("data_group_id", "1.5")]
    [InlineData("data_group_id", "99999999999999999999")]
    [InlineData("sort_key", "x")]
    [InlineData("distinct_ids", "a")]
    [InlineData("distinct_ids", "{}")]
    [InlineData("distinct_ids", "[null]")]
    [InlineData("output_properties", "p")]
    [InlineData("output_properties", "[[]]")]
    [InlineData("page", "x")]
    [InlineData("page", "-1")]
    [InlineData("page", "1")]
    public async Task What_cannot_be_answered_is_refused_by_name(string name, string value)
    {
        Answer answer = await _running.Query((name, value));

        Assert.Equal(400, answer.Status);
        Assert.Equal("/api/query/engage", answer.Json.GetProperty("request").GetString());
        Assert.Contains(name, answer.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"distinct_id":"\ud800"}""")]
    public async Task A_JSON_body_that_cannot_be_read_is_refused(string json)
    {
        Answer answer = await Answer.Of(await _running.Client.PostAsync("api/query/engage", RunningServer.Json(json)));

        Assert.Equal(400, answer.Status);
        Assert.Contains("body", answer.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("user:secret", 200)]
    [InlineData("user:Secret", 401)]
    [InlineData("user:", 401)]
    [InlineData("other:secret", 401)]
    [InlineData(null, 401)]
    public async Task A_service_account_guards_the_query_and_not_the_updates(string? credentials, int status)
    {
        using var running = new RunningServer(options: new EngageServerOptions { ServiceAccount = ("user", "secret") });
        if (credentials is not null)
            running.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

        Answer answer = await running.Query();

        Assert.Equal(status, answer.Status);
        if (status == 401)
            Assert.Equal("""{"error":"Unable to authenticate request","status":"error"}""", answer.Body);
        Assert.Equal(200, (await running.Apply("a", """ "$set":{} """)).Status);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "engag")]
    [InlineData("POST", "engage/x")]
    [InlineData("PUT", "engage")]
    [InlineData("DELETE", "api/query/engage")]
    public async Task Anything_else_is_not_found(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        Answer answer = await Answer.Of(await _running.Client.SendAsync(request));

        Assert.Equal(404, answer.Status);
        Assert.Equal("error", answer.Json.GetProperty("status").GetString());
    }
}
