using System.Collections.Specialized;
using System.Management.Automation;
using System.Numerics;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class GetUserProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly dynamic _server;

    public GetUserProfileTests() => _server = _session.Run("Start-UserProfileServer").Succeeded().Single();

    private long Requests => (long)_server.RequestCount;

    public void Dispose() => _session.Dispose();

    [Fact]
    public void All_profiles_come_page_by_page()
    {
        Fill(2500);
        var before = Requests;
        var result = _session.Run("Get-UserProfile -Verbose").Succeeded();
        Assert.Equal(Enumerable.Range(1, 2500).Select(i => $"user-{i}").Order(), result.Output.Select(p => (string)p.Properties["DistinctId"].Value).Order());
        Assert.Equal(3, Requests - before);
        Assert.Contains(result.Verbose, v => Regex.IsMatch(v, @"^Page 3: .*\b500\b"));
    }

    [Fact]
    public void Named_profiles_come_from_arguments_text_objects_and_profiles()
    {
        Fill(5);
        Assert.Equal(["user-1", "user-3"], Ids("Get-UserProfile -DistinctId user-1, user-3"));
        Assert.Equal(["user-2", "user-4"], Ids("'user-2', 'user-4' | Get-UserProfile"));
        Assert.Equal(["user-5"], Ids("[pscustomobject]@{ distinct_id = 'user-5'; x = 1 } | Get-UserProfile"));
        Assert.Equal(["user-5"], Ids("Get-UserProfile user-5 | Get-UserProfile"));
    }

    [Fact]
    public void Thousands_of_names_take_few_requests()
    {
        Fill(2100);
        var before = Requests;
        Assert.Equal(2100, Ids("1..2100 | ForEach-Object { \"user-$_\" } | Get-UserProfile").Length);
        Assert.InRange(Requests - before, 3, 6);
    }

    [Fact]
    public void A_profile_that_does_not_exist_is_an_error_and_costs_no_other()
    {
        Fill(2);
        var result = _session.Run("Get-UserProfile user-1, nobody, user-2");
        var error = Assert.Single(result.Errors);
        Assert.Equal(("ProfileNotFound,ProfilesModule.Commands.GetUserProfileCommand", "nobody"), (error.FullyQualifiedErrorId, error.TargetObject));
        Assert.Equal(2, result.Output.Count);
    }

    [Fact]
    public void An_object_without_a_distinct_id_is_not_turned_into_one()
    {
        var error = Assert.Single(_session.Run("[pscustomobject]@{ name = 'x' } | Get-UserProfile").Errors);
        Assert.Contains("DistinctId, distinct_id, $distinct_id", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_come_back_as_powershell_values_and_exactly()
    {
        _session.Run("""
            Set-UserProfile -DistinctId v -Property ([ordered]@{
                text = 'a'; whole = 42; big = 9223372036854775807; huge = [bigint]::Parse('12345678901234567890123'); money = 12.30d
                exact = [decimal]::Parse('0.1234567890123456789012345678', [cultureinfo]::InvariantCulture); yes = $true; none = $null; list = 1, 'b', @(2); map = @{ K = @{ k = 1 } } })
            """).Succeeded();
        var profile = Assert.Single(_session.Run("Get-UserProfile v").Succeeded().Output);
        Assert.Equal("a", profile.Properties["text"].Value);
        Assert.Equal(42L, profile.Properties["whole"].Value);
        Assert.Equal(long.MaxValue, profile.Properties["big"].Value);
        Assert.Equal(BigInteger.Parse("12345678901234567890123"), profile.Properties["huge"].Value);
        Assert.Equal(12.30m, profile.Properties["money"].Value);
        Assert.Equal(0.1234567890123456789012345678m, profile.Properties["exact"].Value);
        Assert.Equal(true, profile.Properties["yes"].Value);
        Assert.Null(profile.Properties["none"].Value);
        Assert.Equal(new object[] { 1L, "b", new object[] { 2L } }, profile.Properties["list"].Value);
        Assert.Equal(1L, ((OrderedDictionary)((OrderedDictionary)profile.Properties["map"].Value)["K"]!)["k"]);
        Assert.IsType<DateTime>(profile.Properties["UpdatedAt"].Value);
        Assert.Null(profile.Properties["$last_seen"]);
    }

    [Fact]
    public void Identifier_and_time_are_the_first_members_and_the_dictionary_is_hidden()
    {
        Fill(1);
        var names = _session.Run("(Get-UserProfile user-1).psobject.Properties | ForEach-Object Name").Succeeded().Output.Select(n => n.ToString());
        Assert.Equal(["DistinctId", "UpdatedAt", "v"], names);
    }

    [Fact]
    public void Colliding_names_are_kept_in_the_dictionary_with_one_warning_and_survive_being_piped_back()
    {
        _session.Run("""
            $tricky = [System.Collections.Specialized.OrderedDictionary]::new([StringComparer]::Ordinal)
            $tricky['plan'] = 1; $tricky['Plan'] = 2; $tricky['DistinctId'] = 3; $tricky['ToString'] = 4; $tricky['Properties'] = 5; $tricky['PSObject'] = 6
            $tricky | Set-UserProfile -IdentifierProperty plan
            Set-UserProfile -DistinctId b -Property $tricky
            """).Succeeded();
        var result = _session.Run("$p = Get-UserProfile b; $p").Succeeded();
        Assert.Single(result.Warnings);
        Assert.Equal(1L, result.Value("plan"));
        Assert.Equal("b", result.Value("DistinctId"));
        Assert.Equal("1 2 3 4 5 6", string.Join(' ', _session.Run("$p.Properties.Values").Output));

        var copies = _session.Run("Start-UserProfileServer | Out-Null; $p | Set-UserProfile; (Get-UserProfile b).Properties.Values").Succeeded().Output;
        Assert.Equal("1 2 3 4 5 6", string.Join(' ', copies));
    }

    [Fact]
    public void Names_of_other_profiles_collide_with_none()
    {
        _session.Run("Set-UserProfile a -Property @{ plan = 1 }; Set-UserProfile b -Property @{ Plan = 2 }").Succeeded();
        var result = _session.Run("Get-UserProfile a, b").Succeeded();
        Assert.Empty(result.Warnings);
        Assert.Equal(["plan", "Plan"], result.Output.Select(profile => profile.Properties.Last().Name));
    }

    [Theory]
    [InlineData("-Where 'properties[\"v\"] > 8'", "user-10 user-9")]
    [InlineData("-PropertyEquals @{ v = 3 }", "user-3")]
    [InlineData("-PropertyEquals @{ v = 3; missing = $null }", "user-3")]
    [InlineData("-PropertyEquals @{ v = '3' }", "")]
    [InlineData("-PropertyEquals @{ \"it's `\"odd`\" \\ ü\" = \"a`\"b\\\" }", "odd")]
    [InlineData("-PropertyEquals @{ yes = $true }", "odd")]
    [InlineData("-PropertyEquals @{ v = 3 } -Where 'properties[\"v\"] == 3 or properties[\"v\"] == 4'", "user-3")]
    [InlineData("-CohortId 7", "user-1 user-2")]
    [InlineData("-CohortId 7 -Where 'properties[\"v\"] == 2'", "user-2")]
    public void Filters_are_answered_by_the_service(string filter, string ids)
    {
        _session.Run("Start-UserProfileServer -Cohort @{ 7 = 'properties[\"v\"] < 3' } | Out-Null").Succeeded();
        Fill(10);
        _session.Run("Set-UserProfile odd -Property @{ \"it's `\"odd`\" \\ ü\" = \"a`\"b\\\"; yes = $true }").Succeeded();
        Assert.Equal(ids, string.Join(' ', Ids($"Get-UserProfile {filter}")));
    }

    [Theory]
    [InlineData("Get-UserProfile -Where 'properties[\"v\"] >'", "QueryRejected")]
    [InlineData("Get-UserProfile -PropertyEquals @{ v = @(1) }", "ValueNotComparable")]
    public void A_filter_that_cannot_be_meant_is_refused(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.Run(script).TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Only_the_properties_that_are_asked_for_come()
    {
        _session.Run("Set-UserProfile x -Property @{ a = 1; b = 2; '$email' = 'x@example.com' }").Succeeded();
        var names = _session.Run("(Get-UserProfile x -Property a, '$email').Properties.Keys").Succeeded().Output.Select(n => n.ToString());
        Assert.Equal(["$email", "a"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Paging_parameters_skip_and_take_and_count()
    {
        Fill(2500);
        var before = Requests;
        Assert.Equal(5, _session.Run("Get-UserProfile -First 5").Succeeded().Output.Count);
        Assert.Equal(1, Requests - before);
        var all = _session.Run("Get-UserProfile").Succeeded().Output.Select(p => (string)p.Properties["DistinctId"].Value).ToArray();
        Assert.Equal(all[1198..1203], _session.Run("Get-UserProfile -Skip 1198 -First 5").Succeeded().Output.Select(p => (string)p.Properties["DistinctId"].Value));
        Assert.Equal(2500UL, _session.Run("Get-UserProfile -First 1 -IncludeTotalCount").Succeeded().Output[0].BaseObject);
    }

    [Fact]
    public void Reading_needs_a_service_account_where_the_service_is_not_on_this_machine()
    {
        var result = _session.Run("Connect-UserProfileService -Token $token; Get-UserProfile", new { token = "t" });
        Assert.Equal("QueryNotConfigured,ProfilesModule.Commands.GetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_service_that_cannot_be_reached_is_an_error_with_the_remedy()
    {
        var result = _session.Run("Stop-UserProfileServer; Connect-UserProfileService -Token t -Endpoint $endpoint; Get-UserProfile -MaximumRetryCount 1 -RetryIntervalSec 0 -Verbose", new { endpoint = (Uri)_server.Endpoint });
        Assert.Equal("QueryFailed,ProfilesModule.Commands.GetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, result.TerminatingError.CategoryInfo.Category);
        Assert.Contains(result.Verbose, v => Regex.IsMatch(v, @"^Page 1: .*\b0\.0 s\b"));
    }

    private void Fill(int count) =>
        _session.Run($"1..{count} | ForEach-Object {{ @{{ distinct_id = \"user-$_\"; v = $_ }} }} | Set-UserProfile -BatchSize 2000").Succeeded();

    private string[] Ids(string script) => [.. _session.Run(script).Succeeded().Output.Select(p => (string)p.Properties["DistinctId"].Value).Order()];
}
