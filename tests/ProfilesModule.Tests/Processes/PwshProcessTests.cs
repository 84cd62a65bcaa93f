using System.Diagnostics;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>What a job sees of the module: streams, exit codes, prompts and signals of a pwsh process.</summary>
public sealed class PwshProcessTests : PwshTest
{
    private const string Serve = "$null = Start-UserProfileServer; ";

    [Fact]
    public void Errors_go_to_standard_error_and_the_summary_to_standard_output_without_colours_or_progress()
    {
        File.WriteAllText(Path.Combine(Folder, "users.csv"), "distinct_id,n\n1,a\n,b\n");
        var result = Run("-File", Script(Serve + "$r = Import-UserProfileCsv users.csv; \"$($r.Accepted) accepted\"; exit $r.ExitCode"));
        Assert.Equal("1 accepted\n", result.Output);
        Assert.Contains("users.csv, line 3: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output + result.Errors);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Nothing_reaches_the_console_past_the_streams()
    {
        File.WriteAllText(Path.Combine(Folder, "users.csv"), "distinct_id,email\n1,a\n,b\n");
        var result = Run("-File", Script("$ProgressPreference = 'SilentlyContinue'; & { Start-UserProfileServer; Import-UserProfileCsv users.csv -InferType -Verbose; Get-UserProfile; Test-UserProfile users.csv; Stop-UserProfileServer } *> all.txt"));
        Assert.Equal(new PwshResult(0, "", ""), result);
        Assert.Contains("line 3: ", File.ReadAllText(Path.Combine(Folder, "all.txt")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("-NonInteractive")]
    public void A_removal_that_nobody_can_confirm_is_an_error_and_removes_nothing(params string[] switches)
    {
        var result = Run([.. switches, "-File", Script("$ErrorActionPreference = 'Stop'\n$server = Start-UserProfileServer; Set-UserProfile a -Property @{ n = 1 }\ntry { Remove-UserProfile a } finally { \"$($server.ProfileCount) left\" }")]);
        Assert.EndsWith("1 left\n", result.Output, StringComparison.Ordinal);
        Assert.NotEqual("", result.Errors);
        Assert.Equal(1, result.ExitCode);
    }

    [InterruptFact]
    public async Task Ctrl_C_ends_an_import_and_the_script_behind_it()
    {
        using var service = new RecordingService();
        var first = FirstRequest(service, out var never);
        using var process = Import(service);
        await first.WaitAsync(Limit);
        Interrupt(process);
        var result = Finish(process);
        never.SetResult();
        Assert.DoesNotContain("went on", result.Output, StringComparison.Ordinal);
        Assert.InRange(service.Requests, 1, 4);
    }

    [Fact]
    public async Task A_killed_import_sends_nothing_more()
    {
        using var service = new RecordingService();
        using var other = new RecordingService();
        var first = FirstRequest(service, out var never);
        using var process = Import(service);
        using var control = Import(other);
        await first.WaitAsync(Limit);
        process.Kill();
        Finish(process);
        never.SetResult();
        var sent = service.Requests;

        // One that is not killed has the time to send all of the same file.
        Assert.EndsWith("went on\n", Finish(control).Output, StringComparison.Ordinal);
        Assert.Equal(100, other.Requests);
        Assert.Equal(sent, service.Requests);
        Assert.InRange(sent, 1, 4);
    }

    private Process Import(RecordingService service)
    {
        File.WriteAllText(Path.Combine(Folder, "users.csv"), "distinct_id,n\n" + string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i},{i}\n")));
        return StartPwsh("-File", Script("Connect-UserProfileService -Token t -Endpoint $endpoint; $null = Import-UserProfileCsv users.csv; 'went on'", "param($endpoint)"), service.Endpoint.ToString());
    }

    /// <summary>Ends with the first request, to which there is no reply before <paramref name="never"/> ends.</summary>
    private static Task FirstRequest(RecordingService service, out TaskCompletionSource never)
    {
        var (first, reply) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        service.Answer = async (_, _) =>
        {
            first.TrySetResult();
            await reply.Task;
            return null;
        };
        never = reply;
        return first.Task;
    }
}
