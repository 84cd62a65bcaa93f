using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>The same id names a user, a company and a team here; a profile of one must not pass for another.</summary>
public sealed class OtherNounTests : IDisposable
{
    private const string Copied = "ForEach-Object { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_)) }";

    private readonly ModuleSession _session = new();

    public OtherNounTests() => _session.Run("""
        $server = Start-UserProfileServer
        Set-UserProfile acme -Property @{ kind = 'user'; group_id = 'acme' }
        Set-GroupProfile acme -GroupKey company -Property @{ kind = 'company'; distinct_id = 'acme' }
        Set-GroupProfile acme -GroupKey team -Property @{ kind = 'team' }
        $companies = $server.FindDataGroupId('company')
        $user = Get-UserProfile acme
        $company = Get-GroupProfile acme -DataGroupId $companies -GroupKey company
        $unknown = Get-GroupProfile acme -DataGroupId $companies
        """).Succeeded();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("$company | Remove-UserProfile -Force")]
    [InlineData("$company | " + Copied + " | Remove-UserProfile -Force")]
    [InlineData("Remove-UserProfile $company -Force")]
    [InlineData("$company | Set-UserProfile")]
    [InlineData("$company | " + Copied + " | Set-UserProfile")]
    [InlineData("$company | Set-UserProfile -Property @{ kind = 'other' }")]
    [InlineData("$company | Get-UserProfile")]
    [InlineData("$user | Remove-GroupProfile -GroupKey company -Force")]
    [InlineData("$user | " + Copied + " | Remove-GroupProfile -GroupKey company -Force")]
    [InlineData("$user | Set-GroupProfile -GroupKey company")]
    [InlineData("$user | " + Copied + " | Set-GroupProfile -GroupKey company")]
    [InlineData("$user | Set-GroupProfile -GroupKey company -Property @{ kind = 'other' }")]
    [InlineData("$company | Remove-GroupProfile -GroupKey team -Force")]
    [InlineData("Remove-GroupProfile $company -GroupKey team -Force")]
    [InlineData("$company | " + Copied + " | Remove-GroupProfile -GroupKey team -Force")]
    [InlineData("@{ GroupId = 'acme'; GroupKey = 'company' } | Remove-GroupProfile -GroupKey team -Force")]
    [InlineData("[pscustomobject]@{ GroupId = 'acme'; GroupKey = 'company' } | Remove-GroupProfile -GroupKey team -Force")]
    [InlineData("$company | Set-GroupProfile -GroupKey team")]
    [InlineData("$company | " + Copied + " | Set-GroupProfile -GroupKey team")]
    [InlineData("[pscustomobject]@{ GroupId = 'acme'; GroupKey = 'company'; kind = 'other' } | Set-GroupProfile -GroupKey team")]
    [InlineData("@{ GroupId = 'acme'; GroupKey = 'company'; kind = 'other' } | Set-GroupProfile -GroupKey team")]
    [InlineData("$company | Set-GroupProfile -GroupKey team -Property @{ kind = 'other' }")]
    public void A_profile_of_another_kind_is_an_error_and_nothing_is_sent(string script)
    {
        var updates = Updates();
        var result = _session.Run(script);
        Assert.Equal(1, result.Errors.Count + (result.Terminating is null ? 0 : 1));
        Assert.Empty(result.Output);
        Assert.Equal(0, Updates() - updates);
    }

    [Theory]
    [InlineData("$company | Remove-GroupProfile -GroupKey company -Force")]
    [InlineData("$unknown | Remove-GroupProfile -GroupKey company -Force")]
    [InlineData("$company | Set-GroupProfile -GroupKey company")]
    [InlineData("$unknown | Set-GroupProfile -GroupKey company")]
    [InlineData("$user | Set-GroupProfile -GroupKey company -IdentifierProperty group_id")]
    [InlineData("$company | Set-UserProfile -IdentifierProperty distinct_id")]
    public void One_of_the_kind_or_named_by_a_property_is_taken(string script)
    {
        var updates = Updates();
        _session.Run(script).Succeeded();
        Assert.Equal(1, Updates() - updates);
    }

    [Fact]
    public void The_others_are_taken_and_the_error_names_both_keys()
    {
        var result = _session.Run("$company, 'beta' | Remove-GroupProfile -GroupKey team -Force -PassThru");
        Assert.Equal("beta", Assert.Single(result.Output).ToString());
        var error = Assert.Single(result.Errors);
        Assert.Equal("ProfileOfOtherKind,ProfilesModule.Commands.RemoveGroupProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains("'company'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("'team'", error.ToString(), StringComparison.Ordinal);
    }

    private long Updates() => (long)_session.Run("$server.UpdateCount").Succeeded().Output[0].BaseObject;
}
