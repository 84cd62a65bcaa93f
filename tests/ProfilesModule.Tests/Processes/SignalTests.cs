using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>What a scheduler or a closed terminal sends ends an import as Ctrl+C does, and then the process.</summary>
public sealed class SignalTests : PwshTest
{
    [SkippableTheory]
    [InlineData("TERM", 15)]
    [InlineData("HUP", 1)]
    public async Task A_signal_ends_the_import_with_its_account_and_then_the_process(string signal, int number)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such signal.");
        Skip.If(InterruptFactAttribute.Ignores(number), $"SIG{signal} is ignored here, and a child process inherits that.");
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
        File.WriteAllText(Path.Combine(Folder, "a.csv"), "distinct_id,n\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i},1\n")));
        File.WriteAllText(Path.Combine(Folder, "b.csv"), "distinct_id,n\nsecond,1\n");
        using var process = StartPwsh("-File", Script($"""
            Connect-UserProfileService -Token t -Endpoint {service.Endpoint}
            $first = Import-UserProfileCsv a.csv -MaxConcurrency 1 -JournalPath journal -LogPath log
            'went on'
            $second = Import-UserProfileCsv b.csv
            exit 0
            """));
        await third.Task.WaitAsync(Limit);
        Signal(process, signal);
        var result = Finish(process);

        Assert.Equal(128 + number, result.ExitCode);
        Assert.Contains("Import-UserProfileCsv was stopped", result.Output, StringComparison.Ordinal);
        Assert.Contains("400 accepted, 0 rejected, 200 in flight", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("went on", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Bodies, body => body.Contains("second", StringComparison.Ordinal));
        var end = JsonDocument.Parse(File.ReadAllLines(Path.Combine(Folder, "log"))[^1]).RootElement;
        Assert.Equal(("end", "Interrupted", 400), (end.GetProperty("event").GetString(), end.GetProperty("stop").GetString(), end.GetProperty("accepted").GetInt32()));
        Assert.Contains("\"endedBy\":\"Interrupted\"", JournalText.Read(Path.Combine(Folder, "journal"))[^1], StringComparison.Ordinal);
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
}
