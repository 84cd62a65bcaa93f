using System.Runtime.Versioning;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class ServerTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_server_connects_the_session_to_itself_unless_told_not_to()
    {
        var first = _session.Run("Start-UserProfileServer").Succeeded().Value("Endpoint");
        Assert.Equal(first, _session.Run("Get-UserProfileConnection").Value("Endpoint"));
        _session.Run("Start-UserProfileServer -SkipConnect").Succeeded();
        Assert.Equal(first, _session.Run("Get-UserProfileConnection").Value("Endpoint"));
        Assert.Equal(2, _session.Run("Get-UserProfileServer").Output.Count);
    }

    [Fact]
    public void Profiles_in_a_file_outlive_the_server()
    {
        var path = _folder.File("dev.db");
        _session.Run("Start-UserProfileServer $path | Out-Null; Set-UserProfile -DistinctId x -Property @{ a = 1 }; Stop-UserProfileServer", new { path }).Succeeded();
        Assert.Equal(1L, _session.Run("Start-UserProfileServer -Path $path | Out-Null; Get-UserProfile", new { path }).Succeeded().Value("a"));
    }

    [Fact]
    public async Task A_stopped_server_is_gone_and_so_is_the_connection_to_it()
    {
        var endpoint = (Uri)_session.Run("Start-UserProfileServer").Succeeded().Value("Endpoint")!;
        Assert.Empty(_session.Run("Get-UserProfileServer | Stop-UserProfileServer; Get-UserProfileServer; Get-UserProfileConnection").Succeeded().Output);
        await RefusesConnections(endpoint);
    }

    [Fact]
    public void A_stopped_server_gives_the_connection_back_that_it_replaced()
    {
        var result = _session.Run("""
            $mine = Connect-UserProfileService -Token t -Region EU -PassThru
            $first = Start-UserProfileServer
            $second = Start-UserProfileServer
            $first | Stop-UserProfileServer
            (Get-UserProfileConnection).Endpoint -eq $second.Endpoint
            $second | Stop-UserProfileServer
            [object]::ReferenceEquals($mine, (Get-UserProfileConnection))
            """).Succeeded();
        Assert.Equal([true, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public async Task Removing_the_module_stops_its_servers()
    {
        var endpoint = (Uri)_session.Run("Start-UserProfileServer").Succeeded().Value("Endpoint")!;
        _session.Run("Remove-Module ProfilesModule").Succeeded();
        await RefusesConnections(endpoint);
    }

    [Fact]
    public async Task Closing_the_session_stops_its_servers()
    {
        Uri endpoint;
        using (var other = new ModuleSession())
            endpoint = (Uri)other.Run("Start-UserProfileServer").Succeeded().Value("Endpoint")!;
        await RefusesConnections(endpoint);
    }

    [Fact]
    public void A_port_that_is_taken_or_a_file_that_is_no_database_is_an_error()
    {
        var endpoint = (Uri)_session.Run("Start-UserProfileServer").Succeeded().Value("Endpoint")!;
        var taken = _session.Run("Start-UserProfileServer -Port $port", new { port = endpoint.Port }).TerminatingError;
        Assert.Equal("ServerNotStarted,ProfilesModule.Commands.StartUserProfileServerCommand", taken.FullyQualifiedErrorId);
        Assert.StartsWith("NotAFile,", _session.Run("Start-UserProfileServer Env:/x").TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        var path = _folder.Write("text.db", "This is no database, but it is long enough to be taken for one at first sight. " + new string('x', 4096));
        var other = _session.Run("Start-UserProfileServer $path", new { path }).TerminatingError;
        Assert.Equal("ServerNotStarted,ProfilesModule.Commands.StartUserProfileServerCommand", other.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_second_server_on_the_same_file_is_refused_and_the_first_goes_on()
    {
        var path = _folder.File("dev.db");
        var refused = _session.Run("Start-UserProfileServer $path | Out-Null; Start-UserProfileServer $path", new { path }).TerminatingError;
        Assert.StartsWith("ServerNotStarted,", refused.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(" in use", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(path, refused.TargetObject);
        Assert.Equal("x", _session.Run("Set-UserProfile x -Property @{ a = 1 }; Get-UserProfile").Succeeded().Value("DistinctId"));
    }

    [Fact]
    public void A_server_with_a_token_answers_others_alike_and_stores_nothing_as_the_real_one()
    {
        var result = _session.Run("""
            $server = Start-UserProfileServer -Token $right
            Set-UserProfile -DistinctId mine -Property @{ a = 1 }
            Connect-UserProfileService -Token $wrong -Endpoint $server.Endpoint
            Set-UserProfile -DistinctId lost -Property @{ a = 1 }
            Get-UserProfile
            """, new { right = "right", wrong = "wrong" }).Succeeded();
        Assert.Equal("mine", result.Value("DistinctId"));
    }

    [Theory]
    [InlineData("@{ Kind = 'Delay'; Delay = 3 }")]
    [InlineData("@{ Kind = 'Delay'; Delay = 3.0d }")]
    [InlineData("@{ Kind = 'Delay'; Delay = '3' }")]
    [InlineData("@{ Kind = 'Delay'; delay = '00:00:03' }")]
    [InlineData("([ordered]@{ Kind = 'Delay'; Delay = [timespan]::FromSeconds(3) })")]
    [InlineData("([pscustomobject]@{ Kind = 'Delay'; Delay = 3 })")]
    public void Numbers_of_a_fault_are_seconds(string fault)
    {
        _session.Run($"$null = Start-UserProfileServer -Fault {fault}, @{{ RetryAfter = 2; First = 1 }}").Succeeded();
        using var shell = _session.Start("$watch = [Diagnostics.Stopwatch]::StartNew(); Set-UserProfile x -Property @{ a = 1 }; $watch.Elapsed.TotalSeconds");
        Assert.InRange((double)Assert.Single(shell.Invoke()).BaseObject, 2.9, 60);
    }

    [Theory]
    [InlineData("@{ Kind = 'Delay'; Delay = 1e300 }")]
    [InlineData("@{ Kind = 'Delay'; Delay = 'soon' }")]
    public void A_fault_whose_time_is_none_starts_nothing(string fault)
    {
        Assert.NotNull(_session.Run($"Start-UserProfileServer -Fault {fault}").Terminating);
        Assert.Empty(_session.Run("Get-UserProfileServer").Output);
    }

    [Theory]
    [InlineData("Stop-UserProfileServer $first")]
    [InlineData("Stop-UserProfileServer $first, $second")]
    [InlineData("Stop-UserProfileServer (Get-UserProfileServer)")]
    [InlineData("Stop-UserProfileServer $first.Endpoint")]
    [InlineData("Stop-UserProfileServer \"127.0.0.1:$($first.Endpoint.Port)\"")]
    public void Servers_are_named_by_themselves_or_their_addresses(string script)
    {
        var result = _session.Run($"$first = Start-UserProfileServer; $second = Start-UserProfileServer; {script}; $first.IsRunning").Succeeded();
        Assert.Equal(false, Assert.Single(result.Output).BaseObject);
    }

    [Fact]
    public void A_connection_has_one_endpoint()
    {
        var error = _session.Run("$null = Start-UserProfileServer; $null = Start-UserProfileServer; Connect-UserProfileService -Token t -Endpoint (Get-UserProfileServer)").TerminatingError;
        Assert.Matches(@"\b2\b.*http://127\.0\.0\.1:\d+.*http://127\.0\.0\.1:\d+", error.ToString());
    }

    [Theory]
    [InlineData("@{ Kind = 'Status'; First = 1; Status = 429 }", 2)]
    [InlineData("@{ Kind = 'Status'; First = 2; Status = 503 }", 3)]
    [InlineData("@{ Kind = 'StatusZero'; First = 1 }", 5)]
    [InlineData("@{ Kind = 'ResetBefore'; First = 1 }", 2)]
    [InlineData("@{ Kind = 'ResetAfter'; First = 1 }", 2)]
    [InlineData("@{ Kind = 'TruncatedReply'; First = 1 }, @{ Kind = 'HtmlReply'; First = 2 }", 3)]
    public void Faults_on_demand_prove_that_nothing_is_lost(string faults, long requests)
    {
        var path = _folder.Write("a.csv", "distinct_id,v\n1,a\n2,b\n3,c\n");
        var result = _session.Run($"Start-UserProfileServer -Fault {faults} | Out-Null; Import-UserProfileCsv $path -RetryIntervalSec 0", new { path }).Succeeded();
        Assert.Equal((3L, 0), (result.Value("Accepted"), result.Value("ExitCode")));
        Assert.Equal(3, _session.Run("Get-UserProfile").Succeeded().Output.Count);
        Assert.InRange((long)result.Value("Requests")!, 2, requests);
    }

    [Fact]
    public void Every_operation_comes_back_as_it_was_meant()
    {
        _session.Run("""
            Start-UserProfileServer -Alias @{ nick = 'x' } | Out-Null
            Set-UserProfile x -Property @{ plan = 'free'; old = 1; roles = 'guest', 'user'; log = @() }
            Set-UserProfile nick -Property @{ plan = 'pro' } -PropertyOnce @{ plan = 'never'; first = 1 } -Increment @{ logins = 2 } -Append @{ log = 'a' } -Union @{ roles = 'user', 'admin' } -RemoveValue @{ roles = 'guest' } -Unset old
            Set-UserProfile x -Increment @{ logins = -0.5d }
            """).Succeeded();
        var profile = _session.Run("Get-UserProfile").Succeeded();
        Assert.Equal(("x", "pro", 1L, 1.5m), (profile.Value("DistinctId"), profile.Value("plan"), profile.Value("first"), profile.Value("logins")));
        Assert.Equal("user admin|a", $"{string.Join(' ', (IEnumerable<object?>)profile.Value("roles")!)}|{string.Join(' ', (IEnumerable<object?>)profile.Value("log")!)}");
        Assert.Null(profile.Output[0].Properties["old"]);
    }

    [Theory]
    [InlineData("-Cohort @{ x = 'true' }")]
    [InlineData("-Cohort @{ 1 = 'properties[' }")]
    [InlineData("-Fault @{ Kind = 'Status'; Every = 1; First = 1 }")]
    public void Options_that_cannot_be_meant_are_refused(string options) =>
        Assert.StartsWith("InvalidServerOption,", _session.Run($"Start-UserProfileServer {options}").TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public async Task A_page_from_elsewhere_in_a_browser_cannot_write()
    {
        var endpoint = (Uri)_session.Run("Start-UserProfileServer").Succeeded().Value("Endpoint")!;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "engage")) { Content = new StringContent("[{\"$token\":\"t\",\"$distinct_id\":\"x\",\"$set\":{}}]") };
        request.Headers.Add("Origin", "http://evil.example");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await http.SendAsync(request)).StatusCode);
        Assert.Equal(0L, _session.Run("Get-UserProfileServer").Value("ProfileCount"));
    }

    [UnixTheory]
    [InlineData("ln -s $path $other", " in use")]
    [InlineData("ln $path $other", "hard link")]
    public void One_database_has_one_server_whatever_its_name(string link, string message)
    {
        var names = new { path = _folder.File("a.db"), other = _folder.File("b.db") };
        _session.Run("$null = Start-UserProfileServer $path; Set-UserProfile a -Property @{ n = 1 }", names).Succeeded();
        _session.Run(link, names).Succeeded();
        Assert.Contains(message, _session.Run("Start-UserProfileServer $other -SkipConnect", names).TerminatingError.ToString(), StringComparison.Ordinal);
        Assert.Equal(1L, _session.Run("Get-UserProfile a").Succeeded().Value("n"));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void A_database_and_what_lies_beside_it_are_for_their_owner_only()
    {
        var path = _folder.File("a.db");
        _session.Run("$null = Start-UserProfileServer $path; Set-UserProfile a -Property @{ n = 1 }", new { path }).Succeeded();
        Assert.All(["", "-wal", "-shm", "-lock"], end => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path + end)));
    }

    [Fact]
    public void A_union_of_many_numbers_stays_a_union()
    {
        var result = _session.Run("""
            $null = Start-UserProfileServer
            Set-UserProfile a -Union @{ n = 0..19999 } -WarningAction Ignore
            Set-UserProfile a -Union @{ n = 10000..20009 } -WarningAction Ignore
            (Get-UserProfile a).n.Count
            """).Succeeded();
        Assert.Equal("20010", result.Output[^1].ToString());
    }

    [Fact]
    public void WhatIf_starts_and_stops_nothing()
    {
        Assert.Empty(_session.Run("Start-UserProfileServer -WhatIf; Get-UserProfileServer").Succeeded().Output);
        Assert.Single(_session.Run("Start-UserProfileServer | Out-Null; Stop-UserProfileServer -WhatIf; Get-UserProfileServer").Succeeded().Output);
    }

    private static async Task RefusesConnections(Uri endpoint)
    {
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(endpoint));
    }
}
