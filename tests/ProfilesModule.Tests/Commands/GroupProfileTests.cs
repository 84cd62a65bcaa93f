using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class GroupProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public GroupProfileTests() => _session.Run("$server = Start-UserProfileServer; $id = $server.FindDataGroupId('company')").Succeeded();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Groups_are_set_read_and_removed_apart_from_users_and_other_groups()
    {
        _session.Run("""
            [pscustomobject]@{ company_id = 'acme'; plan = 'pro' }, [pscustomobject]@{ company_id = 'init'; plan = 'free' } | Set-GroupProfile -GroupKey company -IdentifierProperty company_id
            Set-GroupProfile acme -GroupKey company -Property @{ seats = 5 } -PropertyOnce @{ plan = 'never' } -Union @{ regions = 'EU', 'US' } -RemoveValue @{ regions = 'US' }
            Set-GroupProfile acme -GroupKey team -Property @{ other = 1 }
            Set-UserProfile acme -Property @{ user = 1 }
            """).Succeeded();
        var acme = _session.Run("Get-GroupProfile acme -DataGroupId $id -GroupKey company").Succeeded();
        Assert.Equal(("acme", "company", "pro", 5L, "EU"), (acme.Value("GroupId"), acme.Value("GroupKey"), acme.Value("plan"), acme.Value("seats"), string.Join(' ', (IEnumerable<object?>)acme.Value("regions")!)));
        Assert.Equal("ProfilesModule.GroupProfile", acme.Output[0].TypeNames[0]);
        Assert.Equal("init", _session.Run("Get-GroupProfile -DataGroupId $id -PropertyEquals @{ plan = 'free' }").Succeeded().Value("GroupId"));
        Assert.Equal("1", _session.Run("(Get-UserProfile acme).user").Succeeded().Output[0].ToString());

        _session.Run("Get-GroupProfile acme -DataGroupId $id | Remove-GroupProfile -GroupKey company -Force").Succeeded();
        Assert.Equal("init", _session.Run("Get-GroupProfile -DataGroupId $id").Succeeded().Value("GroupId"));
        Assert.Single(_session.Run("Get-UserProfile acme").Succeeded().Output);
    }

    [Fact]
    public void A_group_that_is_piped_back_keeps_its_identity_and_its_edits()
    {
        _session.Run("""
            Set-GroupProfile acme -GroupKey company -Property ([ordered]@{ plan = 'pro'; seats = 5 })
            $p = Get-GroupProfile acme -DataGroupId $id
            $p.plan = 'team'
            $p | Set-GroupProfile -GroupKey company
            """).Succeeded();
        var acme = _session.Run("Get-GroupProfile -DataGroupId $id").Succeeded();
        Assert.Equal(("acme", "team", 5L), (acme.Value("GroupId"), acme.Value("plan"), acme.Value("seats")));
        Assert.Equal("GroupId GroupKey UpdatedAt plan seats", string.Join(' ', acme.Output[0].Properties.Select(p => p.Name)));
    }

    [Theory]
    [InlineData("Set-GroupProfile acme -GroupKey company -Increment @{ seats = 1 }", "$add")]
    [InlineData("Set-GroupProfile acme -GroupKey company -Property @{ a = 1 } -Append @{ log = 'x' }", "$append")]
    [InlineData("@{ group_id = 'acme'; seats = 1 } | Set-GroupProfile -GroupKey company -Operation Add", "$add")]
    [InlineData("@{ group_id = 'acme'; seats = 1 } | Set-GroupProfile -GroupKey company -Operation Append", "$append")]
    public void What_groups_do_not_know_is_refused_before_sending_with_the_reason(string script, string operation)
    {
        var error = _session.Run(script).TerminatingError;
        Assert.Equal("OperationNotForGroups,ProfilesModule.Commands.SetGroupProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains(operation, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0L, _session.Run("$server").Value("RequestCount"));
    }

    [Fact]
    public void A_data_group_id_is_text_of_any_sign_and_nineteen_digits()
    {
        _session.Run("Start-UserProfileServer -GroupType @{ company = '-9007199254740993123' } | Out-Null; Set-GroupProfile acme -GroupKey company -Property @{ a = 1 }; Set-GroupProfile x -GroupKey unknown -Property @{ a = 1 }").Succeeded();
        Assert.Equal("acme", _session.Run("Get-GroupProfile -DataGroupId '-9007199254740993123'").Succeeded().Value("GroupId"));
        Assert.StartsWith("ParameterArgumentValidationError", _session.Run("Get-GroupProfile -DataGroupId company").TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_group_is_an_error_that_names_it()
    {
        var error = Assert.Single(_session.Run("Get-GroupProfile nobody -DataGroupId $id").Errors);
        Assert.StartsWith("ProfileNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("nobody", error.TargetObject);
        Assert.Matches("group.*'nobody'", error.ToString());
    }
}
