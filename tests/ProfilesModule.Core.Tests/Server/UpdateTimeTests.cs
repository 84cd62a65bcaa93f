using ProfilesModule.Server;
using ProfilesModule.Sqlite;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>The clock of the server stands at 2026-03-04T05:06:07Z, which is 1772600767 seconds since 1970.</summary>
public sealed class UpdateTimeTests
{
    [Theory]
    // Milliseconds, seconds, both, and no time at all.
    [InlineData(""","$time":1700000000000""", ""","$time":1699999999999""", false)]
    [InlineData(""","$time":1700000000000""", ""","$time":1700000000000""", true)]
    [InlineData(""","$time":1700000000000""", ""","$time":1700000000001""", true)]
    [InlineData(""","$time":1700000000""", ""","$time":1699999999""", false)]
    [InlineData(""","$time":1700000000""", ""","$time":1700000000""", true)]
    [InlineData(""","$time":1700000000.9""", ""","$time":"1700000000" """, true)]
    [InlineData(""","$time":1700000000""", ""","$time":1699999999999""", false)]
    [InlineData(""","$time":1700000000500""", ""","$time":1700000000""", true)]
    [InlineData(""","$time":1700000001000""", ""","$time":1700000000""", false)]
    [InlineData("", ""","$time":1700000000""", false)]
    [InlineData("", ""","$time":1772600767""", true)]
    [InlineData("", ""","$time":1772600766""", false)]
    [InlineData(""","$time":null""", ""","$time":1772600766""", false)]
    [InlineData("", ""","$time":1772600768""", true)]
    [InlineData(""","$time":1900000000""", "", true)]
    [InlineData(""","$time":-1""", ""","$time":0""", true)]
    public async Task An_update_dated_before_one_that_was_applied_is_answered_alike_and_not_applied(string first, string second, bool applied)
    {
        foreach (string operation in new[] { """ "$set":{"p":2} """, """ "$add":{"p":1} """, """ "$unset":["p"] """, """ "$delete":"" """ })
        {
            using var running = new RunningServer();
            await running.Apply("a", $$""" "$set":{"p":1},"$ignore_time":true{{first}} """);

            Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), await running.Apply("a", $""" {operation},"$ignore_time":true{second} """));

            Assert.Equal(!applied, await running.Properties("a") == """{"p":1}""");
            Assert.Equal(applied ? 2 : 1, running.Server.UpdateCount);
        }
    }

    [Fact]
    public async Task The_largest_time_counts_and_not_the_last()
    {
        using var running = new RunningServer();
        await running.Apply("a", """ "$set":{"p":1},"$time":1900000000,"$ignore_time":true """);
        await running.Apply("a", """ "$set":{"p":2},"$ignore_time":true """);

        await running.Apply("a", """ "$set":{"p":3},"$time":1850000000,"$ignore_time":true """);

        Assert.Equal("""{"p":2}""", await running.Properties("a"));
    }

    [Fact]
    public async Task Each_profile_has_a_time_of_its_own_and_a_deleted_one_has_none()
    {
        using var running = new RunningServer();
        await running.Apply("a", """ "$set":{"p":1},"$time":1700000000,"$ignore_time":true """);
        await running.Apply("b", """ "$set":{"p":1},"$time":1600000000,"$ignore_time":true """);
        await running.Apply("a", """ "$delete":"","$time":1800000000 """);

        await running.Apply("a", """ "$set":{"p":2},"$time":1500000000,"$ignore_time":true """);

        Assert.Equal("""{"p":2}""", await running.Properties("a"));
        Assert.Equal("""{"p":1}""", await running.Properties("b"));
    }

    [Fact]
    public async Task The_time_is_kept_in_the_file()
    {
        using var folder = new TemporaryFolder();
        foreach (int time in new[] { 1700000000, 1600000000 })
        {
            using EngageServer server = EngageServer.Start(new EngageServerOptions(), new SqliteProfileStore(folder.File("p.db")));
            using var client = new HttpClient { BaseAddress = server.Endpoint };
            await client.PostAsync("engage", RunningServer.Json($$"""{"$token":"t","$distinct_id":"a","$set":{"p":{{time}} },"$time":{{time}} }"""));

            Answer answer = await Answer.Of(await client.GetAsync("api/query/engage"));
            Assert.Equal(1700000000, answer.Json.GetProperty("results")[0].GetProperty("$properties").GetProperty("p").GetInt32());
        }
    }

    [Theory]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"2024-01-01T00:00:00\"")]
    [InlineData("1e300")]
    [InlineData("\"NaN\"")]
    [InlineData("1700000000000000")]
    public async Task What_is_no_time_is_refused(string time)
    {
        using var running = new RunningServer();

        Answer answer = await running.Apply("a", $$""" "$set":{},"$time":{{time}} """);

        Assert.Equal("$time, must be seconds or milliseconds since 1970", answer.Json.GetProperty("error").GetString());
        Assert.Equal(0, running.Server.ProfileCount);
    }
}
