using System.Globalization;
using System.Text.Json;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Core.Tests.Server;

public sealed class GroupTests : IDisposable
{
    private readonly RunningServer _running = new();

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData("""{"$group_key":"k","$group_id":"a","$set":{}}""", "$token, missing or empty")]
    [InlineData("""{"$token":"t","$group_id":"a","$set":{}}""", "$group_key, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":"","$group_id":"a","$set":{}}""", "$group_key, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":5,"$group_id":"a","$set":{}}""", "$group_key, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":"k","$set":{}}""", "$group_id, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":"k","$group_id":"","$set":{}}""", "$group_id, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":"k","$distinct_id":"a","$set":{}}""", "$group_id, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":"k","$group_id":"a"}""", "operation, missing or empty")]
    [InlineData("""{"$token":"t","$group_key":"k","$group_id":"a","$set":[]}""", "$set, must be an object")]
    public async Task An_invalid_record_is_answered_with_its_text(string record, string error)
    {
        Answer answer = await Groups($"[{record}]");

        Assert.Equal(200, answer.Status);
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
        Assert.Equal(0, _running.Server.ProfileCount);
    }

    [Fact]
    public async Task Strict_names_each_bad_record_by_its_group_id()
    {
        Answer answer = await Groups("""[{"$token":"t","$group_key":"k","$group_id":"0","$set":{}},{"$token":"t","$group_id":"b","$set":{}}]""", "strict=1");

        Assert.Equal(
            """{"code":400,"error":"some data points in the request failed validation","failed_records":["""
            + """{"index":1,"$group_id":"b","field":"$group_key","message":"$group_key, missing or empty"}],"num_records_imported":1,"status":"Bad Request"}""",
            answer.Body);
        Assert.Equal(1, _running.Server.ProfileCount);
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Users_and_groups_of_each_type_with_one_id_are_profiles_of_their_own(StoreKind kind)
    {
        using var running = new RunningServer(kind);
        await running.Apply("x", """ "$set":{"who":"user"},"$ignore_time":true """);
        await Apply(running, "company", "x", """ "$set":{"who":"company"} """);
        await Apply(running, "team", "x", """ "$set":{"who":"team"} """);
        await Apply(running, "team", "y", """ "$set":{} """);

        Assert.Equal("""{"who":"user"}""", await running.Properties("x"));
        Assert.Equal(["x"], (await running.Query()).Ids);
        Assert.Equal(["x"], (await Query(running, "company")).Ids);
        Assert.Equal(["x", "y"], (await Query(running, "team")).Ids);
        Assert.Equal(2, (await Query(running, "team")).Json.GetProperty("total").GetInt64());
        Assert.Equal("""{"who":"team"}""", (await Query(running, "team", ("distinct_id", "x"))).Json.GetProperty("results")[0].GetProperty("$properties").GetRawText());
        Assert.Empty((await Query(running, "company", ("distinct_ids", """["y"]"""))).Ids);
        Assert.Equal(4, running.Server.ProfileCount);

        await Apply(running, "team", "x", """ "$delete":"" """);

        Assert.Equal(["y"], (await Query(running, "team")).Ids);
        Assert.Equal(["x"], (await Query(running, "company")).Ids);
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Every_operation_works_on_groups(StoreKind kind)
    {
        using var running = new RunningServer(kind);
        foreach (string operation in new[]
            {
                """ "$set":{"s":1,"gone":1} """, """ "$set_once":{"s":2,"once":2} """, """ "$add":{"n":9007199254740993} """, """ "$append":{"l":"a"} """,
                """ "$union":{"l":["a","b"]} """, """ "$remove":{"l":"a"} """, """ "$unset":["gone"] """,
            })
        {
            Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), await Apply(running, "k", "g", operation));
        }

        Assert.Equal(
            """{"s":1,"once":2,"n":9007199254740993,"l":["b"]}""",
            (await Query(running, "k")).Json.GetProperty("results")[0].GetProperty("$properties").GetRawText());
    }

    [Fact]
    public async Task A_group_gets_the_time_of_receipt_and_a_number_is_an_id()
    {
        await Groups("""{"$token":"t","$group_key":"k","$group_id":12345678901234567890,"$distinct_id":"a","$set":{"p":1}}""", "verbose=1", "groups/");

        Assert.Equal(
            """[{"$distinct_id":"12345678901234567890","$properties":{"p":1,"$last_seen":"2026-03-04T05:06:07"}}]""",
            (await Query(_running, "k")).Json.GetProperty("results").GetRawText());
    }

    [Fact]
    public async Task Only_the_group_types_that_were_given_are_known_and_an_unknown_one_is_answered_1()
    {
        var types = new Dictionary<string, string> { ["company"] = "-1234567890123456789", ["team"] = "7" };
        using var running = new RunningServer(options: new EngageServerOptions { GroupTypes = types });

        foreach (string key in new[] { "company", "team", "Company", "other" })
            Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), await Apply(running, key, "a", """ "$set":{} """));

        Assert.Equal(2, running.Server.ProfileCount);
        Assert.Equal(2, running.Server.UpdateCount);
        Assert.Equal(["a"], (await running.Query(("data_group_id", "-1234567890123456789"))).Ids);
        Assert.Equal(["a"], (await running.Query(("data_group_id", "7"))).Ids);
        Assert.Empty((await running.Query(("data_group_id", "8"))).Ids);
        Assert.Equal("-1234567890123456789", running.Server.FindDataGroupId("company"));
        Assert.Null(running.Server.FindDataGroupId("other"));
    }

    [Fact]
    public void A_derived_data_group_id_has_19_digits_and_is_the_same_on_every_server()
    {
        using var other = new RunningServer();
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"key {i}")];

        string[] ids = [.. keys.Select(key => _running.Server.FindDataGroupId(key)!)];

        Assert.Equal(ids, keys.Select(key => other.Server.FindDataGroupId(key)));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(19, id.TrimStart('-').Length));
        Assert.All(ids, id => Assert.Equal(id, long.Parse(id).ToString(CultureInfo.InvariantCulture)));
        Assert.Contains(ids, id => id.StartsWith('-'));
        Assert.Contains(ids, id => !id.StartsWith('-'));

        // The id of a key must not change from version to version: runbooks hold it.
        Assert.Equal("1474317369503532590", _running.Server.FindDataGroupId("company"));
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("", "1")]
    [InlineData("x", "1")]
    [InlineData("9223372036854775808", "1")]
    [InlineData("1", "1")]
    public void Group_types_without_an_id_of_their_own_are_refused(string first, string second)
    {
        var options = new EngageServerOptions { GroupTypes = new Dictionary<string, string> { ["a"] = first, ["b"] = second } };

        Assert.Throws<ArgumentException>(() => EngageServer.Start(options, new MemoryProfileStore()));
    }

    private Task<Answer> Groups(string json, string query = "verbose=1", string path = "groups") => Groups(_running, json, query, path);

    private static async Task<Answer> Groups(RunningServer running, string json, string query, string path) =>
        await Answer.Of(await running.Client.PostAsync($"{path}?{query}", RunningServer.Json(json)));

    private static Task<Answer> Apply(RunningServer running, string groupKey, string groupId, string operation) =>
        Groups(
            running,
            $$"""[{"$token":"t","$group_key":{{JsonSerializer.Serialize(groupKey)}},"$group_id":{{JsonSerializer.Serialize(groupId)}},"$ignore_time":true,{{operation}}}]""",
            "verbose=1",
            "groups");

    private static Task<Answer> Query(RunningServer running, string groupKey, params (string Name, string Value)[] fields) =>
        running.Query([("data_group_id", running.Server.FindDataGroupId(groupKey)!), .. fields]);
}
