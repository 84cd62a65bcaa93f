using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Canary;
using ProfilesModule.Core.Tests.Delivery;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests;

public sealed class CanaryProfileTests : IDisposable
{
    private static readonly Verdict Refused = new(VerdictKind.Fatal, 401, "who are you");
    private static readonly Verdict Lost = new(VerdictKind.Transient, 0, "reset") { MayHaveBeenApplied = true };
    private static readonly Verdict Unreachable = new(VerdictKind.Transient, 0, "cannot connect");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly List<double> _waits = [];

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_canary_is_written_found_and_removed_under_its_literal_id()
    {
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        await using var service = Service((id, look) => look < 3 ? [] : [id]);
        var canary = Canary(transport, service, new PassingTime());
        var result = await canary.TestAsync(default);

        Assert.Equal((VerdictKind.Accepted, true, null, TimeSpan.FromSeconds(3), true), (result.Ingestion.Kind, result.WasQueryAnswered, result.QueryFailure, result.ReadDelay, result.IsRemoved));
        Assert.StartsWith("ProfilesModule-connection-test-", result.DistinctId, StringComparison.Ordinal);
        var records = transport.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement[0]).ToArray();
        Assert.Equal(["$set", "$delete"], records.Select(r => r.EnumerateObject().Last().Name));
        Assert.All(records, r => Assert.Equal((result.DistinctId, "t", true), (r.GetProperty("$distinct_id").GetString(), r.GetProperty("$token").GetString(), r.GetProperty("$ignore_alias").GetBoolean())));
        Assert.Equal(["$name"], records[0].GetProperty("$set").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Every_canary_is_another()
    {
        await using var service = Service((id, _) => [id]);
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        Assert.NotEqual(Canary(transport, service, new PassingTime()).DistinctId, Canary(transport, service, new PassingTime()).DistinctId);
    }

    [Fact]
    public async Task Looks_are_few_ever_farther_apart_and_end_with_the_time()
    {
        await using var service = Service((_, _) => ["somebody else"]);
        var result = await Canary(ScriptedTransport.Answering(_ => ScriptedTransport.Accepted), service, new PassingTime()).TestAsync(default);
        Assert.Equal([1, 2, 4, 8, 16, 30, 29], _waits);
        Assert.Equal(8, service.Requests.Count);
        Assert.Equal((true, null, null, true), (result.WasQueryAnswered, result.QueryFailure, result.ReadDelay, result.IsRemoved));
    }

    [Theory]
    [InlineData("7", new double[] { 7, 2 }, true)]
    [InlineData("90", new double[] { 90 }, true)]
    [InlineData("91", new double[0], false)]
    public async Task The_service_is_given_the_time_that_it_asks_for_if_there_is_so_much(string retryAfter, double[] waits, bool isFound)
    {
        await using var service = RawServer.Answering(request => request.Number == 1
            ? RawServer.Reply("429 So", """{"error":"rate limit"}""", $"Retry-After: {retryAfter}")
            : Page(request.Number > waits.Length ? [Asked(request)] : []));
        var result = await Canary(ScriptedTransport.Answering(_ => ScriptedTransport.Accepted), service, new PassingTime()).TestAsync(default);
        Assert.Equal(waits, _waits);
        Assert.Equal((isFound, isFound ? null : "rate limit"), (result.ReadDelay is not null, result.QueryFailure?.Message));
        Assert.Equal(waits.Length + 1, service.Requests.Count);
    }

    [Fact]
    public async Task A_query_that_no_later_one_could_better_ends_the_looking()
    {
        await using var service = RawServer.Answering(_ => RawServer.Reply("401 So", """{"error":"who are you"}"""));
        var result = await Canary(ScriptedTransport.Answering(_ => ScriptedTransport.Accepted), service, new PassingTime()).TestAsync(default);
        Assert.Equal((false, 401, true), (result.WasQueryAnswered, result.QueryFailure!.StatusCode, result.IsRemoved));
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Without_queries_the_canary_is_only_written_and_removed()
    {
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        var result = await new CanaryProfile(transport, null, "t", new FakeTimeProvider()).TestAsync(default);
        Assert.Equal((2, false, null, true), (transport.Requests.Count, result.WasQueryAnswered, result.ReadDelay, result.IsRemoved));
    }

    public static TheoryData<object, int, bool?> Failures => new()
    {
        { new[] { Refused }, 1, null },
        { new[] { Unreachable, Unreachable, Unreachable }, 3, null },
        { new[] { Unreachable, Lost, Unreachable, ScriptedTransport.Accepted }, 4, true },
        { new[] { Lost, Lost, Lost, Refused }, 4, false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_canary_that_may_be_there_is_removed_and_one_that_cannot_is_not(object verdicts, int updates, bool? isRemoved)
    {
        await using var service = Service((id, _) => [id]);
        var transport = ScriptedTransport.Answering(request => ((Verdict[])verdicts)[request.Number - 1]);
        var result = await Canary(transport, service, new PassingTime()).TestAsync(default);
        Assert.Equal((updates, isRemoved, null), (transport.Requests.Count, result.IsRemoved, result.ReadDelay));
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_test_that_is_stopped_while_it_waits_removes_its_canary()
    {
        using var stop = new CancellationTokenSource();
        await using var service = Service((_, _) => []);
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        var canary = Canary(transport, service, new FakeTimeProvider(), stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canary.TestAsync(stop.Token));
        Assert.Equal(2, transport.Requests.Count);
        Assert.Contains("$delete", transport.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_that_stalls_does_not_hold_up_who_stopped_the_test()
    {
        using var stop = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        var removing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = Service((_, _) => []);
        var transport = new ScriptedTransport(async (request, cancellation) =>
        {
            if (request.Number == 2)
            {
                removing.SetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return ScriptedTransport.Accepted;
        });
        var testing = Canary(transport, service, time, stop.Cancel).TestAsync(stop.Token);
        await removing.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromMilliseconds(799));
        Assert.False(testing.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => testing.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private CanaryProfile Canary(IEngageTransport transport, RawServer service, TimeProvider time, Action? waiting = null) =>
        new(transport, new ProfileQuery(_http, service.Endpoint, TimeProvider.System) { MaximumRetryCount = 0 }, "t", time)
        {
            MaximumRetryCount = 2,
            Waiting = (_, next) =>
            {
                _waits.Add(next.TotalSeconds);
                waiting?.Invoke();
            },
        };

    private static RawServer Service(Func<string, int, string[]> found) => RawServer.Answering(request => Page(found(Asked(request), request.Number)));

    private static string Asked(RawRequest request) =>
        JsonSerializer.Deserialize<string[]>(request.Text.Split('&').Select(f => Uri.UnescapeDataString(f.Replace('+', ' '))).Single(f => f.StartsWith("distinct_ids=", StringComparison.Ordinal))["distinct_ids=".Length..])!.Single();

    private static string Page(string[] ids) => RawServer.Reply("200 OK", JsonSerializer.Serialize(new
    {
        results = ids.Select(id => new Dictionary<string, object> { ["$distinct_id"] = id, ["$properties"] = new { } }),
        page_size = 1000,
        session_id = "s",
    }));

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class PassingTime : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime != Timeout.InfiniteTimeSpan)
                Advance(dueTime);
            return timer;
        }
    }
}
