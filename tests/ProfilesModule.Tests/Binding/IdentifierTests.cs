using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Binding;

/// <summary>How commands find out which profile is meant.</summary>
public sealed class IdentifierTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public IdentifierTests() => _session.Run("""
        $server = Start-UserProfileServer
        $companies = $server.FindDataGroupId('company')
        'a', 'b' | ForEach-Object { Set-UserProfile $_ -Property @{ n = $_ }; Set-GroupProfile $_ -GroupKey company -Property @{ n = $_ } }
        """).Succeeded();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Set-UserProfile a @{ plan = 'pro' }; (Get-UserProfile a).plan")]
    [InlineData("Set-UserProfile 123 @{ plan = 'pro' }; (Get-UserProfile 123).plan")]
    [InlineData("Set-GroupProfile a @{ plan = 'pro' } -GroupKey company; (Get-GroupProfile a -DataGroupId $companies).plan")]
    public void A_profile_and_its_properties_need_no_names(string script) => Assert.Equal("pro", Assert.Single(_session.Run(script).Succeeded().Output).ToString());

    [Theory]
    [InlineData("$_ | Get-UserProfile -IdentifierProperty user")]
    [InlineData("$_ | Get-GroupProfile -DataGroupId $companies -IdentifierProperty user")]
    public void A_named_property_beats_the_usual_ones_when_reading(string script)
    {
        var result = _session.Run($"[pscustomobject]@{{ DistinctId = 'b'; GroupId = 'b'; user = 'a' }}, @{{ distinct_id = 'b'; user = 'a' }} | ForEach-Object {{ ({script}).n }}").Succeeded();
        Assert.Equal(["a", "a"], result.Output.Select(o => o.ToString()));
    }

    [Theory]
    [InlineData("Remove-UserProfile", "(Get-UserProfile).DistinctId")]
    [InlineData("Remove-GroupProfile -GroupKey company", "(Get-GroupProfile -DataGroupId $companies).GroupId")]
    public void A_named_property_beats_the_usual_ones_when_removing(string command, string left)
    {
        var result = _session.Run($"[pscustomobject]@{{ DistinctId = 'b'; GroupId = 'b'; user = 'a' }} | {command} -IdentifierProperty user -Force; {left}").Succeeded();
        Assert.Equal("b", Assert.Single(result.Output).ToString());
    }

    [Theory]
    [InlineData("@{ DistinctId = 'b'; GroupId = 'b' }", "MissingIdentifier")]
    [InlineData("@{ DistinctId = 'b'; user = '' }", "MissingIdentifier")]
    [InlineData("@{ DistinctId = 'b'; user = 1, 2 }", "InvalidIdentifier")]
    [InlineData("@{ DistinctId = 'b'; user = 1e20 }", "InvalidIdentifier")]
    public void An_object_without_the_named_property_is_an_error_and_the_others_are_taken(string input, string errorId)
    {
        foreach (var command in new[] { "Get-UserProfile", "Remove-UserProfile -Force -PassThru" })
        {
            var result = _session.Run($"{input}, @{{ user = 'a' }} | {command} -IdentifierProperty user");
            Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal("a", Assert.Single(result.Output).ToString());
        }
    }

    [Theory]
    [InlineData("Remove-UserProfile (1e20) -Force")]
    [InlineData("1e20 | Get-UserProfile")]
    [InlineData("$id = 1e20; Set-UserProfile $id -Property @{ a = 1 }")]
    [InlineData("@{ distinct_id = 1e20; a = 1 } | Set-UserProfile")]
    public void A_number_that_may_have_been_another_id_is_refused(string script)
    {
        var before = _session.Run("$server.UpdateCount").Output[0].ToString();
        var result = _session.Run(script);
        var error = Assert.Single(result.Errors.Concat(result.Terminating is null ? [] : [result.TerminatingError]));
        Assert.Contains("1E+20", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, _session.Run("$server.UpdateCount").Output[0].ToString());
    }

    [Fact]
    public void A_connection_that_came_from_another_process_says_why_it_does_not_serve()
    {
        var error = _session.Run("$c = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-UserProfileConnection))); Get-UserProfile -Connection $c").TerminatingError;
        Assert.StartsWith("ParameterArgumentTransformationError,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("MIXPANEL_", error.ToString(), StringComparison.Ordinal);
    }
}
