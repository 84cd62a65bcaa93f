using System.Text;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Imports that were broken off and are resumed.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();
    private readonly TemporaryFolder _folder = new();

    public JournalTests() => Connect();

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_resumed_import_sends_just_what_has_no_outcome_yet()
    {
        WriteRows(3000, row => row % 500 == 0 ? $"bad{row},x\n" : row % 700 == 0 ? $"{row}\n" : $"{row},x\n");
        RefuseBad(after: 10);
        var broken = Import();
        Assert.Equal(2, broken.Value("ExitCode"));
        Assert.InRange((long)broken.Value("Accepted")!, 1, 2999);
        RefuseBad();
        _service.Bodies.Clear();
        var resumed = Import("-Resume");
        Assert.Equal((3000L, 2990L, 10L, 0L), ((long)resumed.Value("Read")!, (long)resumed.Value("Accepted")!, (long)resumed.Value("Rejected")!, (long)resumed.Value("Unsent")!));
        Assert.Equal((long)broken.Value("Read")! - (long)broken.Value("Unsent")!, resumed.Value("Resumed"));
        Assert.Equal(1, resumed.Value("ExitCode"));
        Assert.Equal(2990, _service.Applied.Count);
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));

        // The reject file has each row once, as if nothing had happened in between.
        var rejects = File.ReadAllLines(_folder.File("bad.csv"))[1..];
        Assert.Equal(10, rejects.Length);
        Assert.Equal(10, rejects.Select(r => r.Split(',')[0]).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Resume")]
    public void A_finished_import_is_not_begun_again(string parameters)
    {
        WriteRows(10, row => $"{row},x\n");
        Import().Succeeded();
        var again = Import(parameters).Succeeded();
        Assert.Contains("finished", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal((10L, 10L, 10L, 0), ((long)again.Value("Read")!, (long)again.Value("Accepted")!, (long)again.Value("Resumed")!, (int)again.Value("ExitCode")!));
        Assert.Equal(1, _service.Requests);
    }

    [Fact]
    public void An_import_that_was_not_finished_is_not_begun_again_without_being_asked()
    {
        Break();
        var result = Import();
        Assert.StartsWith("JournalUnfinished,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((0L, 2), ((long)result.Value("Read")!, (int)result.Value("ExitCode")!));
    }

    [Theory]
    [InlineData(@"a\.csv'", "", true, false)]
    [InlineData(@"-Operation\b.*\bSet\b.*\bUnion\b", "-Operation Union", false, false)]
    [InlineData("-Delimiter .*,.*;", "-Delimiter ';' -IdentifierColumn 'distinct_id,v'", false, false)]
    [InlineData("-IgnoreTime", "-IgnoreTime", false, false)]
    [InlineData("-RejectPath", "-RejectPath ($rejects + '2')", false, false)]
    [InlineData("token", "", false, true)]
    public void Another_import_is_not_taken_for_the_one_that_the_journal_is_about(string difference, string parameters, bool changeFile, bool changeToken)
    {
        Break();
        var requests = _service.Requests;
        if (changeFile)
            File.AppendAllText(_folder.File("a.csv"), "new,x\n");
        if (changeToken)
            Connect("another");
        var result = Import("-Resume " + parameters);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("JournalMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches(difference, error.ToString());
        Assert.Equal(requests, _service.Requests);
        Assert.Equal(2, result.Value("ExitCode"));
    }

    [Theory]
    [InlineData("-Header 'distinct_id,a', 'v'", "-Header 'distinct_id', 'a,v'")]
    [InlineData("-DateFormat 'dd.MM.yyyy,d.M.yyyy'", "-DateFormat 'dd.MM.yyyy', 'd.M.yyyy'")]
    public void Lists_that_read_alike_are_not_the_same(string first, string then)
    {
        var identifier = first.Contains("Header", StringComparison.Ordinal) ? "-IdentifierColumn 1" : "";
        Break($"{first} {identifier}");
        var error = Assert.Single(Import($"-Resume {then} {identifier}").Errors);
        Assert.StartsWith("JournalMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(first.Split(' ')[0], error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distinct_id,v\n1,x\n", "JournalMismatch")]
    [InlineData("", "JournalMismatch")]
    [InlineData("{}\n{}\n", "JournalMismatch")]
    public void What_is_no_journal_is_left_alone(string text, string errorId)
    {
        WriteRows(10, row => $"{row},x\n");
        _folder.Write("j", text);
        var result = Import("-Resume");
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_folder.File("j")));
        Assert.Equal(0, _service.Requests);
    }

    [Fact]
    public void A_line_that_was_broken_off_does_not_count()
    {
        Break();
        File.AppendAllText(_folder.File("j"), """{"row":3000,"settled":[],"sen""");
        var resumed = Import("-Resume").Succeeded();
        Assert.Equal(3000L, resumed.Value("Accepted"));
        Assert.Equal(3000, _service.Applied.Count);
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));
    }

    [Fact]
    public void Rows_that_a_dead_run_was_sending_and_that_would_count_twice_end_as_unknown()
    {
        Break("-Operation Add", add: true);
        var lines = JournalText.Read(_folder.File("j"));
        var settled = JsonDocument.Parse(lines[^1]).RootElement.GetProperty("row").GetInt64();
        JournalText.Write(_folder.File("j"), [.. lines[..^1], lines[^1].Replace("\"sending\":[]", $"\"sending\":[[{settled - 5},{settled + 20}]]", StringComparison.Ordinal)]);
        var resumed = Import("-Resume -Operation Add");
        Assert.Equal((3000L, 2980L, 20L), ((long)resumed.Value("Read")!, (long)resumed.Value("Accepted")!, (long)resumed.Value("Unknown")!));
        Assert.Equal(20, resumed.Errors.Count(e => e.FullyQualifiedErrorId.StartsWith("OutcomeUnknown,", StringComparison.Ordinal)));
        Assert.Equal(20, File.ReadAllLines(_folder.File("bad.csv")).Count(r => r.EndsWith(",OutcomeUnknown", StringComparison.Ordinal)));
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));
    }

    [Fact]
    public void A_batch_that_failed_in_every_attempt_is_resumed_before_what_follows_it()
    {
        WriteRows(1000, row => $"{1 + row % 50},{row}\n");
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 4 ? (503, "down") : null);
        var broken = Import("-BatchSize 50 -MaximumRetryCount 1 -RetryIntervalSec 0");
        Assert.Equal((0L, 1), ((long)broken.Value("Rejected")!, broken.Errors.Count));
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var resumed = Import("-Resume").Succeeded();
        Assert.Equal((1000L, 0), ((long)resumed.Value("Accepted")!, (int)resumed.Value("ExitCode")!));
        Assert.All(_service.Profiles, p => Assert.True(int.Parse(p.Value.GetProperty("v").GetString()!) > 950));
        Assert.Single(File.ReadAllLines(_folder.File("bad.csv")));
    }

    [Fact]
    public void Several_files_are_one_import()
    {
        WriteRows(500, row => $"{row},x\n");
        _folder.Write("b.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(501, 500).Select(row => $"{row},y\n")));
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 7 ? (401, "no") : null);
        const string Script = "Import-UserProfileCsv $a, $b -JournalPath $j -BatchSize 100 -MaxConcurrency 1";
        var files = new { a = _folder.File("a.csv"), b = _folder.File("b.csv"), j = _folder.File("j") };
        Assert.Equal(700L, _session.Run(Script, files).Value("Accepted"));
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Assert.Equal(1000L, _session.Run(Script + " -Resume", files).Succeeded().Value("Accepted"));
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));
        Assert.Equal(1000, _service.Applied.Count);
    }

    [Fact]
    public void Files_of_a_wildcard_are_one_import_with_one_summary_although_its_own_files_lie_beside_them()
    {
        foreach (var (name, first) in (IEnumerable<(string, int)>)[("2.csv", 401), ("1.csv", 1), ("10.csv", 201)])
            _folder.Write(name, "distinct_id,v\n" + string.Concat(Enumerable.Range(first, 200).Select(row => row % 100 == 0 ? $"{row}\n" : $"{row},{name}\n")));
        var files = new { all = _folder.File("*.csv"), j = _folder.File("journal.csv"), rejects = _folder.File("bad.csv"), log = _folder.File("log.csv") };
        const string Script = "Import-UserProfileCsv $all -JournalPath $j -RejectPath $rejects -LogPath $log -BatchSize 50 -MaxConcurrency 1 -Resume";
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 6 ? (401, "no") : null);
        Assert.Equal(2, _session.Run(Script, files).Value("ExitCode"));
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var resumed = _session.Run(Script, files);
        Assert.Equal((600L, 594L, 6L, 1), ((long)resumed.Value("Read")!, (long)resumed.Value("Accepted")!, (long)resumed.Value("Rejected")!, (int)resumed.Value("ExitCode")!));
        Assert.Equal(["1.csv", "10.csv", "2.csv"], ((IEnumerable<string>)resumed.Value("Path")!).Select(Path.GetFileName));
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));
        Assert.Equal(["100", "200", "300", "400", "500", "600"], File.ReadLines(files.rejects).Skip(1).Select(row => row.Split(',')[0]));
    }

    [Fact]
    public void Many_small_files_begin_while_others_are_under_way()
    {
        var paths = Enumerable.Range(0, 200).Select(file => _folder.Write($"{file:d3}.csv", $"distinct_id,v\n,noid{file}\nu{file},x\n")).ToArray();
        var files = new { paths, j = _folder.File("j"), rejects = _folder.File("bad.csv") };
        var result = _session.Run("Import-UserProfileCsv $paths -JournalPath $j -RejectPath $rejects -BatchSize 3", files);
        Assert.Null(result.Terminating);
        Assert.Equal((400L, 200L, 200L), ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (long)result.Value("Rejected")!));
        var state = JsonDocument.Parse(JournalText.Read(files.j)[^1]).RootElement;
        Assert.Equal((400, true), (state.GetProperty("row").GetInt32(), state.GetProperty("isFinished").GetBoolean()));
        Assert.Equal(new FileInfo(files.rejects).Length, state.GetProperty("rejectBytes").GetInt64());
    }

    [Fact]
    public void An_import_that_is_resumed_without_one_of_its_files_is_not_finished()
    {
        WriteRows(500, row => $"{row},x\n");
        _folder.Write("b.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(501, 500).Select(row => $"{row},y\n")));
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 7 ? (401, "no") : null);
        var files = new { a = _folder.File("a.csv"), b = _folder.File("b.csv"), j = _folder.File("j") };
        _session.Run("Import-UserProfileCsv $a, $b -JournalPath $j -BatchSize 100 -MaxConcurrency 1", files);
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var less = _session.Run("Import-UserProfileCsv $a -JournalPath $j -Resume", files);
        Assert.Contains(files.b, Assert.Single(less.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(2, less.Value("ExitCode"));
        Assert.Equal(1000L, _session.Run("Import-UserProfileCsv $a, $b -JournalPath $j -Resume", files).Succeeded().Value("Accepted"));
        Assert.Equal(1000, _service.Applied.Count);
    }

    [Fact]
    public void Two_imports_do_not_share_a_journal()
    {
        Break();
        using (new FileStream(_folder.File("j.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var result = Import("-Resume -TimeoutSec 1");
            var error = Assert.Single(result.Errors);
            Assert.StartsWith("JournalInUse,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("another import is using it", error.ToString(), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.ToString(), StringComparison.Ordinal);
            Assert.Equal(75, result.Value("ExitCode"));
        }

        Assert.Equal(3000L, Import("-Resume").Succeeded().Value("Accepted"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_import_waits_for_another_one_that_uses_its_journal(bool isBegun)
    {
        if (isBegun)
            Break();
        else
            WriteRows(3000, row => $"{row},x\n");

        // Lets the journal go once the import says that it waits.
        var result = _session.Run("""
            $held = [IO.FileStream]::new("$j.lock", 'OpenOrCreate', 'ReadWrite', 'None')
            Import-UserProfileCsv $a -JournalPath $j -RejectPath $rejects -Resume 3>&1 | ForEach-Object {
                if ($_ -is [Management.Automation.WarningRecord]) { "$_"; $held.Dispose() } else { $_ }
            }
            """,
            new { a = _folder.File("a.csv"), j = _folder.File("j"), rejects = _folder.File("bad.csv") }).Succeeded();
        Assert.Contains("Waiting for it", result.Output[0].ToString(), StringComparison.Ordinal);
        Assert.Equal((3000L, 0), (result.Output[^1].Properties["Accepted"].Value, result.Output[^1].Properties["ExitCode"].Value));
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));
    }

    [Fact]
    public void Rejected_rows_that_a_power_cut_took_are_read_again()
    {
        WriteRows(3000, row => row % 300 == 0 ? $"bad{row},x\n" : $"{row},x\n");
        RefuseBad(after: 40);
        Import("-BatchSize 100");

        // The journal's last line reached the disk, the rejected rows did not.
        var (rejects, journal) = (_folder.File("bad.csv"), JournalText.Read(_folder.File("j")));
        var header = File.ReadAllLines(rejects)[0] + "\n";
        File.WriteAllText(rejects, header);
        var before = $"{{\"row\":0,\"settled\":[],\"sending\":[],\"accepted\":0,\"rejected\":0,\"skipped\":0,\"unknown\":0,\"rejectBytes\":{header.Length},\"rejectSum\":{JournalText.Sum(Encoding.ASCII.GetBytes(header))},\"isFinished\":false}}";
        JournalText.Write(_folder.File("j"), journal[0], before, journal[^1]);
        RefuseBad();
        var resumed = Import("-Resume");
        Assert.Equal((3000L, 2990L, 10L), ((long)resumed.Value("Read")!, (long)resumed.Value("Accepted")!, (long)resumed.Value("Rejected")!));
        Assert.Equal(11, File.ReadAllLines(rejects).Length);
    }

    [Fact]
    public void The_log_has_a_line_for_the_start_one_a_request_and_one_for_the_end_and_no_data_of_rows()
    {
        WriteRows(450, row => row == 7 ? "bad-secret,hidden\n" : $"id{row},hidden\n");
        RefuseBad();
        var log = _folder.File("log");
        var result = Import("-LogPath $log -MaxConcurrency 1", new { log });
        var lines = File.ReadAllLines(log).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal((long)result.Value("Requests")! + 2, lines.Length);
        Assert.Equal((449, 1), (lines[^1].GetProperty("accepted").GetInt32(), lines[^1].GetProperty("rejected").GetInt32()));
        Assert.Equal(("start", "end"), (lines[0].GetProperty("event").GetString(), lines[^1].GetProperty("event").GetString()));
        Assert.Equal((1, 200, "NotApplied"), (lines[1].GetProperty("firstRow").GetInt32(), lines[1].GetProperty("lastRow").GetInt32(), lines[1].GetProperty("outcome").GetString()));
        Assert.DoesNotContain("hidden", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_import_is_resumed_and_its_log_has_the_account()
    {
        WriteRows(3000, row => $"{row},x\n");
        var reached = new TaskCompletionSource();
        _service.Answer = async (number, _) =>
        {
            if (number <= 5)
                return null;
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite);
            return null;
        };
        using (var shell = _session.Start("Import-UserProfileCsv $a -JournalPath $j -RejectPath $rejects -LogPath $log -MaxConcurrency 1", Files(new { log = _folder.File("log") })))
        {
            var running = shell.BeginInvoke();
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
            shell.Stop();
            Assert.ThrowsAny<System.Management.Automation.RuntimeException>(() => shell.EndInvoke(running));
        }

        var end = JsonDocument.Parse(File.ReadAllLines(_folder.File("log"))[^1]).RootElement;
        Assert.Equal(("end", "Incomplete"), (end.GetProperty("event").GetString(), end.GetProperty("stop").GetString()));
        Assert.Equal(1000, end.GetProperty("accepted").GetInt32());
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Assert.Equal(3000L, Import("-Resume").Succeeded().Value("Accepted"));
        Assert.All(_service.Applied, a => Assert.Equal(1, a.Value));
    }

    private void Connect(string token = "t") => _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token, endpoint = _service.Endpoint }).Succeeded();

    private void WriteRows(int count, Func<int, string> row) => _folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, count).Select(row)));

    /// <summary>Leaves an import of 3,000 rows broken off after some of them.</summary>
    private void Break(string parameters = "", bool add = false)
    {
        WriteRows(3000, row => $"{row},{(add ? "1" : "x")}\n");
        RefuseBad(after: 5);
        Assert.Equal(2, Import(parameters).Value("ExitCode"));
        RefuseBad();
    }

    private void RefuseBad(int after = int.MaxValue)
    {
        var last = after == int.MaxValue ? after : _service.Requests + after;
        _service.Answer = (number, records) => Task.FromResult<(int, string)?>(
            number > last ? (401, "no")
            : records.Any(r => r.GetProperty("$distinct_id").GetString()!.StartsWith("bad", StringComparison.Ordinal)) ? (400, """{"error":"no","status":0}""")
            : null);
    }

    private ScriptResult Import(string parameters = "", object? more = null)
    {
        var rejects = parameters.Contains("-RejectPath", StringComparison.Ordinal) ? "" : "-RejectPath $rejects";
        return _session.Run($"Import-UserProfileCsv $a -JournalPath $j {rejects} {parameters}", Files(more));
    }

    private object Files(object? more)
    {
        foreach (var property in more?.GetType().GetProperties() ?? [])
            _session.Run($"${property.Name} = $value", new { value = property.GetValue(more) });
        return new { a = _folder.File("a.csv"), j = _folder.File("j"), rejects = _folder.File("bad.csv") };
    }
}
