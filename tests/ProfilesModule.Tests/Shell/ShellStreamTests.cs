namespace ProfilesModule.Tests.Shell;

public sealed class ShellStreamTests : ShellTest
{
    private const string Report = """
        function Write-Report {
            [CmdletBinding()] param()
            $PSCmdlet.WriteWarning('careful')
            $PSCmdlet.WriteVerbose('in detail')
            $progress = [System.Management.Automation.ProgressRecord]::new(1, 'Working', 'halfway')
            $PSCmdlet.WriteProgress($progress)
            $record = [System.Management.Automation.ErrorRecord]::new([Exception]::new('bad row'), 'BadRow', 'InvalidData', 12)
            $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('Row 12 is bad.')
            $record.ErrorDetails.RecommendedAction = 'Mend row 12.'
            $PSCmdlet.WriteError($record)
            $PSCmdlet.WriteInformation('by the way', @())
            $PSCmdlet.WriteDebug('deep down')
        }
        $DebugPreference = 'Continue'
        Write-Report -Verbose -InformationAction Continue
        $Host.UI.WriteLine('Red', 'Black', 'told')
        [PSCustomObject]@{ Name = '日本本'; Plan = 'é' }, [PSCustomObject]@{ Name = 'Bob'; Plan = 'pro' }

        """;

    [Fact]
    public void Errors_go_to_standard_error_and_everything_else_to_standard_output_without_colours_or_progress()
    {
        var result = Run(Script(Report));

        // Wide characters take two columns each.
        Assert.Equal("""
            WARNING: careful
            VERBOSE: in detail
            by the way
            DEBUG: deep down
            told

            Name   Plan
            ----   ----
            日本本 é
            Bob    pro


            """.ReplaceLineEndings("\n"), result.Output);
        Assert.Equal($"""
            Write-Report: {Path.Combine(Folder, "script.ps1")}:15
            Line |
              15 |  Write-Report -Verbose -InformationAction Continue
                 |  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                 | Row 12 is bad.
              Recommendation: Mend row 12.

            """.ReplaceLineEndings("\n"), result.Errors);
        Assert.Equal(0, result.ExitCode);
    }

    [UnixFact]
    public void Errors_appear_among_the_output_in_the_order_in_which_they_were_written()
    {
        var output = RunMerged(Script("""
            'one'
            & { [CmdletBinding()] param()
                'two'
                $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('three'), 'Id', 'InvalidData', $null))
                'four' }
            throw 'five'
            """));

        Assert.Matches("(?s)^one\ntwo\n.*three\nfour\n.*five\n$", output);
    }
}
