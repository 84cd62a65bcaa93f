namespace ProfilesModule.Tests.Shell;

public sealed class ShellPromptTests : ShellTest
{
    private const string Confirm = """
        [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param()
        'one', 'two' | ForEach-Object { if ($PSCmdlet.ShouldProcess($_, 'Remove')) { "removed $_" } else { "kept $_" } }
        """;

    [Fact]
    public void A_confirmation_is_answered_from_standard_input_after_its_help_was_asked_for()
    {
        var result = RunWithInput("?\nmaybe\nno\nY\n", Script(Confirm));

        const string Question = "[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help (default is \"Y\"): ";
        Assert.Contains("\nPerforming the operation \"Remove\" on target \"one\".\n" + Question + "?\nY - ", result.Output, StringComparison.Ordinal);
        Assert.Contains(Question + "maybe\n" + Question + "no\nkept one\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(Question + "Y\nremoved two\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Errors);
    }

    [Theory]
    [InlineData(new string[0], "Standard input has ended")]
    [InlineData(new[] { "-NonInteractive" }, "NonInteractive mode")]
    public void A_confirmation_that_cannot_be_answered_is_an_error_and_not_a_yes(string[] switches, string reason)
    {
        var result = RunWithInput("", [.. switches, Script("$ErrorActionPreference = 'Stop'\n" + Confirm.Replace("[Cmdlet", "& { [Cmdlet", StringComparison.Ordinal) + " }")]);

        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("removed", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("kept", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Mandatory_parameters_lines_secrets_and_credentials_are_read_from_standard_input()
    {
        var script = Script("""
            param([Parameter(Mandatory, HelpMessage = 'How many?')] [int] $Count, [Parameter(Mandatory)] [string[]] $Name)
            "$Count|$($Name -join ',')"
            $Host.UI.ReadLine()
            $Host.UI.ReadLineAsSecureString().Length
            $credential = $Host.UI.PromptForCredential('Sign in', 'to the service', '', '')
            "$($credential.UserName)|$($credential.GetNetworkCredential().Password.Length)"
            $null -eq $Host.UI.ReadLine()
            """);

        var result = RunWithInput("!?\nmany\n2\nann\nbob\n\na line\nsecret\nuser\nhidden!\n", script);

        Assert.Equal("", result.Errors);
        Assert.Contains("Count: !?\nHow many?\nCount: many\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Count: 2\nName[0]: ann\nName[1]: bob\nName[2]: \n2|ann,bob\na line\na line\n\n6\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nSign in\nto the service\nUser: user\nPassword for user user: \nuser|7\nTrue\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden!", result.Output, StringComparison.Ordinal);
    }
}
