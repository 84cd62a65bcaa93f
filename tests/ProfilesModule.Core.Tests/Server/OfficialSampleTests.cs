using System.Text.Json;
using ProfilesModule.Server;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>
/// The sample requests of the official ingestion description, every path of /engage and /groups, with the default values of
/// its schemas, and values made up where it only names a type; and the sample parameters of the query description.
/// </summary>
public sealed class OfficialSampleTests
{
    private const string User = "\"$token\":\"YOUR_PROJECT_TOKEN\",\"$distinct_id\":\"13793\"";
    private const string Group = "\"$token\":\"YOUR_PROJECT_TOKEN\",\"$group_key\":\"Company\",\"$group_id\":\"Mixpanel\"";

    // Every profile starts as this, so that each sample has something to change.
    private const string Before = """{"Address":"old","Coins Gathered":3,"Items":["shirt","hat"],"$email":"user0@mail.com"}""";

    public static TheoryData<string, string, string?> Users => new()
    {
        { "engage#profile-set", $$"""[{ {{User}},"$set":{"Address":"1313 Mockingbird Lane"} }]""", Before.Replace("old", "1313 Mockingbird Lane", StringComparison.Ordinal) },
        { "engage#profile-set-once", $$"""[{ {{User}},"$set_once":{"Address":"1313 Mockingbird Lane"} }]""", Before },
        { "engage#profile-numerical-add", $$"""[{ {{User}},"$add":{"Coins Gathered":12} }]""", Before.Replace("3", "15", StringComparison.Ordinal) },
        { "engage#profile-union", $$"""[{ {{User}},"$union":{"Items":["socks","shirt"]} }]""", Before.Replace("\"hat\"", "\"hat\",\"socks\"", StringComparison.Ordinal) },
        { "engage#profile-list-append", $$"""[{ {{User}},"$append":{"Items":"shirt"} }]""", Before.Replace("\"hat\"", "\"hat\",\"shirt\"", StringComparison.Ordinal) },
        { "engage#profile-list-remove", $$"""[{ {{User}},"$remove":{"Items":"shirt"} }]""", Before.Replace("\"shirt\",", "", StringComparison.Ordinal) },
        { "engage#profile-unset", $$"""[{ {{User}},"$unset":["Address"] }]""", Before.Replace("\"Address\":\"old\",", "", StringComparison.Ordinal) },
        { "engage#profile-delete", $$"""[{ {{User}},"$delete":"null","$ignore_alias":false }]""", null },
    };

    public static TheoryData<string, string, string?> Groups => new()
    {
        { "groups#group-set", $$"""[{ {{Group}},"$set":{"Address":"1313 Mockingbird Lane"} }]""", Before.Replace("old", "1313 Mockingbird Lane", StringComparison.Ordinal) },
        { "groups#group-set-once", $$"""[{ {{Group}},"$set_once":{"Address":"1313 Mockingbird Lane"} }]""", Before },
        { "groups#group-unset", $$"""[{ {{Group}},"$unset":["Address"] }]""", Before.Replace("\"Address\":\"old\",", "", StringComparison.Ordinal) },
        { "groups#group-remove-from-list", $$"""[{ {{Group}},"$remove":{"Items":"shirt"} }]""", Before.Replace("\"shirt\",", "", StringComparison.Ordinal) },
        { "groups#group-union", $$"""[{ {{Group}},"$union":{"Items":["socks","shirt"]} }]""", Before.Replace("\"hat\"", "\"hat\",\"socks\"", StringComparison.Ordinal) },
        { "groups#group-delete", $$"""[{ {{Group}},"$delete":"null" }]""", null },
    };

    [Theory]
    [MemberData(nameof(Users))]
    [MemberData(nameof(Groups))]
    public async Task A_sample_is_answered_and_applied(string path, string body, string? expected)
    {
        foreach ((string query, string reply) in new[]
            {
                ("", "1"), ("?verbose=1&ip=0", """{"error":null,"status":1}"""), ("?strict=1", """{"code":200,"num_records_imported":1,"status":"OK"}"""),
            })
        {
            using var running = new RunningServer();
            bool isGroup = path.StartsWith("groups", StringComparison.Ordinal);
            await Post(running, path, $$"""[{ {{(isGroup ? Group : User)}},"$set":{{Before}},"$ignore_time":true }]""");

            // The fragment stays with the client, as it does with every HTTP library.
            Assert.Equal(new Answer(200, reply), await Post(running, path.Insert(path.IndexOf('#', StringComparison.Ordinal), query), body));

            Answer stored = isGroup
                ? await running.Query(("data_group_id", running.Server.FindDataGroupId("Company")!), ("distinct_id", "Mixpanel"))
                : await running.Query(("distinct_id", "13793"));
            Assert.Equal(expected is null ? [] : [expected], stored.Json.GetProperty("results").EnumerateArray().Select(WithoutLastSeen));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_sample_of_a_batch_of_users_is_applied(bool form)
    {
        const string batch = """
            [
                {
                    "$token": "YOUR_PROJECT_TOKEN",
                    "$distinct_id": "13793",
                    "$set": { "$email": "user1@mail.com" }
                },
                {
                    "$token": "YOUR_PROJECT_TOKEN",
                    "$distinct_id": "13794",
                    "$add": { "Coins Gathered": 13 }
                },
                {
                    "$token": "YOUR_PROJECT_TOKEN",
                    "$distinct_id": "13795",
                    "$unset": ["$email"]
                }
            ]

            """;
        using var running = new RunningServer();
        await Post(running, "engage", """[{"$token":"YOUR_PROJECT_TOKEN","$distinct_id":"13795","$set":{"$email":"x"},"$ignore_time":true}]""");

        Assert.Equal(new Answer(200, "1"), await Batch(running, "engage#profile-batch-update", batch, form));

        Answer all = await running.Query();
        Assert.Equal(["13795", "13793", "13794"], all.Ids);
        Assert.Equal(["{}", """{"$email":"user1@mail.com"}""", """{"Coins Gathered":13}"""], all.Json.GetProperty("results").EnumerateArray().Select(WithoutLastSeen));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_sample_of_a_batch_of_groups_is_applied(bool form)
    {
        const string batch = """
            [
                {
                    "$token": "YOUR_PROJECT_TOKEN",
                    "$group_key": "Company",
                    "$group_id": "Mixpanel",
                    "$set": {
                        "Address": "1313 Mockingbird Lane"
                    }
                },
                {
                    "$token": "YOUR_PROJECT_TOKEN",
                    "$group_key": "Company",
                    "$group_id": "Wayne Enterprises",
                    "$set_once": {
                        "Address": "Wayne Tower, Gotham City"
                    }
                }
            ]

            """;
        using var running = new RunningServer();

        Assert.Equal(new Answer(200, "1"), await Batch(running, "groups#group-batch-update", batch, form));

        Answer all = await running.Query(("data_group_id", running.Server.FindDataGroupId("Company")!));
        Assert.Equal(["Mixpanel", "Wayne Enterprises"], all.Ids);
        Assert.Equal(
            ["""{"Address":"1313 Mockingbird Lane"}""", """{"Address":"Wayne Tower, Gotham City"}"""],
            all.Json.GetProperty("results").EnumerateArray().Select(WithoutLastSeen));
        Assert.Empty((await running.Query()).Ids);
    }

    [Theory]
    [InlineData("distinct_ids", """["id1", "id2"]""", """[["id1",["$last_name","$email","Total Spent","Other"]],["id2",["Other"]]]""")]
    [InlineData("output_properties", """["$last_name", "$email", "Total Spent"]""", """[["id1",["$last_name","$email","Total Spent"]],["id2",[]],["id3",["Total Spent"]]]""")]
    [InlineData("filter_by_cohort", """{"id":12345}""", """[["id3",["Total Spent","Other"]]]""")]
    public async Task A_sample_parameter_of_a_query_is_understood(string name, string value, string expected)
    {
        using var running = new RunningServer(options: new EngageServerOptions { Cohorts = new Dictionary<long, string> { [12345] = """properties["Total Spent"] > 20""" } });
        await running.Apply("id1", """ "$set":{"$last_name":"Name","$email":"example@mixpanel.com","Total Spent":12.5,"Other":1},"$ignore_time":true """);
        await running.Apply("id2", """ "$set":{"Other":2},"$ignore_time":true """);
        await running.Apply("id3", """ "$set":{"Total Spent":30,"Other":3},"$ignore_time":true """);

        Answer answer = await running.Query((name, value));

        Assert.Equal(200, answer.Status);
        var found = answer.Json.GetProperty("results").EnumerateArray()
            .Select(profile => new object[] { profile.GetProperty("$distinct_id").GetString()!, profile.GetProperty("$properties").EnumerateObject().Select(property => property.Name) });
        Assert.Equal(expected, JsonSerializer.Serialize(found));
    }

    private static async Task<Answer> Post(RunningServer running, string path, string json) =>
        await Answer.Of(await running.Client.PostAsync(path, RunningServer.Json(json)));

    // The description calls the body JSON for users and a form for groups; both are taken for both.
    private static async Task<Answer> Batch(RunningServer running, string path, string json, bool form) =>
        form ? await Answer.Of(await running.Client.PostAsync(path, RunningServer.Form(("data", json)))) : await Post(running, path, json);

    private static string WithoutLastSeen(JsonElement profile) =>
        $"{{{string.Join(',', profile.GetProperty("$properties").EnumerateObject().Where(property => property.Name != "$last_seen").Select(property => $"\"{property.Name}\":{property.Value.GetRawText()}"))}}}";
}
