using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Files of requests as clients of the service send them to /engage.</summary>
public sealed class ImportJsonRequestTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();
    private readonly TemporaryFolder _folder = new();

    public ImportJsonRequestTests() =>
        _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "mine", endpoint = _service.Endpoint }).Succeeded();

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("$set", "{\"plan\":\"pro\",\"n\":1.10}")]
    [InlineData("$set_once", "{\"n\":1}")]
    [InlineData("$add", "{\"n\":1}")]
    [InlineData("$union", "{\"l\":[1]}")]
    [InlineData("$append", "{\"l\":1}")]
    [InlineData("$remove", "{\"l\":1}")]
    public void Requests_of_one_operation_are_sent_with_it(string operation, string properties)
    {
        var request = $"{{\"$token\":\"theirs\",\"$distinct_id\":\"u1\",\"$ip\":0,\"{operation}\":{properties}}}";
        foreach (var text in new[] { request + "\n" + request + "\n", $"[{request},{request}]" })
        {
            var result = Import(text).Succeeded();
            Assert.Equal(2L, result.Value("Accepted"));
            Assert.True(_service.Bodies.TryDequeue(out var body));
            Assert.DoesNotContain("theirs", body, StringComparison.Ordinal);
            Assert.Equal(3, body!.Split($"\"{operation}\":{properties}").Length);
        }
    }

    [Theory]
    [InlineData("{\"$distinct_id\":\"1\",\"$set\":{}}\n{\"$distinct_id\":\"2\",\"$add\":{\"n\":1}}\n", "-Operation Add")]
    [InlineData("{\"$distinct_id\":\"1\",\"$set\":{},\"$set_once\":{}}\n", "each operation")]
    [InlineData("{\"$distinct_id\":\"1\",\"$delete\":\"\"}\n", "Remove-UserProfile")]
    [InlineData("[{\"$distinct_id\":\"1\",\"$set\":{}},{\"$distinct_id\":\"1\",\"$unset\":[\"a\"]}]", "-Unset")]
    [InlineData("{\"$token\":\"a\",\"$distinct_id\":\"1\",\"$set\":{}}\n{\"$token\":\"b\",\"$distinct_id\":\"2\",\"$set\":{}}\n", "each project")]
    [InlineData("{\"$distinct_id\":\"1\",\"$set\":{}}\n{\"distinct_id\":\"2\",\"a\":1}\n", "other objects")]
    [InlineData("{\"$group_key\":\"company\",\"$group_id\":\"1\",\"$set\":{}}\n", "-GroupKey")]
    public void Requests_that_cannot_be_imported_together_are_one_error_and_nothing_is_sent(string text, string remedy)
    {
        foreach (var command in new[] { "Import-UserProfileJson", "Test-UserProfile" })
        {
            var result = _session.Run($"{command} $path", new { path = _folder.Write("requests.json", text) });
            Assert.Contains(remedy, Assert.Single(result.Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Empty(_service.Bodies);
    }

    [Fact]
    public void What_is_found_behind_the_first_rows_costs_its_row_and_can_be_imported_as_advised()
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"$token\":\"secret1\",\"$distinct_id\":\"u{i}\",\"$set\":{{\"a\":1}}}}\n")) + "{\"$token\":\"secret1\",\"$distinct_id\":\"x\",\"$add\":{\"n\":2}}\n";
        var rejects = _folder.File("bad.ndjson");
        var result = Import(text, $"-RejectPath '{rejects}'");
        Assert.Equal((1000L, 1L), ((long)result.Value("Accepted")!, (long)result.Value("Rejected")!));
        Assert.StartsWith("{\"$distinct_id\":\"x\",\"$add\":{\"n\":2},\"_line\":1001,", File.ReadAllText(rejects), StringComparison.Ordinal);
        _service.Bodies.Clear();
        _session.Run("Import-UserProfileJson $rejects -Operation Add", new { rejects }).Succeeded();
        Assert.Contains("\"$add\":{\"n\":2}", Assert.Single(_service.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_of_requests_that_remove_them_are_removed_as_advised()
    {
        var path = _folder.Write("deletes.json", "{\"$token\":\"t\",\"$distinct_id\":\"u1\",\"$delete\":\"\"}\n");
        _session.Run("Get-Content $path | ConvertFrom-Json | Remove-UserProfile -Force", new { path }).Succeeded();
        Assert.Contains("\"$distinct_id\":\"u1\",\"$delete\":", Assert.Single(_service.Bodies).Replace("\"$ip\":\"0\",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_was_given_must_be_that_of_the_requests()
    {
        var text = "{\"$distinct_id\":\"1\",\"$add\":{\"n\":1}}\n";
        Assert.Contains("-Operation Add", Assert.Single(Import(text, "-Operation Set").Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Import(text, "-Operation Add").Succeeded();
        var plain = _folder.Write("plain.json", "{\"distinct_id\":\"1\",\"n\":1}\n");
        var both = _session.Run("Import-UserProfileJson $path, $plain", new { path = _folder.Write("adds.json", text), plain });
        Assert.Contains("plain.json", Assert.Single(both.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(1L, both.Value("Accepted"));
    }

    [Fact]
    public void Additions_of_requests_are_not_sent_twice()
    {
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number == 1 ? (500, "?") : null);
        var (path, rejects, journal) = (_folder.Write("adds.json", "{\"$distinct_id\":\"1\",\"$add\":{\"n\":1}}\n"), _folder.File("bad.ndjson"), _folder.File("j"));
        var result = _session.Run("Import-UserProfileJson $path -RejectPath $rejects -JournalPath $journal -RetryIntervalSec 0", new { path, rejects, journal });
        Assert.Equal(1L, result.Value("Unknown"));
        Assert.Contains("\"Operation\":\"Add\"", File.ReadAllText(journal), StringComparison.Ordinal);
        var again = _session.Run("Import-UserProfileJson $rejects", new { rejects }).Succeeded();
        Assert.Equal(1L, again.Value("Skipped"));
    }

    [Fact]
    public void Hidden_properties_of_requests_are_hidden()
    {
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>((200, "{\"status\":0,\"error\":\"no\"}"));
        var rejects = _folder.File("bad.ndjson");
        Import("{\"$token\":\"secret1\",\"$distinct_id\":\"1\",\"$time\":1,\"$set\":{\"mail\":\"a@x.com\",\"card\":\"4111\",\"n\":1}}\n", $"-RejectPath '{rejects}' -HashProperty mail -ExcludeProperty card");
        var row = File.ReadAllText(rejects);
        Assert.All(["secret1", "a@x.com", "4111"], hidden => Assert.DoesNotContain(hidden, row, StringComparison.Ordinal));
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var again = _session.Run("Import-UserProfileJson $rejects -HashProperty mail -ExcludeProperty card", new { rejects });
        Assert.Equal(1L, again.Value("Accepted"));
        Assert.Contains("$time", Assert.Single(again.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Equal(["mail", "n"], _service.Profiles["1"].EnumerateObject().Select(p => p.Name));
        Assert.Equal(64, _service.Profiles["1"].GetProperty("mail").GetString()!.Length);
    }

    private ScriptResult Import(string text, string parameters = "") =>
        _session.Run($"Import-UserProfileJson $path {parameters}", new { path = _folder.Write("requests.json", text) });
}
