using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Pages that are not what the query has: nothing is lost without a word, and every command ends.</summary>
public sealed class PagingFaultTests : IDisposable
{
    private const int Total = 3000;
    private const int PageSize = 1000;

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _removed = [];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("error", "QueryFailed", "the query timed out")]
    [InlineData("short", "QueryIncomplete", @"page 2 .*\b999 .*\b1,000\b")]
    [InlineData("empty", "QueryIncomplete", @"page 2 .*\b0 .*\b1,000\b")]
    [InlineData("first page again", "QueryIncomplete", @"page 2\b.*\bpage 1\b")]
    [InlineData("total", "QueryIncomplete", @"\b3,000 .*\b3,001\b")]
    public async Task An_export_leaves_the_old_file_and_a_reading_is_an_error(string fault, string errorId, string message)
    {
        await using var server = Serve(fault);
        var file = _folder.Write("users.csv", "distinct_id,plan\nold,kept\n");
        foreach (var command in new[] { "Export-UserProfileCsv $file -Force", "$null = Get-UserProfile" })
        {
            var error = Run(server, command, file).TerminatingError;
            Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Matches(message, error.ErrorDetails.Message);
        }

        Assert.Equal("distinct_id,plan\nold,kept\n", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("short", 2999, @"page 2 .*\b999 .*\b1,000\b")]
    [InlineData("empty", 2000, @"page 2 .*\b0 .*\b1,000\b")]
    [InlineData("total", 3001, @"\b3,000 .*\b3,001\b")]
    public async Task With_AllowIncomplete_it_goes_on_with_one_warning(string fault, int read, string message)
    {
        await using var server = Serve(fault);
        var file = _folder.File("users.csv");
        var exported = Run(server, "Export-UserProfileCsv $file -AllowIncomplete -ErrorAction Stop", file).Succeeded();
        Assert.Equal(read + 1, File.ReadLines(file).Count());
        Assert.Single(exported.Warnings, w => Regex.IsMatch(w, message));
        Assert.Equal(read, Run(server, "Get-UserProfile -AllowIncomplete", file).Succeeded().Output.Count);
    }

    [Fact]
    public async Task A_removal_says_what_it_has_removed_and_its_backup_holds_just_that()
    {
        await using var server = Serve("first page again");
        var file = _folder.File("backup.csv");
        var error = Run(server, "Remove-UserProfile -Where 'defined(properties[\"n\"])' -BackupPath $file -Force", file).TerminatingError;
        Assert.Matches($@"\b1,000 profiles\b.*'{Regex.Escape(file)}'", error.ErrorDetails.Message);
        Assert.Equal(_removed.Order(StringComparer.Ordinal), File.ReadLines(file).Skip(1).Select(line => line.Split(',')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(PageSize, _removed.Distinct().Count());
    }

    private ScriptResult Run(RawServer server, string command, string file) => _session.Run(
        $"Connect-UserProfileService -Token tok-1234 -Endpoint $endpoint; $PSDefaultParameterValues = @{{ '*:MaximumRetryCount' = 1; '*:RetryIntervalSec' = 0 }}; {command}",
        new { endpoint = server.Endpoint, file });

    private RawServer Serve(string fault) => RawServer.Answering(request =>
    {
        if (request.Target.StartsWith("/engage", StringComparison.Ordinal))
        {
            using var body = JsonDocument.Parse(request.Body);
            lock (_removed)
                _removed.AddRange(body.RootElement.EnumerateArray().Select(r => r.GetProperty("$distinct_id").GetString()!));
            return RawServer.Reply("200 OK", """{"error":null,"status":1}""");
        }

        var page = int.Parse(HttpUtility.ParseQueryString(request.Text)["page"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var isFaulty = page == 1;
        if (isFaulty && fault == "first page again")
            page = 0;
        var profiles = Enumerable.Range(page * PageSize, page < Total / PageSize ? PageSize : 1).Select(i => new Dictionary<string, object> { ["$distinct_id"] = $"u{i}", ["$properties"] = new { n = i } });
        return RawServer.Reply("200 OK", JsonSerializer.Serialize(new
        {
            results = (isFaulty, fault) switch { (true, "short") => profiles.Skip(1), (true, "empty" or "error") => [], _ => profiles },
            page,
            page_size = PageSize,
            session_id = "s",
            total = Total + (page > 0 && fault == "total" ? 1 : 0),
            status = isFaulty && fault == "error" ? "error" : "ok",
            error = isFaulty && fault == "error" ? "the query timed out" : null,
        }));
    });
}
