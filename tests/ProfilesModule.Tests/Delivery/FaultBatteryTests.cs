using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Faults that make other tools lose rows and say that all is well: 10,000 rows through each of them.</summary>
public sealed class FaultBatteryTests : ConnectedTests
{
    private const int Rows = 10_000;
    private static readonly string[] Poison = ["17", "18", "4000", "7777", "10000"];

    /// <summary>What the service does instead of applying the updates; null where it applies them.</summary>
    private static readonly Dictionary<string, Func<int, JsonElement[], (int Status, string Body)?>> Faults = new()
    {
        ["none"] = (_, _) => null,
        ["500 first 3"] = (number, _) => number <= 3 ? (500, "oops") : null,
        ["503 always"] = (_, _) => (503, "down"),
        ["413 over 300 kB"] = (_, records) => records.Sum(r => r.GetRawText().Length + 1) > 300_000 ? (413, "too large") : null,
        ["one poison row"] = (_, records) => records.Any(r => Id(r) == Poison[2]) ? (400, """{"error":"bad","status":0}""") : null,
        ["200 with status 0 every 3rd"] = (number, _) => number % 3 == 0 ? (200, """{"error":"try again","status":0}""") : null,
        ["connection aborted every 4th"] = (number, _) => number % 4 == 0 ? (0, "") : null,
        ["401 always"] = (_, _) => (401, "no"),
    };

    [Theory]
    [InlineData("none", 200, Rows, 0)]
    [InlineData("500 first 3", 200, Rows, 0)]
    [InlineData("503 always", 2000, 0, 75)]
    [InlineData("413 over 300 kB", 2000, Rows, 0)]
    [InlineData("one poison row", 2000, Rows - 1, 1)]
    [InlineData("200 with status 0 every 3rd", 2000, Rows, 0)]
    [InlineData("connection aborted every 4th", 200, Rows, 0)]
    [InlineData("401 always", 2000, 0, 2)]
    public void What_it_says_was_accepted_is_what_arrived(string fault, int batchSize, long accepted, int exitCode)
    {
        Service.Answer = (number, records) => Task.FromResult(Faults[fault](number, records));

        // Without a wait a batch may meet the fault each time; how often it may is not the question here.
        var result = Import(Rows, $"-BatchSize {batchSize} -RetryIntervalSec 0 -MaximumRetryCount 100");
        Assert.Equal((accepted, exitCode), (result.Value("Accepted"), result.Value("ExitCode")));
        AssertTrue(result, Rows);
    }

    [Fact]
    public void A_service_that_asks_to_wait_is_left_alone_until_then()
    {
        Service.RetryAfter = 1;
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number % 3 == 0 ? (429, "slower") : null);
        var log = Folder.File("log");
        var result = Import(Rows, "-BatchSize 2000 -LogPath $log", log);
        Assert.Equal(((long)Rows, 0), (result.Value("Accepted"), result.Value("ExitCode")));
        AssertTrue(result, Rows);

        // When each request started and was answered, by the client's own clock.
        var requests = File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(r => r.TryGetProperty("ms", out _))
            .Select(r => (End: r.GetProperty("time").GetDateTimeOffset(), Length: TimeSpan.FromMilliseconds(r.GetProperty("ms").GetDouble()), Status: r.GetProperty("status").GetInt32())).ToArray();
        var refusals = requests.Where(r => r.Status == 429).ToArray();
        Assert.NotEmpty(refusals);

        // The line of a request is written a moment before the others are told to wait.
        var moment = TimeSpan.FromMilliseconds(200);
        Assert.All(refusals, refusal => Assert.DoesNotContain(
            requests, r => r.End - r.Length > refusal.End + moment && r.End - r.Length < refusal.End + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Five_poison_rows_cost_themselves_and_few_requests()
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(records.Any(r => Poison.Contains(Id(r))) ? (400, """{"error":"bad","status":0}""") : null);
        var result = Import(Rows, "-BatchSize 2000");
        Assert.Equal((Rows - 5L, 5L, 1), (result.Value("Accepted"), result.Value("Rejected"), result.Value("ExitCode")));
        Assert.InRange((long)result.Value("Requests")!, 5, 5 + 120);
        Assert.Equal(Poison, File.ReadLines(Folder.File("bad.csv")).Skip(1).Select(row => row.Split(',')[0]).OrderBy(int.Parse));
        AssertTrue(result, Rows);
    }

    [Fact]
    public void A_slow_service_and_a_last_batch_that_is_short_change_no_figure()
    {
        Service.Answer = async (_, _) =>
        {
            await Task.Delay(1500);
            return null;
        };
        var result = Import(404, "-BatchSize 40").Succeeded();
        Assert.Equal((404L, 11L, 0), (result.Value("Accepted"), result.Value("Requests"), result.Value("ExitCode")));
        AssertTrue(result, 404);
    }

    /// <summary>Accepted is what the service has, everything else is in the reject file, and success is only said of all.</summary>
    private void AssertTrue(ScriptResult result, int rows)
    {
        Assert.Equal((long)Service.Applied.Count, result.Value("Accepted"));
        Assert.Equal((long)rows, result.Value("Read"));
        var left = File.ReadLines(Folder.File("bad.csv")).Skip(1).Select(row => row.Split(',')[0]).ToArray();
        Assert.Equal(Enumerable.Range(1, rows).Select(i => $"{i}").Except(Service.Applied.Keys).Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
        Assert.Equal(left.Length == 0, result.Value("ExitCode") is 0);
    }

    private ScriptResult Import(int rows, string parameters, string? log = null)
    {
        var path = Folder.Write("a.csv", "distinct_id,name,note\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"{i},User {i},{new string('x', 150)}\n")));
        return Session.Run($"Import-UserProfileCsv $path -RejectPath $rejects {parameters}", new { path, rejects = Folder.File("bad.csv"), log });
    }

    private static string Id(JsonElement record) => record.GetProperty("$distinct_id").GetString()!;
}
