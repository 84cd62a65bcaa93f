using System.Diagnostics;
using System.Management.Automation;
using System.Reflection;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class TestUserProfileConnectionTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_connection_that_works_is_proved_and_nothing_stays()
    {
        var result = _session.Run("$server = Start-UserProfileServer; Test-UserProfileConnection").Succeeded();
        Assert.Equal(("Succeeded", "Succeeded", "Succeeded", true, null, true), Outcome(result));
        Assert.InRange((TimeSpan)result.Value("ReadDelay")!, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.NotEmpty((string)result.Value("Message")!);
        Assert.Equal("0", Assert.Single(_session.Run("[string]$server.ProfileCount").Output).ToString());
    }

    [Fact]
    public void The_message_is_the_same_in_every_culture() =>
        Assert.Matches(@" [0-9]+\.[0-9] s\b", (string)_session.Run("$null = Start-UserProfileServer; [Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'; Test-UserProfileConnection").Succeeded().Value("Message")!);

    [Fact]
    public void A_delay_is_waited_for_and_told()
    {
        var result = _session.Run("$null = Start-UserProfileServer -ReadDelaySec 0.5; Test-UserProfileConnection -Verbose").Succeeded();
        Assert.Equal(("Succeeded", "Succeeded", "Succeeded", true, null, true), Outcome(result));
        Assert.InRange((TimeSpan)result.Value("ReadDelay")!, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));
        Assert.Contains(result.Verbose, v => v.Contains(" 1.0 s", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Fact]
    public void A_token_of_another_project_is_found_out()
    {
        var result = _session.Run("$s = Start-UserProfileServer -Token right; Connect-UserProfileService -Token wrong -Endpoint $s -ProjectId 42; Test-UserProfileConnection -TimeoutSec 1").Succeeded();
        Assert.Equal(("Succeeded", "Succeeded", "Failed", false, null, true), Outcome(result));
        Assert.Contains("project 42", (string)result.Value("Message")!, StringComparison.Ordinal);
        Assert.Matches(@"\btoken\b.*\bproject 42\b.*\bregion\b", (string)result.Value("RecommendedAction")!);
    }

    [Theory]
    [InlineData(401, "token")]
    [InlineData(404, "-Endpoint")]
    [InlineData(503, "proxy")]
    public void A_service_that_does_not_take_updates_is_an_ingestion_failure(int status, string remedy)
    {
        var result = _session.Run($"$null = Start-UserProfileServer -Fault @{{ Status = {status} }}; Test-UserProfileConnection -MaximumRetryCount 1 -RetryIntervalSec 0").Succeeded();
        Assert.Equal("Failed", result.Value("Ingestion")!.ToString());
        Assert.Equal("NotTested", result.Value("Query")!.ToString());
        Assert.Equal("NotTested", result.Value("ReadBack")!.ToString());
        Assert.Contains(status.ToString(), (string)result.Value("Message")!, StringComparison.Ordinal);
        Assert.Contains(remedy, (string)result.Value("RecommendedAction")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "service account")]
    [InlineData(402, "mixpanel.com/pricing")]
    [InlineData(403, "-ProjectId")]
    [InlineData(429, "1,000 profiles")]
    public void Queries_that_are_refused_are_a_query_failure_and_the_canary_goes(int status, string remedy)
    {
        var result = _session.Run($"$server = Start-UserProfileServer -Fault @{{ Endpoint = 'Query'; Status = {status} }}; Test-UserProfileConnection -TimeoutSec 1").Succeeded();
        Assert.Equal(("Succeeded", "Failed", "NotTested", false, null, true), Outcome(result));
        Assert.Contains(status.ToString(), (string)result.Value("Message")!, StringComparison.Ordinal);
        Assert.Contains(remedy, (string)result.Value("RecommendedAction")!, StringComparison.Ordinal);
        Assert.Equal("0", Assert.Single(_session.Run("[string]$server.ProfileCount").Output).ToString());
    }

    [Fact]
    public void A_query_that_fails_once_is_only_asked_again()
    {
        var result = _session.Run("$null = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Kind = 'ResetBefore'; First = 1 }; Test-UserProfileConnection").Succeeded();
        Assert.Equal(("Succeeded", "Succeeded", "Succeeded", true, null, true), Outcome(result));
    }

    [Fact]
    public void A_service_that_cannot_be_reached_is_an_ingestion_failure()
    {
        using var service = new RecordingService();
        _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = service.Endpoint }).Succeeded();
        service.Dispose();
        var result = _session.Run("Test-UserProfileConnection -MaximumRetryCount 1 -RetryIntervalSec 0 -Verbose").Succeeded();
        Assert.Equal(("Failed", "NotTested", "NotTested", false, null, null), Outcome(result));
        Assert.Contains("connect", (string)result.Value("Message")!, StringComparison.Ordinal);
        Assert.Contains(result.Verbose, v => v.Contains("retry 1 in 0.0 s", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_service_account_only_ingestion_is_tested_and_the_test_does_not_succeed()
    {
        using var service = new RecordingService();
        var result = _session.Run("Test-UserProfileConnection -Connection $connection", new { connection = ConnectionThatCannotRead(service.Endpoint) }).Succeeded();
        Assert.Equal(("Succeeded", "NotTested", "NotTested", false, null, true), Outcome(result));
        Assert.Contains("-ServiceAccount and -ProjectId", (string)result.Value("RecommendedAction")!, StringComparison.Ordinal);
        Assert.Equal(2, service.Requests);
    }

    [Fact]
    public void A_canary_that_cannot_be_removed_is_named()
    {
        using var service = new RecordingService { Answer = (number, records) => Task.FromResult<(int, string)?>(records is [] ? (500, "broken") : records[0].TryGetProperty("$delete", out _) ? (401, "no") : null) };
        var result = _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint; Test-UserProfileConnection -TimeoutSec 1 -MaximumRetryCount 0", new { endpoint = service.Endpoint }).Succeeded();
        Assert.Equal(false, result.Value("CanaryRemoved"));
        Assert.Contains($"Remove-UserProfile '{result.Value("DistinctId")}'", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_says_yes_or_no()
    {
        Assert.Equal(true, _session.Run("$null = Start-UserProfileServer; Test-UserProfileConnection -Quiet").Succeeded().Output.Single().BaseObject);
        Assert.Equal(false, _session.Run("$null = Start-UserProfileServer -Fault @{ Status = 403 }; Test-UserProfileConnection -Quiet").Succeeded().Output.Single().BaseObject);
    }

    [Fact]
    public void WhatIf_sends_nothing()
    {
        using var service = new RecordingService();
        Assert.Empty(_session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint; Test-UserProfileConnection -WhatIf", new { endpoint = service.Endpoint }).Succeeded().Output);
        Assert.Equal(0, service.Requests);
    }

    [Fact]
    public async Task A_stopped_test_ends_at_once_and_removes_its_canary()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var removed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var service = new RecordingService();
        service.Answer = (number, records) =>
        {
            if (records is [])
                written.TrySetResult();
            else if (records[0].TryGetProperty("$delete", out _))
                removed.TrySetResult();
            return Task.FromResult<(int, string)?>(records is [] ? (200, """{"results":[],"page_size":1000,"session_id":"s"}""") : null);
        };
        _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = service.Endpoint }).Succeeded();
        using var shell = _session.Start("Test-UserProfileConnection -TimeoutSec 3600");
        var running = shell.BeginInvoke();
        await written.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var watch = Stopwatch.StartNew();
        shell.Stop();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await removed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    // Every service that the tests can run is on this machine, where reading needs no account; this one only sends to it.
    private object ConnectionThatCannotRead(Uri endpoint)
    {
        var assembly = ((CmdletInfo)_session.Run("Get-Command Test-UserProfileConnection").Output.Single().BaseObject).ImplementingType.Assembly;
        var settings = Activator.CreateInstance(assembly.GetType("ProfilesModule.ConnectionSettings")!, "t");
        var constructor = Assert.Single(assembly.GetType("ProfilesModule.UserProfileConnection")!.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic));
        return constructor.Invoke([settings, endpoint, new Uri("https://query.invalid/"), null]);
    }

    private static (string?, string?, string?, object?, object?, object?) Outcome(ScriptResult result) =>
        (result.Value("Ingestion")!.ToString(), result.Value("Query")!.ToString(), result.Value("ReadBack")!.ToString(), result.Value("Succeeded"),
            (bool)result.Value("Succeeded")! ? result.Value("RecommendedAction") : null, result.Value("CanaryRemoved"));
}
