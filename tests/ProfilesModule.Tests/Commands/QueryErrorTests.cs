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
    [InlineData("Status = 400", "QueryRejected", ErrorCategory.InvalidOperation, "400: fault on demand: 400.", "-Where")]
    [InlineData("Status = 401", "QueryUnauthorized", ErrorCategory.AuthenticationError, "401: fault on demand: 401.", "service account")]
    [InlineData("Status = 402", "QueryNotInPlan", ErrorCategory.PermissionDenied, "402: Your plan does not allow API calls. Upgrade at mixpanel.com/pricing.", "mixpanel.com/pricing")]
    [InlineData("Status = 403", "QueryForbidden", ErrorCategory.PermissionDenied, "403: fault on demand: 403.", "-ProjectId")]
    [InlineData("Status = 404", "QueryNotFound", ErrorCategory.ObjectNotFound, "404: fault on demand: 404.", "-Endpoint")]
    [InlineData("Status = 407", "ProxyUnauthorized", ErrorCategory.AuthenticationError, "407", "-ProxyCredential")]
    [InlineData("Status = 302", "QueryRefused", ErrorCategory.InvalidOperation, "302", "project")]
    [InlineData("Status = 429", "QueryRateLimited", ErrorCategory.LimitsExceeded, "429: Query rate limit exceeded for project_id: 1. 1/5 queries running concurrently and 61/60 queries running in the last hour.", "1,000 profiles")]
    [InlineData("Status = 503", "QueryFailed", ErrorCategory.ConnectionError, "503", "-OperationTimeoutSeconds")]
    [InlineData("Kind = 'HtmlReply'", "NotTheService", ErrorCategory.ConnectionError, "200: text/html", "proxy")]
    [InlineData("Kind = 'ResetBefore'", "QueryFailed", ErrorCategory.ConnectionError, "http://127.0.0.1:", "proxy")]
    public void Every_answer_is_explained_with_what_to_do(string fault, string errorId, ErrorCategory category, string message, string remedy)
    {
        var error = _session.Run($"$null = Start-UserProfileServer -Fault @{{ Endpoint = 'Query'; {fault} }}; Get-UserProfile -MaximumRetryCount 1 -RetryIntervalSec 0").TerminatingError;
        Assert.Equal((errorId + ",ProfilesModule.Commands.GetUserProfileCommand", category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.Contains(message, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch(Told(), error.ErrorDetails.Message);
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
        Assert.Contains($" {length} (at ", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        var end = before + TimeSpan.FromSeconds(seconds);
        var minutesOff = (TimeOnly.Parse(told.Groups[2].Value, CultureInfo.InvariantCulture) - TimeOnly.FromTimeSpan(end.TimeOfDay).Add(TimeSpan.FromSeconds(-1))).TotalMinutes;
        Assert.InRange(minutesOff, 0, 2);
    }

    [Fact]
    public void The_wait_that_the_service_asks_for_is_kept()
    {
        var result = _session.Run("$null = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Status = 429; First = 1; RetryAfter = '00:00:01' }; Set-UserProfile x -Property @{ a = 1 }; Get-UserProfile -Verbose").Succeeded();
        Assert.Equal("x", result.Value("DistinctId"));
        Assert.Contains(result.Verbose, v => Regex.IsMatch(v, @"^Page 1: .*\b1\.0 s\b.*Query rate limit exceeded.*(?<!\.\.)$"));
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
        Assert.Contains(" 37 min (at ", warning, StringComparison.Ordinal);
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    [GeneratedRegex(@"(\d+ \w+) \(at (\d\d:\d\d:\d\d)\)")]
    private static partial Regex Told();
}
