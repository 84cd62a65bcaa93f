using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class RemoveMatchingUserProfileTests : PwshTest
{
    private const string Fill = "$server = Start-UserProfileServer; 1..5 | ForEach-Object { @{ distinct_id = \"u$_\"; plan = $_ -lt 4 ? 'trial' : 'pro'; n = $_ } } | Set-UserProfile";

    [Theory]
    [InlineData("-Where 'properties[\"n\"] > 3' -Force", "u1 u2 u3")]
    [InlineData("-Where 'properties[\"n\"] > 3' -Confirm:$false", "u1 u2 u3")]
    [InlineData("-PropertyEquals @{ plan = 'trial' } -Force", "u4 u5")]
    [InlineData("-PropertyEquals @{ plan = 'trial' } -Where 'properties[\"n\"] > 2' -Force", "u1 u2 u4 u5")]
    [InlineData("-Where 'false' -Force", "u1 u2 u3 u4 u5")]
    [InlineData("-Where 'false'", "u1 u2 u3 u4 u5")]
    public void Profiles_that_a_filter_is_true_for_are_removed(string parameters, string expected)
    {
        using var session = new ModuleSession();
        Assert.Empty(session.Run($"{Fill}; Remove-UserProfile {parameters}").Succeeded().Output);
        Assert.Equal(expected, Remaining(session));
    }

    [Theory]
    [InlineData("-PropertyEquals @{}")]
    [InlineData("-PropertyEquals $null")]
    [InlineData("-Where ''")]
    [InlineData("-Where ' '")]
    [InlineData("-Where 'properties['")]
    [InlineData("-PropertyEquals @{ a = @(1) }")]
    public void A_filter_that_says_nothing_removes_nothing(string parameters)
    {
        using var session = new ModuleSession();
        Assert.NotNull(session.Run($"{Fill}; Remove-UserProfile {parameters} -Force").Terminating);
        Assert.Equal("u1 u2 u3 u4 u5", Remaining(session));
    }

    [Theory]
    [InlineData("@{ customer = $undefined }", "-Where 'not defined(properties[\"customer\"])'")]
    [InlineData("@{ plan = 'trial'; customer = $null }", "-Where 'not defined(properties[\"customer\"])'")]
    [InlineData("@{ customer = \"$undefined\" }", "-Where 'properties[\"customer\"] == \"\"'")]
    [InlineData("@{ 'it''s' = $null }", "-Where 'not defined(properties[\"it''s\"])'")]
    public void A_value_that_is_missing_removes_nothing_and_the_error_shows_how_to_mean_it(string values, string expression)
    {
        using var session = new ModuleSession();
        var error = session.Run($"{Fill}; Remove-UserProfile -PropertyEquals {values} -Force").TerminatingError;
        Assert.Equal("EmptyValueToRemove,ProfilesModule.Commands.RemoveUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains(expression, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("u1 u2 u3 u4 u5", Remaining(session));
        session.Run($"Remove-UserProfile {expression} -WhatIf").Succeeded();
    }

    [Fact]
    public void None_is_passed_over_although_pages_shift_underneath()
    {
        using var session = new ModuleSession();
        session.Run(Fill + "; 1..3000 | ForEach-Object { @{ distinct_id = \"more-$_\"; plan = 'trial' } } | Set-UserProfile").Succeeded();
        var removed = session.Run("Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -Force -PassThru").Succeeded().Output;
        Assert.Equal(3003, removed.Select(id => id.ToString()).Distinct().Count());
        Assert.Equal("u4 u5", Remaining(session));
    }

    [Fact]
    public void A_profile_whose_id_is_an_alias_is_removed_itself()
    {
        using var session = new ModuleSession();
        session.Run("""
            Start-UserProfileServer $db | Out-Null
            @{ distinct_id = 'u1'; plan = 'pro' }, @{ distinct_id = 'twin'; plan = 'trial' } | Set-UserProfile
            Stop-UserProfileServer
            Start-UserProfileServer $db -Alias @{ twin = 'u1' } | Out-Null
            Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -Force
            """, new { db = Path.Combine(Folder, "dev.db") }).Succeeded();
        Assert.Equal("u1", Remaining(session));
    }

    [Fact]
    public void Who_cannot_be_asked_removes_nothing_and_hears_the_question()
    {
        using var session = new ModuleSession();
        var error = session.Run($"{Fill}; Remove-UserProfile -PropertyEquals @{{ plan = 'trial' }}").TerminatingError;
        Assert.Contains("3 profiles", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("u1 u2 u3 u4 u5", Remaining(session));
    }

    [Theory]
    [InlineData("Y\n", "[]|u4 u5")]
    [InlineData("N\n", "[]|u1 u2 u3 u4 u5")]
    public void One_question_states_the_count(string answer, string expected)
    {
        var result = RunWithInput(answer, "-File", Script($$"""
            {{Fill}}
            Remove-UserProfile -PropertyEquals @{ plan = 'trial' }
            "[$Error]|$((Get-UserProfile).DistinctId)"
            """));

        // pwsh wraps a question to the width of its window.
        var question = Regex.Replace(result.Output, "\\s+", " ");
        Assert.Equal(1, Occurrences(question, "Performing the operation"));
        Assert.Matches(@"on target ""3 profiles .*\(there\).* properties\[""plan""\] == ""trial""""", Placed(question));
        Assert.EndsWith(expected + "\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_states_the_count_and_the_project()
    {
        var result = Run("-File", Script($$"""
            {{Fill}}
            Remove-UserProfile u1 -WhatIf
            Connect-UserProfileService -Token t -Endpoint $server -ProjectId 42
            Remove-UserProfile u1 -WhatIf
            Remove-UserProfile -Where 'true' -WhatIf
            Remove-UserProfile -PropertyEquals @{ n = 1 } -WhatIf -Force
            Remove-UserProfile -Where 'false' -WhatIf
            $server.ProfileCount
            """));
        Assert.Equal(
            """
            What if: Performing the operation "Remove" on target "profile 'u1' at (there)".
            What if: Performing the operation "Remove" on target "profile 'u1' of project 42 at (there)".
            What if: Performing the operation "Remove" on target "5 profiles of project 42 at (there) for which this is true: true".
            What if: Performing the operation "Remove" on target "1 profile of project 42 at (there) for which this is true: properties["n"] == 1".
            What if: Performing the operation "Remove" on target "0 profiles of project 42 at (there) for which this is true: false".
            5

            """.ReplaceLineEndings("\n"),
            Placed(result.Output));
    }

    private static string Placed(string output) => Regex.Replace(output, "http://127[.]0[.]0[.]1:[0-9]+/", "(there)");

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static string Remaining(ModuleSession session) =>
        string.Join(' ', session.Run("Get-UserProfile").Succeeded().Output.Select(p => (string)p.Properties["DistinctId"].Value).Order());
}
