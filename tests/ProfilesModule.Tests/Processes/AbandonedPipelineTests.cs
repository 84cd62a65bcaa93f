using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>What a user sees of rows that could not be sent when something else ended the pipeline.</summary>
public sealed class AbandonedPipelineTests : PwshTest
{
    [Fact]
    public void Rows_that_could_not_be_sent_are_told()
    {
        var script = Script("""
            $null = Start-UserProfileServer -Fault @{ Every = 1; Status = 503 }
            try { & { 1..3 | ForEach-Object { [pscustomobject]@{ DistinctId = "u$_"; n = 1 } }; throw 'the source broke' } | Set-UserProfile } catch { "caught: $_" }
            """);
        var result = Run("-NoProfile", "-File", script);
        Assert.Contains("Set-UserProfile was stopped: 3 rows read, 0 accepted, 0 rejected", result.Output, StringComparison.Ordinal);
        Assert.Contains("not sent", result.Output, StringComparison.Ordinal);
        Assert.Contains("caught: the source broke", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_were_rejected_then_are_told_too()
    {
        var script = Script("""
            $null = Start-UserProfileServer
            try { & { [pscustomobject]@{ DistinctId = 'u1'; n = 1 }; [pscustomobject]@{ DistinctId = 'u2'; n = @{ a = @{ b = @{ c = @{ d = 1 } } } } }; throw 'the source broke' } | Set-UserProfile -WarningAction Ignore } catch { "caught: $_" }
            (Get-UserProfile).DistinctId
            """);
        var result = Run("-NoProfile", "-File", script);
        Assert.Contains("Set-UserProfile was stopped: 2 rows read, 1 accepted, 1 rejected", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("u1", result.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_waited_for_their_backup_are_told()
    {
        var script = Script("""
            $null = Start-UserProfileServer
            try { 1..10 | ForEach-Object { if ($_ -eq 6) { throw 'the source broke' }; "u$_" } | Remove-UserProfile -Force -BackupPath (Join-Path $PSScriptRoot backup.jsonl) } catch { "caught: $_" }
            """);
        var result = Run("-NoProfile", "-File", script);
        Assert.Contains("Remove-UserProfile was stopped: 5 rows read, 0 accepted, 0 rejected, 0 in flight (they may have arrived), 5 not sent", result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("caught: the source broke", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_told_where_every_row_was_sent()
    {
        var script = Script("""
            $null = Start-UserProfileServer
            try { & { 1..3 | ForEach-Object { [pscustomobject]@{ DistinctId = "u$_"; n = 1 } }; throw 'the source broke' } | Set-UserProfile } catch { "caught: $_" }
            (Get-UserProfileServer).ProfileCount
            """);
        var result = Run("-NoProfile", "-File", script);
        Assert.Equal(["caught: the source broke", "3"], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
    }
}
