using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>What a user reads when profiles cannot be read, for each answer of the service.</summary>
public sealed partial class QueryErrorTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Status = 400", "QueryRejected", ErrorCategory.InvalidOperation, "the service answered 400: fault on demand: 400.", "expression of -Where")]
    [InlineData("Status = 401", "QueryUnauthorized", ErrorCategory.AuthenticationError, "the service answered 401: fault on demand: 401.", "user name and secret of a service account")]
    [InlineData("Status = 402", "QueryNotInPlan", ErrorCategory.PermissionDenied, "the plan of the project does not include the query API. The service answered 402: Your plan does not allow API calls. Upgrade at mixpanel.com/pricing.", "Writing and removing profiles works without the query API.")]
    [InlineData("Status = 403", "QueryForbidden", ErrorCategory.PermissionDenied, "the service answered 403: fault on demand: 403.", "Give the service account a role in the project")]
    [InlineData("Status = 404", "QueryNotFound", ErrorCategory.ObjectNotFound, "the service answered 404: fault on demand: 404.", "-Endpoint without a path")]
    [InlineData("Status = 407", "ProxyUnauthorized", ErrorCategory.AuthenticationError, "the proxy did not let the query through (407).", "-ProxyCredential")]
    [InlineData("Status = 302", "QueryRefused", ErrorCategory.InvalidOperation, "the service answered 302", "the right service and project")]
    [InlineData("Status = 429", "QueryRateLimited", ErrorCategory.LimitsExceeded, "a project takes 60 queries an hour and 5 at once, of all its users and tools together. The service answered 429: Query rate limit exceeded for project_id: 1. 1/5 queries running concurrently and 61/60 queries running in the last hour. It did not say how long to wait.", "Try again later, in an hour at the latest. A query reads up to 1,000 profiles")]
    [InlineData("Status = 503", "QueryFailed", ErrorCategory.ConnectionError, "the service, or something on the way to it, answered 503", "-OperationTimeoutSeconds")]
    [InlineData("Kind = 'HtmlReply'", "NotTheService", ErrorCategory.ConnectionError, "something between here and the service answered 200: text/html", "a login page of the network")]
    [InlineData("Kind = 'ResetBefore'", "QueryFailed", ErrorCategory.ConnectionError, "could not be read from http://127.0.0.1:", "can be reached, through a proxy if there is one")]
    public void Every_answer_is_explained_with_what_to_do(string fault, string errorId, ErrorCategory category, string message, string remedy)
    {
        var error = _session.Run($"$null = Start-UserProfileServer -Fault @{{ Endpoint = 'Query'; {fault} }}; Get-UserProfile -MaximumRetryCount 1 -RetryIntervalSec 0").TerminatingError;
        Assert.Equal((errorId + ",ProfilesModule.Commands.GetUserProfileCommand", category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.Contains(message, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:20", "20 s", 20)]
    [InlineData("00:37:00", "37 min", 2220)]
    public void The_wait_that_the_service_asks_for_is_told_with_its_end(string retryAfter, string length, int seconds)
    {
        var before = DateTimeOffset.Now;
        var error = _session.Run($"$null = Start-UserProfileServer -Fault @{{ Endpoint = 'Query'; Status = 429; RetryAfter = '{retryAfter}' }}; Get-UserProfile -MaximumRetryCount 0").TerminatingError;
        var told = Told().Match(error.ErrorDetails.Message);
        Assert.Equal(length, told.Groups[1].Value);
        Assert.StartsWith($"Try again in {length} (at ", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        var end = before + TimeSpan.FromSeconds(seconds);
        var minutesOff = (TimeOnly.Parse(told.Groups[2].Value, CultureInfo.InvariantCulture) - TimeOnly.FromTimeSpan(end.TimeOfDay).Add(TimeSpan.FromSeconds(-1))).TotalMinutes;
        Assert.InRange(minutesOff, 0, 2);
    }

    [Fact]
    public void The_wait_that_the_service_asks_for_is_kept()
    {
        var result = _session.Run("$null = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Status = 429; First = 1; RetryAfter = '00:00:01' }; Set-UserProfile x -Property @{ a = 1 }; Get-UserProfile -Verbose").Succeeded();
        Assert.Equal("x", result.Value("DistinctId"));
        Assert.Contains(result.Verbose, v => v.StartsWith("Page 1: retry 1 in 1.0 s, because Query rate limit exceeded", StringComparison.Ordinal) && !v.EndsWith("..", StringComparison.Ordinal));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task A_long_wait_is_announced_and_can_be_stopped()
    {
        _session.Run("$null = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Status = 429; RetryAfter = '00:37:00' }").Succeeded();
        using var shell = _session.Start("Get-UserProfile");
        var warned = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Streams.Warning.DataAdded += (_, added) => warned.TrySetResult(shell.Streams.Warning[added.Index].Message);
        var running = shell.BeginInvoke();
        var warning = await warned.Task.WaitAsync(TimeSpan.FromSeconds(60));
        shell.Stop();
        Assert.StartsWith("The next attempt is in 37 min (at ", warning, StringComparison.Ordinal);
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    [GeneratedRegex(@"It asks to wait (\d+ \w+) \(at (\d\d:\d\d:\d\d)\)\.$")]
    private static partial Regex Told();
}
