using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>What a scheduler or a closed terminal sends ends an import as Ctrl+C does, and then the process.</summary>
public sealed class SignalTests : PwshTest
{
    private const int Rows = 5000;
    private const string Numbers = "@{ n = 'Number' }";

    [SkippableTheory]
    [InlineData("TERM", "-JournalPath journal", 75)]
    [InlineData("HUP", "-JournalPath journal", 75)]
    [InlineData("TERM", "-JournalPath journal -Operation Add", 75)]
    [InlineData("TERM", "-Operation Set", 75)]
    [InlineData("TERM", "-Operation Add", 2)]
    public async Task A_signal_ends_the_import_with_its_account_and_the_process_with_what_may_be_done(string signal, string parameters, int exitCode)
    {
        SkipIfIgnored(signal);
        using var service = new RecordingService();
        var third = new TaskCompletionSource();
        service.Answer = async (request, _) =>
        {
            if (request == 3)
            {
                third.SetResult();
                await Task.Delay(Limit);
            }

            return null;
        };
        WriteRows();
        File.WriteAllText(Path.Combine(Folder, "b.csv"), "distinct_id,n\nsecond,1\n");
        using var process = StartPwsh("-File", Script($"""
            Connect-UserProfileService -Token t -Endpoint {service.Endpoint}
            $first = Import-UserProfileCsv a.csv -PropertyType {Numbers} -MaxConcurrency 1 -LogPath log {parameters}
            'went on'
            $second = Import-UserProfileCsv b.csv
            exit 0
            """));
        await third.Task.WaitAsync(Limit);
        Signal(process, signal);
        var result = Finish(process);

        Assert.True(exitCode == result.ExitCode, $"{result}");
        Assert.Contains("Import-UserProfileCsv was stopped", result.Output, StringComparison.Ordinal);
        Assert.Contains("400 accepted, 0 rejected, 200 in flight", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("went on", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Bodies, body => body.Contains("second", StringComparison.Ordinal));
        var end = JsonDocument.Parse(File.ReadAllLines(Path.Combine(Folder, "log"))[^1]).RootElement;
        Assert.Equal(("end", "Interrupted", 400), (end.GetProperty("event").GetString(), end.GetProperty("stop").GetString(), end.GetProperty("accepted").GetInt32()));
        if (parameters.Contains("journal", StringComparison.Ordinal))
            Assert.Contains("\"endedBy\":\"Interrupted\"", JournalText.Read(Path.Combine(Folder, "journal"))[^1], StringComparison.Ordinal);
    }

    /// <summary>What a scheduler does with a job whose machine it takes away: the same line starts it and goes on with it.</summary>
    [SkippableFact]
    public async Task A_job_that_is_ended_and_started_again_counts_nothing_twice()
    {
        SkipIfIgnored("TERM");
        using var service = new RecordingService();
        var (third, isSlow) = (new TaskCompletionSource(), true);
        service.Answer = async (request, _) =>
        {
            if (request == 3)
                third.SetResult();

            // Replies arrive behind the signal, which the import waits for.
            if (request >= 3 && isSlow)
                await Task.Delay(1000);
            return null;
        };
        WriteRows();
        var script = Script($$"""
            Connect-UserProfileService -Token t -Endpoint {{service.Endpoint}}
            $result = Import-UserProfileCsv a.csv -Operation Add -PropertyType {{Numbers}} -JournalPath journal -Resume -LogPath log
            "$($result.Accepted) accepted, $($result.Unknown) unknown"
            exit ($result ? $result.ExitCode : 2)
            """);
        using var process = StartPwsh("-File", script);
        await third.Task.WaitAsync(Limit);
        Signal(process, "TERM");
        var ended = Finish(process);
        Assert.True(ended.ExitCode == 75, $"{ended}");
        Assert.InRange(service.Applied.Count, 400, Rows - 1);

        isSlow = false;
        var result = Run("-File", script);
        Assert.Equal((0, $"{Rows} accepted, 0 unknown\n"), (result.ExitCode, result.Output));
        Assert.Equal(Rows, service.Applied.Count);
        Assert.All(service.Applied, a => Assert.Equal(1, a.Value));
    }

    /// <summary>Rows of ten million bytes, as an export gone wrong may have, are refused in little memory.</summary>
    [Theory]
    [InlineData("csv", "")]
    [InlineData("csv", "-RejectPath refused")]
    [InlineData("json", "")]
    [InlineData("json", "-RejectPath refused")]
    public void Large_rows_that_are_refused_take_little_memory(string format, string parameters)
    {
        const int Rows = 12;
        Variables["DOTNET_GCHeapHardLimit"] = (170 << 20).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        var text = new string('x', 10_000_000);
        using (var file = new StreamWriter(Path.Combine(Folder, "large")))
        {
            file.Write(format == "csv" ? "distinct_id,n\n" : "");
            for (var i = 0; i < Rows; i++)
                file.Write(format == "csv" ? $"u{i},{text}\n" : $"{{\"distinct_id\":\"u{i}\",\"n\":\"{text}\"}}\n");
        }

        var result = Run("-NonInteractive", "-File", Script($"""
            Connect-UserProfileService -Token t -Endpoint http://127.0.0.1:9
            $r = Import-UserProfile{format} large {parameters} -ErrorVariable failed -ErrorAction SilentlyContinue
            "$($r.Rejected) $($failed.Count) $($failed[0].TargetObject.Text.Substring(980))"
            exit $r.ExitCode
            """));
        Assert.True(result.ExitCode == 1, $"{result}");
        Assert.StartsWith($"{Rows} {Rows} ", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"x… \([^)]*\b10,000,0\d\d\b[^)]*\)\s*$", result.Output);
        if (parameters.Length > 0)
            Assert.InRange(new FileInfo(Path.Combine(Folder, "refused")).Length, Rows * 10_000_000L, (Rows * 10_000_000L) + 10_000);
    }

    /// <summary>The account of a log does not keep its lines.</summary>
    [Fact]
    public void A_log_of_a_million_requests_takes_little_memory()
    {
        Variables["DOTNET_GCHeapHardLimit"] = (170 << 20).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        using (var file = new StreamWriter(Path.Combine(Folder, "log")))
        {
            const string Line = """{"time":"2026-05-04T12:00:00+00:00","run":"a","event":""";
            file.WriteLine($$"""{{Line}}"start","n":1,"endpoint":"http://x/","source":"/users.csv","mayStartAgain":true}""");
            for (var n = 2; n <= 1_000_001; n++)
                file.WriteLine($$"""{{Line}}"request","n":{{n}},"batch":{{n}},"firstRow":1,"lastRow":9,"rows":2,"updates":2,"bytes":500,"attempt":1,"status":200,"outcome":"Accepted","atOnce":4,"ms":5.5}""");
        }

        var result = Run("-NonInteractive", "-File", Script("$r = Get-UserProfileImport log; \"$($r.Accepted) $($r.Requests) $($r.Unfinished)\"; exit $r.ExitCode"));
        Assert.Equal((75, "2000000 1000000 /users.csv\n"), (result.ExitCode, result.Output));
    }

    private static void SkipIfIgnored(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such signal.");
        Skip.If(InterruptFactAttribute.Ignores(signal == "TERM" ? 15 : 1), $"SIG{signal} is ignored here, and a child process inherits that.");
    }

    private void WriteRows() =>
        File.WriteAllText(Path.Combine(Folder, "a.csv"), "distinct_id,n\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => $"{i},1\n")));
}
