using ProfilesModule.Server;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Core.Tests.Server;

public sealed class CohortTests : IDisposable
{
    private readonly RunningServer _running = new(options: new EngageServerOptions
    {
        Cohorts = new Dictionary<long, string> { [12345678901234567] = "properties[\"plan\"] == \"pro\"", [2] = "properties[\"plan\"] and true" },
    });

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("True")]
    [InlineData("0")]
    public async Task A_cohort_is_those_who_meet_its_expression_now(string? includeAllUsers)
    {
        await _running.Apply("a", """ "$set":{"plan":"pro"} """);
        await _running.Apply("b", """ "$set":{"plan":"free"} """);
        (string, string)[] query = [("filter_by_cohort", """{"id":12345678901234567}"""), ("include_all_users", includeAllUsers ?? "")];

        Assert.Equal(["a"], (await _running.Query(query)).Ids);

        await _running.Apply("b", """ "$set":{"plan":"pro"} """);
        Answer answer = await _running.Query(query);
        Assert.Equal(["a", "b"], answer.Ids);
        Assert.Equal(2, answer.Json.GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task A_cohort_narrows_a_query_further()
    {
        await _running.Apply("a", """ "$set":{"plan":"pro","n":1} """);
        await _running.Apply("b", """ "$set":{"plan":"pro","n":2} """);
        await _running.Apply("c", """ "$set":{"plan":"free","n":2} """);
        (string, string) cohort = ("filter_by_cohort", """{"id":"12345678901234567"}""");

        Assert.Equal(["b"], (await _running.Query(cohort, ("where", "properties[\"n\"] == 2"))).Ids);
        Assert.Equal(["b"], (await _running.Query(cohort, ("distinct_ids", """["c","b"]"""))).Ids);
        Answer body = await Answer.Of(await _running.Client.PostAsync(
            "api/query/engage", RunningServer.Json("""{"filter_by_cohort":{"id":12345678901234567},"include_all_users":false}""")));
        Assert.Equal(["a", "b"], body.Ids);
    }

    [Fact]
    public async Task An_unknown_cohort_or_one_that_cannot_be_evaluated_is_refused()
    {
        await _running.Apply("a", """ "$set":{"plan":"pro"} """);

        Answer unknown = await _running.Query(("filter_by_cohort", """{"id":3}"""));
        Answer wrong = await _running.Query(("filter_by_cohort", """{"id":2}"""));

        Assert.Equal("""{"request":"/api/query/engage","error":"filter_by_cohort, unknown cohort 3"}""", unknown.Body);
        Assert.Equal(400, unknown.Status);
        Assert.Equal(400, wrong.Status);
        Assert.StartsWith("cohort 2, at position 19: ", wrong.Json.GetProperty("error").GetString());
    }

    [Fact]
    public void An_expression_that_cannot_be_read_is_refused_when_the_server_starts()
    {
        var options = new EngageServerOptions { Cohorts = new Dictionary<long, string> { [7] = "plan == 1" } };

        Assert.StartsWith("cohort 7, at position 0: ", Assert.Throws<ArgumentException>(() => EngageServer.Start(options, new MemoryProfileStore())).Message);
    }
}
