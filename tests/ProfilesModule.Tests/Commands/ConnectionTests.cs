using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>These change the environment of the process, which other tests read: they run alone.</summary>
[CollectionDefinition(nameof(SharedEnvironment), DisableParallelization = true)]
public sealed class SharedEnvironment;

[Collection(nameof(SharedEnvironment))]
public sealed class ConnectionTests : IDisposable
{
    private static readonly string[] Variables = ["MIXPANEL_TOKEN", "MIXPANEL_PROJECT_ID", "MIXPANEL_REGION", "MIXPANEL_ENDPOINT", "MIXPANEL_SERVICE_ACCOUNT", "MIXPANEL_SECRET"];

    private readonly ModuleSession _session = new();

    public ConnectionTests() => Clear();

    public void Dispose()
    {
        Clear();
        _session.Dispose();
    }

    [Theory]
    [InlineData("Set-UserProfile -DistinctId x -Property @{ a = 1 }", "SetUserProfileCommand")]
    [InlineData("Get-UserProfile", "GetUserProfileCommand")]
    [InlineData("Remove-UserProfile x -Force", "RemoveUserProfileCommand")]
    public void Without_a_connection_a_command_ends_and_says_what_to_do(string script, string command)
    {
        var error = _session.Run(script).TerminatingError;
        Assert.Equal($"NotConnected,ProfilesModule.Commands.{command}", error.FullyQualifiedErrorId);
        Assert.Contains("Connect-UserProfileService", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start-UserProfileServer | Out-Null; Stop-UserProfileServer")]
    [InlineData("Start-UserProfileServer | Out-Null; Connect-UserProfileService -Token t -Endpoint (Get-UserProfileServer); Stop-UserProfileServer")]
    [InlineData("Connect-UserProfileService -Token t; Disconnect-UserProfileService")]
    [InlineData("Disconnect-UserProfileService")]
    public void The_variables_are_no_connection_for_a_session_that_was_disconnected_until_it_is_connected_again(string script)
    {
        using var service = new RecordingService();
        Set("MIXPANEL_TOKEN", "t");
        Set("MIXPANEL_ENDPOINT", service.Endpoint.ToString());
        _session.Run("Set-UserProfile before -Property @{ a = 1 }").Succeeded();
        var error = _session.Run($"{script}; Remove-UserProfile x -Force").TerminatingError;
        Assert.Equal("NotConnected,ProfilesModule.Commands.RemoveUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains("MIXPANEL_", error.ToString(), StringComparison.Ordinal);
        Assert.Single(service.Bodies);
        _session.Run("Connect-UserProfileService; Set-UserProfile after -Property @{ a = 1 }").Succeeded();
        Assert.Equal(2, service.Bodies.Count);
    }

    [Theory]
    [InlineData("", "US", "https://api.mixpanel.com/", "https://mixpanel.com/")]
    [InlineData("-Region US", "US", "https://api.mixpanel.com/", "https://mixpanel.com/")]
    [InlineData("-Region eu", "EU", "https://api-eu.mixpanel.com/", "https://eu.mixpanel.com/")]
    [InlineData("-Region IN", "IN", "https://api-in.mixpanel.com/", "https://in.mixpanel.com/")]
    [InlineData("-Endpoint https://proxy.example.com/mixpanel", "", "https://proxy.example.com/mixpanel/", "https://proxy.example.com/mixpanel/")]
    public void A_region_or_an_endpoint_says_where_the_service_is(string parameters, string region, string endpoint, string query)
    {
        var result = _session.Run($"Connect-UserProfileService -Token $token {parameters} -PassThru", new { token = "t" }).Succeeded();
        Assert.Equal((region, endpoint, query), (result.Value("Region")?.ToString() ?? "", result.Value("Endpoint")!.ToString(), result.Value("QueryEndpoint")!.ToString()));
    }

    [Theory]
    [InlineData("http://example.com", "https")]
    [InlineData("http://127.0.0.1.example.com", "https")]
    [InlineData("ftp://127.0.0.1", "http")]
    [InlineData("/relative", "http")]
    [InlineData("https://user:secret@example.com", "-ServiceAccount")]
    [InlineData("nowhere", "https://")]
    [InlineData("mailto:somebody@example.com", "-ServiceAccount")]
    [InlineData("https://user:secret@api-eu.mixpanel.com", "-ServiceAccount")]
    [InlineData("http://api.mixpanel.com", "https")]
    [InlineData("https://example.com/?token=1", "path")]
    [InlineData("https://api.mixpanel.com:8443", "port")]
    [InlineData("https://api-eu.mixpanel.com/v2", "path")]
    public void An_endpoint_that_would_give_secrets_away_is_refused(string endpoint, string remedy)
    {
        var error = _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint }).TerminatingError;
        Assert.Equal("InvalidConnection,ProfilesModule.Commands.ConnectUserProfileServiceCommand", error.FullyQualifiedErrorId);
        Assert.Contains(remedy, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Token t -Endpoint http://127.0.0.1:1 -Proxy http://proxy.example:8080", "-Proxy")]
    [InlineData("-Token (\"t\" + [char]0xd800)", "surrogate pair")]
    [InlineData("-Token t -ProjectId (\"1\" + [char]0xdc00)", "surrogate pair")]
    public void What_would_not_arrive_as_it_is_or_in_clear_is_refused(string parameters, string remedy)
    {
        var error = _session.Run($"Connect-UserProfileService {parameters}").TerminatingError;
        Assert.Equal("InvalidConnection,ProfilesModule.Commands.ConnectUserProfileServiceCommand", error.FullyQualifiedErrorId);
        Assert.Contains(remedy, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-UserProfile -Where $half")]
    [InlineData("Get-UserProfile $half")]
    [InlineData("Get-UserProfile -Property $half")]
    [InlineData("Export-UserProfileCsv x.csv -Where $half")]
    [InlineData("Remove-UserProfile -PropertyEquals @{ $half = 1 } -Force")]
    [InlineData("Remove-UserProfile -PropertyEquals @{ a = $half } -Force")]
    [InlineData("Remove-UserProfile -Where $half -Force")]
    [InlineData("Set-GroupProfile -GroupKey $half -GroupId 1 -Property @{ a = 1 }")]
    [InlineData("Remove-GroupProfile -GroupKey $half -GroupId 1 -Force")]
    [InlineData("Import-GroupProfileCsv x.csv -GroupKey $half")]
    [InlineData("Import-UserProfileCsv x.csv -PropertyMap @{ a = $half }")]
    [InlineData("Import-UserProfileJson x.ndjson -PropertyMap @{ $half = 'a' }")]
    public void Half_a_surrogate_pair_in_an_argument_is_refused(string script) =>
        Assert.Contains("surrogate pair", _session.Run("$half = 'a' + [char]0xd800; " + script).TerminatingError.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("eu", "EU")]
    [InlineData("Us", "US")]
    [InlineData(" in ", "IN")]
    [InlineData("Europe", "EU")]
    [InlineData("european-union", "EU")]
    [InlineData("India", "IN")]
    [InlineData("usa", "US")]
    [InlineData("United_States", "US")]
    [InlineData("mixpanel.com", "US")]
    [InlineData("eu.mixpanel.com", "EU")]
    [InlineData("API-IN.mixpanel.com", "IN")]
    [InlineData("https://api-eu.mixpanel.com", "EU")]
    [InlineData("https://in.mixpanel.com/project/1/view/2/app/users", "IN")]
    public void A_region_is_known_by_its_names_and_hosts_as_parameter_and_variable(string name, string region)
    {
        Assert.Equal(region, _session.Run("Connect-UserProfileService -Token $token -Region $name -PassThru", new { token = "t", name }).Succeeded().Value("Region")!.ToString());
        Set("MIXPANEL_REGION", name);
        Assert.Equal(region, _session.Run("Connect-UserProfileService -Token $token -PassThru").Succeeded().Value("Region")!.ToString());
    }

    [Theory]
    [InlineData("mars")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("eu.mixpanel.com.example.com")]
    [InlineData("https://example.com/eu.mixpanel.com")]
    public void What_is_no_region_is_refused_with_those_there_are(string name)
    {
        var error = _session.Run("Connect-UserProfileService -Token $token -Region $name", new { token = "t", name }).TerminatingError;
        Assert.StartsWith("ParameterArgumentTransformationError,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches(@"\bUS\b.*\bEU\b.*\bIN\b", error.ToString());
    }

    [Theory]
    [InlineData("", "EU IN US")]
    [InlineData("e", "EU")]
    [InlineData("ind", "IN")]
    [InlineData("unit", "US")]
    [InlineData("x", "")]
    public void Regions_are_completed_and_explained(string typed, string completions)
    {
        var line = $"Connect-UserProfileService -Region {typed}";
        var matches = _session.Run("[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches", new { line }).Succeeded().Output
            .Select(m => (System.Management.Automation.CompletionResult)m.BaseObject).Where(m => m.ResultType == System.Management.Automation.CompletionResultType.ParameterValue).ToArray();
        Assert.Equal(completions, string.Join(' ', matches.Select(m => m.CompletionText).Order()));
        Assert.All(matches, m => Assert.Contains("mixpanel.com", m.ToolTip, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("localhost:5000", "http://localhost:5000/")]
    [InlineData("localhost", "http://localhost/")]
    [InlineData("[::1]:5000/base", "http://[::1]:5000/base/")]
    [InlineData("proxy.example.com", "https://proxy.example.com/")]
    [InlineData("proxy.example.com:8443/mixpanel", "https://proxy.example.com:8443/mixpanel/")]
    public void An_endpoint_needs_no_scheme(string text, string endpoint)
    {
        Assert.Equal(endpoint, _session.Run("Connect-UserProfileService -Token $token -Endpoint $text -PassThru", new { token = "t", text }).Succeeded().Value("Endpoint")!.ToString());
        Assert.Equal(endpoint, _session.Run("Connect-UserProfileService -Token $token -Endpoint ([uri]$text) -PassThru").Succeeded().Value("Endpoint")!.ToString());
        Set("MIXPANEL_ENDPOINT", text);
        Assert.Equal(endpoint, _session.Run("Connect-UserProfileService -Token $token -PassThru").Succeeded().Value("Endpoint")!.ToString());
    }

    [Theory]
    [InlineData("$server | Connect-UserProfileService -Token t -PassThru")]
    [InlineData("Connect-UserProfileService -Token t -Endpoint $server -PassThru")]
    [InlineData("[pscustomobject]@{ Endpoint = [string]$server.Endpoint } | Connect-UserProfileService -Token t -PassThru")]
    [InlineData("Connect-UserProfileService -Token t -Endpoint $server -PassThru | Connect-UserProfileService -Token u -PassThru")]
    public void A_server_is_an_endpoint(string script)
    {
        var server = _session.Run("$server = Start-UserProfileServer -SkipConnect; $server").Succeeded();
        Assert.Equal(server.Value("Endpoint"), _session.Run(script).Succeeded().Value("Endpoint"));
    }

    [Theory]
    [InlineData("https://api-eu.mixpanel.com/", "EU", "https://eu.mixpanel.com/")]
    [InlineData("mixpanel.com", "US", "https://mixpanel.com/")]
    public void An_endpoint_of_the_service_itself_stands_for_its_region(string endpoint, string region, string query)
    {
        var result = _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint -PassThru", new { token = "t", endpoint }).Succeeded();
        Assert.Equal((region, query), (result.Value("Region")!.ToString(), result.Value("QueryEndpoint")!.ToString()));
    }

    [Fact]
    public void The_connection_is_the_sessions_own()
    {
        using var other = new ModuleSession();
        Assert.Empty(_session.Run("Connect-UserProfileService -Token $token -Region EU", new { token = "t" }).Succeeded().Output);
        Assert.Equal("EU", _session.Run("Get-UserProfileConnection").Value("Region")!.ToString());
        Assert.Empty(other.Run("Get-UserProfileConnection").Succeeded().Output);
        Assert.Empty(_session.Run("$held = Get-UserProfileConnection; Disconnect-UserProfileService; Get-UserProfileConnection").Succeeded().Output);
    }

    [Fact]
    public void A_connection_can_be_passed_to_a_command()
    {
        using var service = new RecordingService();
        _session.Run("$c = Connect-UserProfileService -Token $token -Endpoint $endpoint -PassThru; Connect-UserProfileService -Token $token; Set-UserProfile -DistinctId x -Property @{ a = 1 } -Connection $c", new { token = "t", endpoint = service.Endpoint }).Succeeded();
        Assert.Equal("x", Assert.Single(service.Applied).Key);
    }

    [Fact]
    public void The_environment_serves_unattended_jobs()
    {
        using var service = new RecordingService();
        Set("MIXPANEL_TOKEN", "from-environment");
        Set("MIXPANEL_ENDPOINT", service.Endpoint.ToString());
        _session.Run("Set-UserProfile -DistinctId x -Property @{ a = 1 }").Succeeded();
        Assert.Contains("from-environment", Assert.Single(service.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_come_before_the_environment()
    {
        foreach (var (name, value) in new[] { ("TOKEN", "t"), ("PROJECT_ID", "1"), ("REGION", "EU"), ("SERVICE_ACCOUNT", "robot"), ("SECRET", "s") })
            Set("MIXPANEL_" + name, value);
        var fromEnvironment = _session.Run("Connect-UserProfileService -PassThru").Succeeded();
        Assert.Equal(("EU", "1", "robot"), (fromEnvironment.Value("Region")!.ToString(), fromEnvironment.Value("ProjectId"), fromEnvironment.Value("ServiceAccount")));
        var given = _session.Run("Connect-UserProfileService -Region IN -ProjectId 2 -PassThru").Succeeded();
        Assert.Equal(("IN", "2", "robot"), (given.Value("Region")!.ToString(), given.Value("ProjectId"), given.Value("ServiceAccount")));
        var elsewhere = _session.Run("Connect-UserProfileService -Endpoint https://example.com -PassThru").Succeeded();
        Assert.Null(elsewhere.Value("ServiceAccount"));
    }

    [Theory]
    [InlineData("MIXPANEL_REGION", "MARS")]
    [InlineData("MIXPANEL_ENDPOINT", "nowhere")]
    [InlineData("MIXPANEL_ENDPOINT", "http://example.com")]
    [InlineData("MIXPANEL_SECRET", "s")]
    public void A_wrong_variable_is_named(string name, string value)
    {
        Set("MIXPANEL_TOKEN", "t");
        Set(name, value);
        var error = _session.Run("Set-UserProfile -DistinctId x -Property @{ a = 1 }").TerminatingError;
        Assert.Equal("InvalidConnection,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_secret_is_taken_as_text_or_secure_string_and_never_shown()
    {
        var secure = new System.Net.NetworkCredential("", "very-secret").SecurePassword;
        foreach (var token in new object[] { "very-secret", secure })
        {
            var result = _session.Run("Connect-UserProfileService -Token $token -PassThru -Verbose", new { token }).Succeeded();
            Assert.Equal("********", result.Value("Token"));
            Assert.DoesNotContain(result.AllText(), text => text.Contains("very-secret", StringComparison.Ordinal));
        }
    }

    private static void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);

    private static void Clear()
    {
        foreach (var name in Variables)
            Set(name, null);
    }
}
