using System.IO.Compression;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>Standard input as the rows of an import.</summary>
public sealed class StandardInputTests : PwshTest
{
    private const string Serve = "$null = Start-UserProfileServer; ";

    [Fact]
    public void A_dash_is_standard_input_of_which_no_row_is_lost()
    {
        // More than is read at once, and a column that is no number behind the rows that types are inferred from.
        var rows = string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i},{(i == 15_000 ? "many" : i)}\n"));
        var result = RunWithInput(
            $"title\ndistinct_id,n\n{rows}20001\n",
            "-Command",
            ImportModule + Serve + "$r = Import-UserProfileCsv - -SkipRows 1 -InferType -RejectPath bad.csv; \"$($r.Path) $($r.Read) $($r.Accepted) $($r.Rejected)\"; (Get-UserProfile 20000).n.GetType().Name; exit $r.ExitCode");
        Assert.Contains("-, line 15002: ", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.EndsWith("- 20001 19999 2\nInt64\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["15000,many,15002,", "20001,20003,"], File.ReadLines(Path.Combine(Folder, "bad.csv")).Skip(1).Select(line => line[..(line.IndexOf('"', StringComparison.Ordinal))]));
    }

    [Fact]
    public void Compressed_standard_input_is_read_by_a_script_file()
    {
        var script = Script(Serve + """
            $r = Import-UserProfileCsv -Path -
            "$($r.Accepted) $($r.ExitCode)"
            (Import-UserProfileCsv - -ErrorVariable failed).ExitCode
            $failed.FullyQualifiedErrorId
            """);
        using var process = StartPwsh("-File", script);
        using (var gzip = new GZipStream(process.StandardInput.BaseStream, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes("distinct_id,town\n1,東京\n2,b\n"));
        var result = Finish(process);
        Assert.StartsWith("2 0\n", result.Output, StringComparison.Ordinal);

        // The second time there is nothing left of it.
        Assert.EndsWith("2\nInvalidHeader,ProfilesModule.Commands.ImportUserProfileCsvCommand\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_reads_standard_input_and_sends_nothing()
    {
        var result = RunWithInput("distinct_id,v\n1,a\n2\n", "-Command", ImportModule + Serve + "$r = Import-UserProfileCsv - -InferType -WhatIf; \"$($r.Read) $($r.Rejected) $($r.Requests)\"");
        Assert.Contains("(1 update in 1 request, 1 row rejected)", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("2 1 0\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Command", "-")]
    [InlineData("-c", "-")]
    [InlineData("-File", "-")]
    [InlineData("-NonInteractive")]
    [InlineData("-ExecutionPolicy", "Bypass")]
    public void Standard_input_from_which_pwsh_takes_its_commands_is_refused(params string[] args)
    {
        var result = RunWithInput($"{ImportModule}{Serve}$r = Import-UserProfileCsv - -ErrorAction SilentlyContinue -ErrorVariable failed; \"[$($failed[0].FullyQualifiedErrorId) $($r.ExitCode)]\"\n", args);
        Assert.Contains("[StandardInputNotAvailable,ProfilesModule.Commands.ImportUserProfileCsvCommand 2]", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$rows = @($input)")]
    [InlineData("Start-Job { Import-Module $using:module; $null = Start-UserProfileServer; Import-UserProfileCsv - } | Receive-Job -Wait")]
    public void Standard_input_that_pwsh_reads_for_itself_is_refused(string statement)
    {
        var result = RunWithInput("distinct_id,v\n1,a\n", "-Command", $"$module = '{ModuleSession.RepositoryRoot}/ProfilesModule.psd1'; {ImportModule}{Serve}{statement}; Import-UserProfileCsv - | Out-Null");
        Assert.Contains("StandardInputNotAvailable", result.Errors + RunError(result), StringComparison.Ordinal);
        static string RunError(PwshResult result) => result.Errors.Contains("standard input", StringComparison.Ordinal) ? "StandardInputNotAvailable" : result.Output;
    }

    [InterruptFact]
    public async Task Ctrl_C_ends_an_import_that_waits_for_standard_input()
    {
        using var process = StartPwsh("-Command", ImportModule + Serve + "'ready'; Import-UserProfileCsv -; 'went on'");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().WaitAsync(Limit));
        Interrupt(process);

        // Standard input stays open all the while.
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.DoesNotContain("went on", await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
