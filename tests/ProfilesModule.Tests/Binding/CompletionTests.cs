using System.Management.Automation;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Binding;

/// <summary>What is offered while a command is typed. There is no connection here: nothing may need one.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModuleSession _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Get-UserProfile -Property '$em", "'$email'")]
    [InlineData("Get-UserProfile -Property em", "'$email'")]
    [InlineData("Get-UserProfile -Property \"EM", "'$email'")]
    [InlineData("Get-UserProfile -Property plan, country", "'$country_code'")]
    [InlineData("Get-UserProfile -Property last", "'$last_name' '$last_seen'")]
    [InlineData("Get-GroupProfile -Property '$nam", "'$name'")]
    [InlineData("Set-UserProfile -DistinctId 1 -Unset '$ph", "'$phone'")]
    [InlineData("Set-UserProfile -DistinctId 1 -Unset last", "'$last_name'")]
    [InlineData("Set-GroupProfile -GroupId 1 -GroupKey company -Unset initial_utm_s", "initial_utm_source")]
    [InlineData("Set-UserProfile -IdentifierProperty '$em", "'$email'")]
    [InlineData("Get-UserProfile -Property no_such", "")]
    public void Names_that_the_service_gives_a_meaning_to_are_offered_as_they_must_be_written(string line, string completions) =>
        Assert.Equal(completions, string.Join(' ', Complete(line).Select(c => c.CompletionText)));

    [Fact]
    public void Every_reserved_name_is_offered_with_its_meaning_and_can_be_taken_as_it_stands()
    {
        var offered = Complete("Get-UserProfile -Property ");
        Assert.Contains(offered, c => c.ListItemText == "$email" && c.ToolTip.Contains("e-mail", StringComparison.Ordinal));
        Assert.Contains("$name $first_name $last_name $phone $avatar $created $city $region $country_code $timezone", string.Join(' ', offered.Select(c => c.ListItemText)), StringComparison.Ordinal);
        Assert.Equal(offered.Count, offered.Select(c => c.ListItemText).Distinct().Count());
        Assert.All(offered, c =>
        {
            Assert.EndsWith(".", c.ToolTip, StringComparison.Ordinal);
            Assert.Equal(c.ListItemText, Assert.Single(_session.Run($"function Get-Argument {{ $args[0] }}; Get-Argument {c.CompletionText}").Succeeded().Output).BaseObject);
        });
    }

    [Theory]
    [InlineData("Import-UserProfileCsv '{0}[[]x].csv' -IdentifierColumn ", "a")]
    [InlineData("Import-UserProfileCsv -LiteralPath '{0}[x].csv' -IdentifierColumn ", "a")]
    [InlineData("Import-UserProfileCsv '{0}y*.csv' -IdentifierColumn ", "y1 'o''clock' '$email'")]
    [InlineData("Import-UserProfileCsv '{0}y1.csv', '{0}[x].csv' -IdentifierColumn '$", "'$email'")]
    [InlineData("Import-UserProfileCsv 'FileSystem::{0}y1.csv' -IdentifierColumn y", "y1")]
    [InlineData("Import-UserProfileCsv '{0}y1.csv' -Header user, plan -IdentifierColumn ", "user plan")]
    [InlineData("Import-UserProfileCsv '{0}gone.csv' -IdentifierColumn ", "")]
    [InlineData("Import-UserProfileCsv '{0}gone*.csv' -IdentifierColumn ", "")]
    [InlineData("Import-UserProfileCsv Env:/PATH -IdentifierColumn ", "")]
    [InlineData("Import-UserProfileCsv -IdentifierColumn ", "")]
    [InlineData("Import-UserProfileJson '{0}export.txt' -IdentifierProperty ", "id plan")]
    [InlineData("Test-UserProfile '{0}export.jsonl' -ExcludeProperty p", "plan")]
    public void Identifier_columns_are_offered_from_the_file_that_the_line_names(string line, string completions)
    {
        _folder.Write("[x].csv", "a\n");
        _folder.Write("y1.csv", "y1,,o'clock,$email\n1,2,3,4\n");
        _folder.Write("y2.csv", "y2\n");
        _folder.Write("export.txt", "{\"id\":1,\"plan\":\"pro\"}\n");
        _folder.Write("export.jsonl", "{\"id\":1,\"plan\":\"pro\"}\n");

        // Where nothing is offered, PowerShell offers the files of the folder.
        var offered = Complete(line.Replace("{0}", _folder.File("") + "/", StringComparison.Ordinal)).Where(c => c.ResultType == CompletionResultType.ParameterValue);
        Assert.Equal(completions, string.Join(' ', offered.Select(c => c.CompletionText)));
    }

    private IReadOnlyList<CompletionResult> Complete(string line)
    {
        var script = "[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches";
        return [.. _session.Run(script, new { line }).Succeeded().Output.Select(c => (CompletionResult)c.BaseObject)];
    }
}
