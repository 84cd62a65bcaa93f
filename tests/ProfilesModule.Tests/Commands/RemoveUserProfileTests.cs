using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class RemoveUserProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public RemoveUserProfileTests() =>
        _session.Run("Start-UserProfileServer | Out-Null; 1..5 | ForEach-Object { @{ distinct_id = \"u$_\" } } | Set-UserProfile").Succeeded();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Remove-UserProfile u2, u3 -Force")]
    [InlineData("Remove-UserProfile -DistinctId u2, u3 -Confirm:$false")]
    [InlineData("'u2', 'u3' | Remove-UserProfile -Force")]
    [InlineData("Get-UserProfile u2, u3 | Remove-UserProfile -Force")]
    [InlineData("@{ distinct_id = 'u2' }, [pscustomobject]@{ '$distinct_id' = 'u3' } | Remove-UserProfile -Force")]
    [InlineData("Remove-UserProfile u2, u3, never-existed -Force")]
    public void Profiles_are_removed_by_name_and_from_the_pipeline(string script)
    {
        Assert.Empty(_session.Run(script).Succeeded().Output);
        Assert.Equal("u1 u4 u5", Remaining());
    }

    [Fact]
    public void Passthru_writes_what_was_removed() =>
        Assert.Equal(["u1", "u2"], _session.Run("Remove-UserProfile u1, u2 -Force -PassThru").Succeeded().Output.Select(o => o.ToString()));

    [Fact]
    public void It_asks_first()
    {
        // This host cannot ask, and a removal that nobody confirmed must not happen.
        var result = _session.Run("Remove-UserProfile u1");
        Assert.NotNull(result.Terminating);
        Assert.Equal("u1 u2 u3 u4 u5", Remaining());
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-WhatIf -Force")]
    public void WhatIf_removes_nothing_even_with_force(string parameters)
    {
        _session.Run($"Get-UserProfile | Remove-UserProfile {parameters}").Succeeded();
        Assert.Equal("u1 u2 u3 u4 u5", Remaining());
    }

    [Fact]
    public void An_object_without_a_distinct_id_removes_nothing()
    {
        var error = Assert.Single(_session.Run("[pscustomobject]@{ name = 'u1' } | Remove-UserProfile -Force").Errors);
        Assert.Contains("distinct id", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("u1 u2 u3 u4 u5", Remaining());
    }

    [Fact]
    public void A_literal_distinct_id_says_so_to_the_service()
    {
        using var service = new RecordingService();
        _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint; Remove-UserProfile a -IgnoreAlias -Force; Remove-UserProfile b -Force", new { endpoint = service.Endpoint }).Succeeded();
        Assert.Contains("\"$ignore_alias\":true,\"$delete\"", service.Bodies.First(), StringComparison.Ordinal);
        Assert.DoesNotContain("$ignore_alias", service.Bodies.Last(), StringComparison.Ordinal);
    }

    private string Remaining() => string.Join(' ', _session.Run("Get-UserProfile").Succeeded().Output.Select(p => (string)p.Properties["DistinctId"].Value).Order());
}
