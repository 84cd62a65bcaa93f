using System.Collections.Specialized;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Web;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class RemoveUserProfileBackupTests : IDisposable
{
    private const string Command = "ProfilesModule.Commands.RemoveUserProfileCommand";

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public RemoveUserProfileBackupTests()
    {
        _path = _folder.File("backup.csv");
        _session.Run("$server = Start-UserProfileServer; 1..5 | ForEach-Object { @{ distinct_id = \"u$_\"; n = $_; \"only$_\" = 'x' } } | Set-UserProfile").Succeeded();
    }

    private string LinesPath => _path + ".unfinished.jsonl";

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Remove-UserProfile u2, u4 -BackupPath $path -Confirm:$false")]
    [InlineData("'u2', 'u4' | Remove-UserProfile -BackupPath $path -Force")]
    [InlineData("Get-UserProfile u2, u4 | Remove-UserProfile -BackupPath $path -Force")]
    [InlineData("Remove-UserProfile -Where 'properties[\"n\"] == 2 or properties[\"n\"] == 4' -BackupPath $path -Force")]
    public void What_was_removed_is_in_a_file_that_an_import_restores(string script)
    {
        Assert.Empty(Run(script).Succeeded().Output);
        Assert.Equal("u1 u3 u5", Remaining());
        Assert.Equal([_path], Files());
        Assert.StartsWith("$distinct_id,$last_seen,n,only2,only4\r\nu2,", File.ReadAllText(_path), StringComparison.Ordinal);

        _session.Run("Import-UserProfileCsv $path -IgnoreTime", new { path = _path }).Succeeded();
        Assert.Equal("u1 u2 u3 u4 u5", Remaining());
        Assert.Equal("x", _session.Run("(Get-UserProfile u4).only4").Succeeded().Single().ToString());
    }

    [Fact]
    public void Lines_of_json_keep_every_value_as_it_was()
    {
        _session.Run("Set-UserProfile u1 -Property $properties", new { properties = new OrderedDictionary { [""] = 1.5m, ["list"] = new object?[] { 1, "x", null }, ["none"] = null, ["big"] = 9007199254740993123L } }).Succeeded();
        Run("Remove-UserProfile u1 -BackupPath $path -Force", _folder.File("backup.jsonl")).Succeeded();
        Assert.Equal([_folder.File("backup.jsonl")], Files());
        using var line = JsonDocument.Parse(Assert.Single(File.ReadAllLines(_folder.File("backup.jsonl"))));
        Assert.Equal(
            ["", "$distinct_id", "$last_seen", "big", "list", "n", "none", "only1"],
            line.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["\"u1\"", "1.5", "[1,\"x\",null]", "null", "9007199254740993123"],
            new[] { "$distinct_id", "", "list", "none", "big" }.Select(name => line.RootElement.GetProperty(name).GetRawText()));
    }

    [Fact]
    public void What_a_csv_file_has_no_column_for_stays_in_the_lines_of_json()
    {
        _session.Run("Set-UserProfile u1 -Property @{ ' ' = 'blank' }").Succeeded();
        var warning = Assert.Single(Run("Remove-UserProfile u1 -BackupPath $path -Force").Succeeded().Warnings);
        Assert.Contains(LinesPath, warning, StringComparison.Ordinal);
        Assert.Contains("\" \":\"blank\"", File.ReadAllText(LinesPath), StringComparison.Ordinal);
        Assert.True(File.Exists(_path));
    }

    [Fact]
    public async Task What_is_removed_is_on_disk_before_its_request_is_sent()
    {
        using var service = new RecordingService();
        var unwritten = new List<string>();
        service.Answer = (_, records) =>
        {
            if (records.Length == 0)
                return Task.FromResult<(int, string)?>((200, Page(service.Bodies.Last(body => !body.StartsWith('[')))));
            var written = Lines().Select(line => JsonDocument.Parse(line).RootElement.GetProperty("$distinct_id").GetString()!).ToHashSet();
            lock (unwritten)
                unwritten.AddRange(records.Select(r => r.GetProperty("$distinct_id").GetString()!).Where(id => !written.Contains(id)));
            return Task.FromResult<(int, string)?>(null);
        };
        _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = service.Endpoint }).Succeeded();
        await Task.Run(() => Run("1..2500 | Remove-UserProfile -BackupPath $path -Force").Succeeded());
        Assert.Equal(2500, service.Applied.Count);
        Assert.Empty(unwritten);
        Assert.Equal(2501, File.ReadAllLines(_path).Length);
    }

    [Fact]
    public void A_profile_that_is_not_found_is_an_error_and_is_not_removed()
    {
        var updates = Updates();
        var error = Assert.Single(Run("Remove-UserProfile u1, nobody -BackupPath $path -Force").Errors);
        Assert.Equal(("ProfileNotFound," + Command, "nobody"), (error.FullyQualifiedErrorId, error.TargetObject));
        Assert.Equal(1, Updates() - updates);
        Assert.Equal("u2 u3 u4 u5", Remaining());
    }

    [Fact]
    public void Nothing_found_leaves_no_file()
    {
        Assert.Single(Run("Remove-UserProfile nobody -BackupPath $path -Force").Errors);
        Run("Remove-UserProfile -Where 'false' -BackupPath $path -Force").Succeeded();
        Assert.Empty(Files());
    }

    [Fact]
    public void A_profile_under_an_alias_is_not_mistaken_for_the_one_behind_it()
    {
        _session.Run("Start-UserProfileServer -Alias @{ twin = 'u1' } | Out-Null; Set-UserProfile u1 -Property @{ n = 1 }").Succeeded();
        var error = Assert.Single(Run("Remove-UserProfile twin -BackupPath $path -Force").Errors);
        Assert.Equal("ProfileNotFound," + Command, error.FullyQualifiedErrorId);
        Assert.Equal("u1", Remaining());
    }

    [Theory]
    [InlineData("backup.csv", "-Confirm:$false")]
    [InlineData("backup.csv", "-Force")]
    [InlineData("backup.csv", "-WhatIf")]
    [InlineData("backup.jsonl", "-Force")]
    [InlineData("*.csv", "-Force")]
    public void A_file_that_exists_is_never_overwritten(string path, string parameters)
    {
        _folder.Write("backup.csv", "before");
        _folder.Write("backup.jsonl", "before");
        var error = Run($"Remove-UserProfile u1 -BackupPath $path {parameters}", _folder.File(path)).TerminatingError;
        Assert.Equal($"BackupExists,{Command}", error.FullyQualifiedErrorId);
        Assert.Equal(("before", "before", "u1 u2 u3 u4 u5"), (File.ReadAllText(_path), File.ReadAllText(_folder.File("backup.jsonl")), Remaining()));
    }

    [Fact]
    public void A_job_that_is_run_again_keeps_the_backup_of_its_first_run()
    {
        var result = Run("'u1', 'u2' | ForEach-Object { Remove-UserProfile $_ -BackupPath $path -Force }");
        Assert.Equal($"BackupExists,{Command}", result.TerminatingError.FullyQualifiedErrorId);
        Assert.Equal("u2 u3 u4 u5", Remaining());
        Assert.Contains("\r\nu1,", File.ReadAllText(_path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup.ndjson", "backup.ndjson")]
    [InlineData("`[1`].csv", "[1].csv")]
    public void The_path_says_where_and_in_which_form(string path, string expected)
    {
        Run("Remove-UserProfile u1 -BackupPath $path -Force", _folder.File(path)).Succeeded();
        Assert.Equal([_folder.File(expected)], Files());
        Assert.Equal(expected.EndsWith("json", StringComparison.Ordinal), File.ReadAllText(_folder.File(expected)).StartsWith('{'));
    }

    [Theory]
    [InlineData("backup.json", "BackupFormatUnknown")]
    [InlineData("none*.csv", "PathAmbiguous")]
    public void A_path_that_says_neither_removes_nothing(string path, string expected)
    {
        Assert.Equal($"{expected},{Command}", Run("Remove-UserProfile u1 -BackupPath $path -Force", _folder.File(path)).TerminatingError.FullyQualifiedErrorId);
        Assert.Equal(("u1 u2 u3 u4 u5", 0), (Remaining(), Files().Length));
    }

    [Fact]
    public void The_lines_of_a_backup_that_was_broken_off_are_never_overwritten()
    {
        _folder.Write("backup.csv.unfinished.jsonl", "before");
        var error = Run("Remove-UserProfile u1 -BackupPath $path -Force").TerminatingError;
        Assert.Equal(("BackupLeftBehind," + Command, LinesPath), (error.FullyQualifiedErrorId, error.TargetObject));
        Assert.Equal(("before", "u1 u2 u3 u4 u5"), (File.ReadAllText(LinesPath), Remaining()));
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-WhatIf -Force")]
    public void WhatIf_writes_no_backup(string parameters)
    {
        Run($"Remove-UserProfile u1 -BackupPath $path {parameters}; Remove-UserProfile -Where 'true' -BackupPath $path {parameters}").Succeeded();
        Assert.Equal("u1 u2 u3 u4 u5", Remaining());
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData("none/backup.csv", "PathNotFound")]
    [InlineData("", "NotAFile")]
    public void A_path_that_cannot_be_written_removes_nothing(string name, string expected)
    {
        Assert.Equal($"{expected},{Command}", Run("Remove-UserProfile u1 -BackupPath $path -Force", _folder.File(name)).TerminatingError.FullyQualifiedErrorId);
        Assert.Equal("u1 u2 u3 u4 u5", Remaining());
    }

    [FullDiskFact]
    public void A_full_disk_ends_the_command_and_removes_nothing()
    {
        var updates = Updates();
        var error = Run("Remove-UserProfile u1, u2 -BackupPath $path -Force", FullDiskFactAttribute.Path).TerminatingError;
        Assert.Equal("BackupFailed," + Command, error.FullyQualifiedErrorId);
        Assert.Equal(("u1 u2 u3 u4 u5", 0L), (Remaining(), Updates() - updates));
        Assert.True(File.Exists(FullDiskFactAttribute.Path));
    }

    [Fact]
    public void A_backup_that_cannot_be_finished_stays_as_lines_of_json()
    {
        // A folder takes the name of the file while the profiles are removed.
        var result = Run("Remove-UserProfile u1, u2 -BackupPath $path -Force -PassThru | ForEach-Object { [void][IO.Directory]::CreateDirectory($path) }");
        var error = Assert.Single(result.Errors);
        Assert.Equal(("BackupNotFinished," + Command, LinesPath), (error.FullyQualifiedErrorId, error.TargetObject));
        Assert.Equal(2, Lines().Length);
        Assert.Equal("u3 u4 u5", Remaining());
    }

    [Theory]
    [InlineData("-MaximumRetryCount 0", "RetriesExhausted")]
    [InlineData("-MaximumRetryCount 0 -ErrorAction Stop", "DeliveryFailed")]
    public void A_removal_that_ends_early_has_its_backup(string parameters, string expected)
    {
        _session.Run("Start-UserProfileServer -Fault @{ Kind = 'Status'; Every = 3 } | Out-Null; 1..5 | ForEach-Object { @{ distinct_id = \"u$_\"; n = $_ } } | Set-UserProfile").Succeeded();
        var error = Run($"Remove-UserProfile -Where 'true' -BackupPath $path -Force -BatchSize 1 -MaxConcurrency 1 {parameters}").TerminatingError;
        Assert.Equal($"{expected},{Command}", error.FullyQualifiedErrorId);
        Assert.Equal([_path], Files());
        var kept = File.ReadAllLines(_path).Skip(1).Select(line => line.Split(',')[0]);
        Assert.Equal(5, kept.Union(Remaining().Split(' ')).Distinct().Count());
    }

    [Fact]
    public async Task A_removal_that_is_stopped_leaves_the_lines_of_json()
    {
        using var service = new RecordingService();
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Answer = async (_, records) =>
        {
            if (records.Length == 0)
                return (200, Page(service.Bodies.Last()));
            sent.TrySetResult();
            await Task.Delay(Timeout.Infinite);
            return null;
        };
        _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = service.Endpoint }).Succeeded();
        using var shell = _session.Start("1..1000 | Remove-UserProfile -BackupPath $path -Force", new { path = _path });
        _ = shell.BeginInvoke();
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Run(shell.Stop);
        Assert.Equal([LinesPath], Files());
        Assert.Equal(1000, Lines().Length);
    }

    [PermissionFact]
    [UnsupportedOSPlatform("windows")]
    public void Only_the_user_may_read_the_backup()
    {
        Run("Remove-UserProfile u1 -BackupPath $path -Force").Succeeded();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [Fact]
    public void A_connection_that_cannot_read_backs_nothing_up_and_removes_nothing()
    {
        _session.Run("Connect-UserProfileService -Token t -Region EU").Succeeded();
        Assert.Equal("QueryNotConfigured," + Command, Run("Remove-UserProfile u1 -BackupPath $path -Force").TerminatingError.FullyQualifiedErrorId);
    }

    private static string Page(string query)
    {
        var ids = JsonSerializer.Deserialize<string[]>(HttpUtility.ParseQueryString(query)["distinct_ids"]!)!;
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["results"] = ids.Select(id => new Dictionary<string, object> { ["$distinct_id"] = id, ["$properties"] = new { n = id } }),
            ["page_size"] = 100_000,
            ["session_id"] = "s",
        });
    }

    private ScriptResult Run(string script, string? path = null) => _session.Run(script, new { path = path ?? _path });

    private string[] Lines()
    {
        using var reader = new StreamReader(new FileStream(LinesPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string[] Files() => Directory.GetFileSystemEntries(Path.GetDirectoryName(_path)!);

    private long Updates() => (long)_session.Run("$server.UpdateCount").Succeeded().Output[0].BaseObject;

    private string Remaining() => string.Join(' ', _session.Run("Get-UserProfile").Succeeded().Output.Select(p => (string)p.Properties["DistinctId"].Value).Order());
}
