namespace ProfilesModule.Tests.Shell;

public sealed class ShellCommandLineTests : ShellTest
{
    private const int UsageError = 64;

    [Fact]
    public void A_script_gets_its_arguments_its_location_and_the_module()
    {
        var script = Script("""
            param([string] $Name, [switch] $Force, [switch] $Quiet, $First, $Second)
            "$Name|$Force|$Quiet|$First|$Second|$args"
            "$PWD|$PSScriptRoot|$PSCommandPath"
            (Get-Module ProfilesModule).Name
            "$($Host.Name)|$ErrorActionPreference"
            """);

        var result = Run("-NoProfile", "-nol", "-NonInteractive", "-ep", "Bypass", "-f", script,
            "one", "-Name", "a value", "-Force", "two", "-Quiet:$false", "-Other:", "three");

        // The temporary folder may be behind a link, which only $PWD follows.
        var lines = result.Output.Split('\n');
        Assert.Equal("a value|True|False|one|two|-Other three", lines[0]);
        Assert.EndsWith($"|{Folder}|{Path.Combine(Folder, script)}", lines[1], StringComparison.Ordinal);
        Assert.Equal(Path.GetFileName(Folder), Path.GetFileName(lines[1].Split('|')[0]));
        Assert.Equal(["ProfilesModule", "ProfilesModule.Shell|Continue", ""], lines[2..]);
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Exit_within_a_function_of_a_script_ends_the_shell_with_its_code()
    {
        var result = Run(Script("""
            function Stop-Here { exit 3 }
            'before'
            Stop-Here
            'after'
            """));

        Assert.Equal(new ShellResult(3, "before\n", ""), result);
    }

    [Fact]
    public void A_script_that_goes_on_after_an_error_and_a_failed_program_succeeds()
    {
        var result = Run(Script("""
            [CmdletBinding()] param()
            [int] 'x'
            & dotnet no-such-command *> $null
            "$($LASTEXITCODE -ne 0)"
            """));

        Assert.Equal("True\n", result.Output);
        Assert.Contains("Cannot convert value \"x\"", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void A_terminating_error_fails_a_script_and_shows_its_position()
    {
        var result = Run(Script("'before'\nthrow 'boom'\n'after'"));

        Assert.Equal("before\n", result.Output);
        Assert.Equal($"""
            Exception: {Path.Combine(Folder, "script.ps1")}:2
            Line |
               2 |  throw 'boom'
                 |  ~~~~~~~~~~~~
                 | boom

            """.ReplaceLineEndings("\n"), result.Errors);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("'a'; [int] 'x'", 1)]
    [InlineData("[int] 'x'; 'a'", 0)]
    public void The_last_statement_decides_the_exit_code_of_a_command(string command, int exitCode)
    {
        var result = Run("-c", command);

        Assert.Equal("a\n", result.Output);
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Fact]
    public void A_command_that_cannot_be_parsed_fails_with_a_message()
    {
        var result = Run("-Command", "'a';", "\"open");

        Assert.Equal(new ShellResult(1, "", "The string is missing the terminator: \".\n"), result);
    }

    [Fact]
    public void A_dash_reads_the_commands_from_standard_input()
    {
        var result = RunWithInput("if ($true) {\n  'ünïcode'\n}\nexit 7\n", "-Command", "-");

        Assert.Equal(new ShellResult(7, "ünïcode\n", ""), result);
    }

    [Theory]
    [InlineData("A script or a command is required.")]
    [InlineData("Unrecognized parameter: '-Bogus'.", "-Bogus", "-Command", "1")]
    [InlineData("Invalid ExecutionPolicy value 'Lax'.", "-ExecutionPolicy", "Lax", "-Command", "1")]
    [InlineData("A command must follow -Command.", "-Command")]
    [InlineData("A script file must follow -File.", "-NoProfile", "-File")]
    public void A_command_line_that_makes_no_sense_shows_the_usage(string message, params string[] args)
    {
        var result = Run(args);

        Assert.StartsWith($"{message}\n\nUsage: ProfilesModule.Shell ", result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.Equal(UsageError, result.ExitCode);
    }

    [Fact]
    public void A_script_that_does_not_exist_is_named()
    {
        var result = Run("missing.ps1", "argument");

        Assert.StartsWith("The argument 'missing.ps1' is not recognized as the name of a script file.", result.Errors, StringComparison.Ordinal);
        Assert.Equal(UsageError, result.ExitCode);
    }

    [Theory]
    [InlineData("-?", "Usage: ProfilesModule.Shell ")]
    [InlineData("--help", "Usage: ProfilesModule.Shell ")]
    [InlineData("-v", "ProfilesModule.Shell ")]
    public void Help_and_version_go_to_standard_output(string option, string start)
    {
        var result = Run(option);

        Assert.StartsWith(start, result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
    }
}
