using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>What an import writes, where that is not a file; and names with characters that a terminal obeys.</summary>
public sealed class OutputDeviceTests : PwshTest
{
    private const string Import = "$null = Start-UserProfileServer\n$r = Import-UserProfileCsv users.csv -ErrorAction Continue ";

    [SkippableTheory]
    [InlineData("-RejectPath /dev/stdout", ",2,3,\"The identifier")]
    [InlineData("-LogPath /dev/stdout", "\"event\":\"end\"")]
    public void Rejects_and_the_log_can_go_to_standard_output(string parameters, string text)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such device.");
        var result = Imported(parameters);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("-RejectPath pipe")]
    [InlineData("-LogPath pipe")]
    [InlineData("-JournalPath pipe")]
    public void A_pipe_that_nobody_may_read_is_refused(string parameters)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux says what is a pipe.");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Folder, "pipe")]))
            make.WaitForExit();
        var result = Imported(parameters);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("NotAFile", result.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Control_characters_of_names_and_values_reach_no_stream_and_no_error()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows none of them in a name.");
        File.WriteAllText(Path.Combine(Folder, "\u001b[2J.csv"), "distinct_id,\u001b]0;owned\u0007,\u202en\n1,many,few\n");
        var result = Run("-NonInteractive", "-File", Script("""
            $null = Start-UserProfileServer
            $VerbosePreference = $DebugPreference = 'Continue'
            $name = [char]0x1b + '[2J.csv'
            $types = @{ ([char]0x1b + ']0;owned' + [char]7) = 'Number' }
            Import-UserProfileCsv -LiteralPath $name -PropertyType $types -RejectPath refused.csv -LogPath log -ErrorVariable failed | Out-Null
            Import-UserProfileCsv -LiteralPath ($name + 'x') | Out-Null
            Import-UserProfileCsv -LiteralPath $name -Property $name | Out-Null
            Test-UserProfile -LiteralPath $name -Strict | Out-Null
            $failed | ForEach-Object { "$_"; $_.Exception.Message }
            """));
        foreach (var text in new[] { result.Output, result.Errors, File.ReadAllText(Path.Combine(Folder, "log")), File.ReadAllLines(Path.Combine(Folder, "refused.csv"))[1] })
            Assert.DoesNotContain(text, c => c is '\u001b' or '\u0007' or '\u202e');
        Assert.Contains("\\u001b]0;owned\\u0007", result.Output, StringComparison.Ordinal);
    }

    private PwshResult Imported(string parameters)
    {
        File.WriteAllText(Path.Combine(Folder, "users.csv"), "distinct_id,n\n1,1\n,2\n");
        return Run("-NonInteractive", "-File", Script($"{Import}{parameters}\n\"$($Error | ForEach-Object FullyQualifiedErrorId)\"\nexit $r.ExitCode"));
    }
}
