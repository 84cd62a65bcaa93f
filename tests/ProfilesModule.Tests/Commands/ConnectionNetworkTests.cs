using System.Management.Automation;
using System.Net;
using System.Text;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>How a connection reaches its service: proxies and time-outs.</summary>
public sealed class ConnectionNetworkTests : IDisposable
{
    private const string Password = "pr0xy-never-shown";

    private static readonly PSCredential Somebody = new("somebody", new NetworkCredential("", Password).SecurePassword);

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_proxy_is_asked_for_updates_and_queries_also_for_a_service_on_this_machine()
    {
        await using var proxy = RawServer.Answering(request => request.Target.Contains("/query/", StringComparison.Ordinal)
            ? RawServer.Reply("200 OK", """{"results":[]}""")
            : RawServer.Reply("200 OK", """{"error":null,"status":1}"""));
        var result = _session.Run(
            "Connect-UserProfileService -Token t -Endpoint 127.0.0.1:9 -Proxy $proxy -PassThru; Set-UserProfile x -Property @{ a = 1 }; Get-UserProfile", new { proxy = proxy.Endpoint.ToString() }).Succeeded();
        Assert.Equal(proxy.Endpoint, result.Value("Proxy"));
        Assert.Equal(["http://127.0.0.1:9/engage?verbose=1&strict=1&ip=0", "http://127.0.0.1:9/api/query/engage"], proxy.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task A_proxy_that_asks_who_is_there_is_told_and_nobody_else_is()
    {
        await using var proxy = RawServer.Answering(request => request.Headers.ContainsKey("Proxy-Authorization")
            ? RawServer.Reply("200 OK", """{"error":null,"status":1}""")
            : RawServer.Reply("407 So", "", "Proxy-Authenticate: Basic realm=\"proxy\""));
        var result = _session.Run(
            "Connect-UserProfileService -Token t -Endpoint 127.0.0.1:9 -Proxy $proxy -ProxyCredential $credential -PassThru -Verbose; Set-UserProfile x -Property @{ a = 1 } -Verbose; Get-UserProfileConnection",
            new { proxy = proxy.Endpoint, credential = Somebody }).Succeeded();
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"somebody:{Password}"))}", proxy.Requests[^1].Headers["Proxy-Authorization"]);
        Assert.DoesNotContain("Authorization", proxy.Requests[^1].Headers.Keys);
        Assert.DoesNotContain(result.AllText(), text => text.Contains(Password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-UserProfile", "ProxyUnauthorized")]
    [InlineData("Set-UserProfile x -Property @{ a = 1 }", "ProxyUnauthorized")]
    public async Task A_proxy_that_refuses_is_named_as_the_cause(string script, string errorId)
    {
        await using var proxy = RawServer.Answering(_ => RawServer.Reply("407 So", "", "Proxy-Authenticate: Basic realm=\"proxy\""));
        var result = _session.Run($"Connect-UserProfileService -Token t -Endpoint 127.0.0.1:9 -Proxy $proxy -ProxyCredential $credential; {script}", new { proxy = proxy.Endpoint, credential = Somebody });
        Assert.StartsWith(errorId + ",", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-ProxyCredential", result.TerminatingError.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain(result.AllText(), text => text.Contains(Password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-ProxyCredential $credential", "-Proxy")]
    [InlineData("-ProxyUseDefaultCredentials", "-Proxy")]
    [InlineData("-Proxy http://p:1 -ProxyCredential $credential -ProxyUseDefaultCredentials", "-ProxyUseDefaultCredentials")]
    [InlineData("-Proxy http://p:1 -NoProxy", "-NoProxy")]
    [InlineData("-Proxy proxy:8080", "http://")]
    [InlineData("-Proxy ftp://p:1", "http://")]
    [InlineData("-Proxy http://somebody:pr0xy-never-shown@p:1", "-ProxyCredential")]
    public void Proxy_parameters_that_do_not_fit_together_are_refused(string parameters, string remedy)
    {
        var result = _session.Run($"Connect-UserProfileService -Token t {parameters}", new { credential = Somebody });
        Assert.StartsWith("InvalidConnection,", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(remedy, result.TerminatingError.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, result.TerminatingError.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_without_proxy_and_limits_can_be_made()
    {
        using var service = new RecordingService();
        _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint -NoProxy -TimeoutSec 0 -OperationTimeoutSeconds 0; Set-UserProfile x -Property @{ a = 1 }", new { endpoint = service.Endpoint }).Succeeded();
        Assert.Equal("x", Assert.Single(service.Applied).Key);
    }

    [Theory]
    [InlineData("Set-UserProfile x -Property @{ a = 1 }", "RetriesExhausted")]
    [InlineData("Get-UserProfile", "QueryFailed")]
    public async Task An_attempt_that_takes_longer_than_the_operation_time_out_has_failed(string script, string errorId)
    {
        await using var stalled = new RawServer(connection => connection.WaitForCloseAsync());
        var result = _session.Run($"Connect-UserProfileService -Token t -Endpoint $endpoint -OperationTimeoutSeconds 1; {script} -MaximumRetryCount 0", new { endpoint = stalled.Endpoint });
        Assert.StartsWith(errorId + ",", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(" 1 s", result.TerminatingError.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_takes_no_connection_through_in_time_has_failed()
    {
        // A tunnel is part of connecting, so its answer is waited for as long as a connection.
        await using var stalled = new RawServer(connection => connection.WaitForCloseAsync());
        var result = _session.Run(
            "Connect-UserProfileService -Token t -Endpoint https://service.invalid -Proxy $proxy -ConnectionTimeoutSeconds 1; Set-UserProfile x -Property @{ a = 1 } -MaximumRetryCount 0", new { proxy = stalled.Endpoint });
        Assert.StartsWith("RetriesExhausted,", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("cannot connect", result.TerminatingError.ToString(), StringComparison.Ordinal);
    }
}
