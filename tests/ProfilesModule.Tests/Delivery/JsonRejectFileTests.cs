using System.Collections;
using System.Text;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>What an import of JSON leaves on disk, and the imports that go on with it.</summary>
public sealed class JsonRejectFileTests : ConnectedTests
{
    [Fact]
    public void What_was_not_accepted_is_kept_as_it_was_and_can_be_tried_again()
    {
        RefuseBad();
        var text = "{\"distinct_id\":\"1\",\"n\":1}\n{\"distinct_id\":\"bad1\",\"n\":1.10,\"t\":\"\\u00fc\\n\"}\n{\"distinct_id\":\"2\",\n{ }\n{\"a\":1,\"_errorId\":\"mine\"}\n{\"distinct_id\":\"3\",\"a\":\"\xff\"}\n";
        var result = Import("a.json", Encoding.Latin1.GetBytes(text), "bad.ndjson");
        Assert.Equal((6L, 1L, 5L), ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (long)result.Value("Rejected")!));
        var rows = Rows("bad.ndjson");
        Assert.Equal(
            ["2 UpdateRejected", "3 MalformedJson", "4 MissingIdentifier", "5 MissingIdentifier", "6 InvalidEncoding"],
            rows.Select(row => $"{row.GetProperty("_line")} {row.EnumerateObject().Last().Value}").Order());
        Assert.Contains(File.ReadLines(Folder.File("bad.ndjson")), line => line.StartsWith("{\"distinct_id\":\"bad1\",\"n\":1.10,\"t\":\"\\u00fc\\n\",\"_line\":2,\"_error\":", StringComparison.Ordinal));

        // The same again: nothing of it is lost, and nothing that is no object comes to be one.
        var again = Import("b.json", File.ReadAllBytes(Folder.File("bad.ndjson")), "again.ndjson");
        Assert.Equal((5L, 0L, 5L), ((long)again.Value("Read")!, (long)again.Value("Accepted")!, (long)again.Value("Rejected")!));
        Assert.Equal(Shown(rows), Shown(Rows("again.ndjson")));

        // Once it is mended.
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var sent = Import("c.json", File.ReadAllBytes(Folder.File("again.ndjson")), "third.ndjson");
        Assert.Equal((1L, 4L), ((long)sent.Value("Accepted")!, (long)sent.Value("Rejected")!));
        Assert.Equal("{\"n\":1.10,\"t\":\"\\u00fc\\n\"}", Service.Profiles["bad1"].GetRawText());
    }

    [Fact]
    public void A_list_over_several_lines_is_kept_an_object_a_line()
    {
        RefuseBad();
        Import("a.json", "[\n{\n\"distinct_id\": \"bad\",\r\n\"a\": {\n \"b\": [\n1\n] } }\n]"u8.ToArray(), "bad.ndjson");
        Assert.Single(File.ReadAllLines(Folder.File("bad.ndjson")));
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Import("b.json", File.ReadAllBytes(Folder.File("bad.ndjson")), "again.ndjson").Succeeded();
        Assert.Equal(CanonicalJson.Of("{\"a\":{\"b\":[1]}}"), CanonicalJson.Of(Service.Profiles["bad"]));
    }

    [Fact]
    public void Rows_of_unknown_outcome_are_left_out_until_the_user_wants_them()
    {
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number == 1 ? (500, "?") : null);
        var result = Import("a.json", "{\"distinct_id\":\"1\",\"n\":1}\n{\"distinct_id\":\"2\",\"n\":2}\n"u8.ToArray(), "bad.ndjson", "-Operation Add -BatchSize 1 -MaxConcurrency 1 -RetryIntervalSec 0");
        Assert.Equal((1L, 1L), ((long)result.Value("Accepted")!, (long)result.Value("Unknown")!));

        // Whatever another program does to the order of members.
        var row = Assert.Single(Rows("bad.ndjson"));
        var sorted = $"{{{string.Join(',', row.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"\"{m.Name}\":{m.Value.GetRawText()}"))}}}";
        var left = Import("b.json", Encoding.UTF8.GetBytes(sorted), "again.ndjson", "-Operation Add").Succeeded();
        Assert.Equal((1L, 1L, 0), ((long)left.Value("Read")!, (long)left.Value("Skipped")!, (int)left.Value("ExitCode")!));
        var sent = Import("c.json", File.ReadAllBytes(Folder.File("again.ndjson")), "third.ndjson", "-Operation Add -RetryAmbiguous").Succeeded();
        Assert.Equal(1L, sent.Value("Accepted"));
    }

    [Fact]
    public void What_is_hidden_is_nowhere_and_a_replay_does_not_hash_it_again()
    {
        RefuseBad();
        var text = """
            {"distinct_id":"bad1","email":"Ann@B.io ","secret":"s1","n":1}
            {"type":"identify","userId":"bad2","context":{"traits":{"email":"ann@b.io"}},"traits":{"email":"ann@b.io","secret":"s1","address":{"city":"Graz","street":"r"}}}
            {"$distinct_id":"bad3","$properties":{"email":"ann@b.io","secret":"s1"}}
            {"email":"ann@b.io","secret":"s1"}
            {"email":"ann@b.io","secret":"s1"
            """;
        const string Parameters = "-UseReservedName -HashProperty email -ExcludeProperty secret -Strict";
        var result = Import("a.json", Encoding.UTF8.GetBytes(text), "bad.ndjson", Parameters);
        Assert.Equal(5L, result.Value("Rejected"));
        var rejects = File.ReadAllText(Folder.File("bad.ndjson"));
        Assert.DoesNotContain("s1", rejects, StringComparison.Ordinal);
        Assert.DoesNotContain("b.io", rejects, StringComparison.OrdinalIgnoreCase);
        Assert.All(result.Errors, error => Assert.DoesNotContain("b.io", Shown(error.TargetObject), StringComparison.OrdinalIgnoreCase));
        var requests = Service.Bodies.SelectMany(Sets).ToHashSet();
        Service.Bodies.Clear();
        var again = Import("b.json", Encoding.UTF8.GetBytes(rejects), "again.ndjson", Parameters);
        Assert.Equal(5L, again.Value("Rejected"));
        Assert.Equal(requests, Service.Bodies.SelectMany(Sets).ToHashSet());
        Assert.Equal(Shown(Rows("bad.ndjson")), Shown(Rows("again.ndjson")));
    }

    [Fact]
    public void A_run_that_ends_early_leaves_every_row_that_was_not_sent()
    {
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 3 ? (401, "no") : null);
        var lines = Enumerable.Range(1, 2000).Select(i => i % 500 == 0 ? "{\"distinct_id\"" : $"{{\"distinct_id\":\"{i}\",\"v\":{i}}}");
        var result = Import("a.json", Encoding.UTF8.GetBytes(string.Join('\n', lines)), "bad.ndjson", "-BatchSize 50");
        Assert.Equal((2000L, 2), ((long)result.Value("Read")!, (int)result.Value("ExitCode")!));
        Assert.Equal(2000L - (long)result.Value("Accepted")!, Rows("bad.ndjson").Count);
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Import("b.json", File.ReadAllBytes(Folder.File("bad.ndjson")), "again.ndjson");
        Assert.Equal(1996, Service.Profiles.Count);
        Assert.Equal(4, Rows("again.ndjson").Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resumed_import_sends_just_what_has_no_outcome_yet(bool isList)
    {
        RefuseBad(after: 10);
        var objects = Enumerable.Range(1, 3000).Select(i => $"{{\"distinct_id\":\"{(i % 500 == 0 ? $"bad{i}" : i)}\",\"v\":{i}}}");
        var path = Folder.Write("a.json", isList ? $"[{string.Join(",\n", objects)}]" : string.Join('\n', objects));
        var files = new { path, journal = Folder.File("a.journal"), rejects = Folder.File("bad.ndjson") };
        const string Script = "Import-UserProfileJson $path -JournalPath $journal -RejectPath $rejects -BatchSize 100 -Resume";
        var broken = Session.Run(Script, files);
        Assert.Equal(2, broken.Value("ExitCode"));
        RefuseBad();
        var resumed = Session.Run(Script, files);
        Assert.Equal((3000L, 2994L, 6L, 0L), ((long)resumed.Value("Read")!, (long)resumed.Value("Accepted")!, (long)resumed.Value("Rejected")!, (long)resumed.Value("Unsent")!));
        Assert.Equal((long)broken.Value("Read")! - (long)broken.Value("Unsent")!, resumed.Value("Resumed"));
        Assert.All(Service.Applied, applied => Assert.Equal(1, applied.Value));
        Assert.Equal(6, Rows("bad.ndjson").Count);
        var other = Session.Run(Script + " -UseReservedName", files);
        Assert.StartsWith("JournalMismatch,", Assert.Single(other.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static string Shown(object target) => target is IDictionary row
        ? JsonSerializer.Serialize(row)
        : string.Join(',', ((System.Management.Automation.PSObject)target).Properties.Select(p => $"{p.Name}={p.Value}"));

    private static IEnumerable<string> Sets(string body) => JsonDocument.Parse(body).RootElement.EnumerateArray().Select(record => $"{record.GetProperty("$distinct_id")} {record.GetProperty("$set")}");

    private static IEnumerable<string> Shown(IEnumerable<JsonElement> rows) =>
        rows.Select(row => string.Join(',', row.EnumerateObject().Where(m => m.Name is not ("_line" or "_error")).Select(m => $"{m.Name}:{m.Value}"))).Order(StringComparer.Ordinal);

    private void RefuseBad(int after = int.MaxValue) => Service.Answer = (number, records) => Task.FromResult<(int, string)?>(
        number > after ? (401, "no")
        : records.Any(r => r.GetProperty("$distinct_id").GetString()!.StartsWith("bad", StringComparison.Ordinal)) ? (400, """{"error":"no, \"never\"\nat all","status":0}""")
        : null);

    private ScriptResult Import(string name, byte[] text, string rejects, string parameters = "")
    {
        File.WriteAllBytes(Folder.File(name), text);
        return Session.Run($"Import-UserProfileJson $path -RejectPath $rejects {parameters}", new { path = Folder.File(name), rejects = Folder.File(rejects) });
    }

    private IReadOnlyList<JsonElement> Rows(string name) => [.. File.ReadLines(Folder.File(name)).Select(line => JsonDocument.Parse(line).RootElement)];
}
