using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>Rows that a command has read are sent when something else ends the pipeline.</summary>
public sealed class EndedPipelineTests : ConnectedTests
{
    [Theory]
    [InlineData("Set-UserProfile")]
    [InlineData("Set-UserProfile -BatchSize 2")]
    [InlineData("ForEach-Object { $_.DistinctId } | Remove-UserProfile -Force")]
    public void An_error_of_the_source_costs_no_row_before_it(string command)
    {
        var result = Session.Run($"try {{ 1..350 | ForEach-Object {{ if ($_ -eq 350) {{ throw 'the source broke' }}; [pscustomobject]@{{ DistinctId = \"u$_\"; n = $_ }} }} | {command} }} catch {{ \"$_\" }}");
        Assert.Equal("the source broke", Assert.Single(result.Output).ToString());
        Assert.Equal(349, Service.Applied.Count);
        Assert.All(Service.Applied.Values, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData("1..10 | ForEach-Object { [pscustomobject]@{ DistinctId = if ($_ -eq 5) { '' } else { \"v$_\" }; n = $_ } } | Set-UserProfile -ErrorAction Stop", 4)]
    [InlineData("1..10 | ForEach-Object { [pscustomobject]@{ id = if ($_ -eq 5) { '' } else { \"v$_\" } } } | Remove-UserProfile -IdentifierProperty id -Force -ErrorAction Stop", 4)]
    public void An_error_that_stops_costs_no_row_before_it(string line, int sent)
    {
        var result = Session.Run($"try {{ {line} }} catch {{ 'caught' }}");
        Assert.Equal("caught", Assert.Single(result.Output).ToString());
        Assert.Equal(sent, Service.Applied.Count);
    }

    [Fact]
    public void A_command_behind_that_has_enough_costs_no_row_that_was_read()
    {
        Session.Run("1..10 | ForEach-Object { [pscustomobject]@{ DistinctId = \"u$_\"; n = $_ } } | Set-UserProfile -BatchSize 2 -PassThru | Select-Object -First 1").Succeeded();
        var read = Service.Applied.Count;
        Assert.InRange(read, 2, 10);
        Assert.Equal(Enumerable.Range(1, read).Select(i => $"u{i}"), Service.Applied.Keys.OrderBy(id => int.Parse(id[1..])));
    }

    [Fact]
    public void A_service_that_does_not_answer_does_not_hold_the_pipeline()
    {
        Service.Answer = async (_, _) =>
        {
            await Task.Delay(Timeout.Infinite);
            return null;
        };
        var started = TimeProvider.System.GetTimestamp();
        Session.Run("try { & { [pscustomobject]@{ DistinctId = 'x'; n = 1 }; throw 'the source broke' } | Set-UserProfile } catch { }");
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void An_import_to_which_no_file_came_has_failed()
    {
        var result = Session.Run("@() | Import-UserProfileCsv");
        Assert.StartsWith("PathNotFound", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(result.Output).Properties["ExitCode"].Value);
    }

    [Theory]
    [InlineData("Get-Item $file | Select-Object FullName | Import-UserProfileCsv")]
    [InlineData("Get-Item $file | Import-UserProfileCsv")]
    [InlineData("[pscustomobject]@{ Path = $file } | Import-UserProfileCsv")]
    [InlineData("Get-ChildItem $folder | Select-Object Name, FullName | Import-UserProfileCsv")]
    public void A_file_is_bound_by_the_names_that_commands_give_it(string line)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("users[1].csv", "DistinctId,plan\nx,pro\n");
        line = line.Replace("Get-Item $file", "Get-Item -LiteralPath $file", StringComparison.Ordinal).Replace("Path = $file", "LiteralPath = $file", StringComparison.Ordinal);
        var result = Session.Run(line, new { file, folder = folder.File("") }).Succeeded();
        Assert.Equal(1L, result.Value("Accepted"));
    }
}
