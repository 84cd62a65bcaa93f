using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Delivery;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>What holds a run back, and what ends one that is hopeless.</summary>
public sealed class PressureTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<(TimeSpan At, int Updates)> _requests = new();
    private readonly long _start;

    public PressureTests() => _start = _time.GetTimestamp();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task One_request_that_is_told_to_wait_makes_all_wait(int status)
    {
        var answered = new TaskCompletionSource();
        var transport = Recording(async request =>
        {
            if (request.Number == 4)
                answered.SetResult();

            // All four are under way when the first is told to wait.
            await answered.Task;
            return request.Number == 1 ? new(VerdictKind.Transient, status, "busy") { RetryAfter = TimeSpan.FromSeconds(2) } : ScriptedTransport.Accepted;
        });
        var delivered = await RunAsync(transport, 100, new() { BatchSize = 5, MaxConcurrency = 4 });
        Assert.Equal(100, delivered.Account.Accepted);
        Assert.Equal(4, _requests.Count(r => r.At < TimeSpan.FromSeconds(2)));
        Assert.Equal(17, _requests.Count(r => r.At >= TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Updates_are_spread_over_the_seconds()
    {
        var transport = Recording(_ => Task.FromResult(ScriptedTransport.Accepted));
        await RunAsync(transport, 1000, new() { BatchSize = 200, MaxConcurrency = 8, MaxUpdatesPerSecond = 50 });
        Assert.Equal(20, _requests.Count);
        Assert.All(_requests, r => Assert.Equal(50, r.Updates));
        Assert.All(_requests.Select((r, i) => (r.At, i)), r => Assert.True(r.At >= TimeSpan.FromSeconds(r.i)));
    }

    [Fact]
    public async Task So_many_refused_rows_end_the_run()
    {
        var transport = Recording(request => Task.FromResult(request.Ids.Any(id => int.Parse(id) % 3 == 0) ? new Verdict(VerdictKind.NotApplied, 400, $"bad {request.Ids[0]}") : ScriptedTransport.Accepted));
        var delivered = await RunAsync(transport, 300, new() { BatchSize = 1, MaxConcurrency = 1, MaxFailure = 10 });
        Assert.Equal(ErrorId.MaxFailureReached, delivered.Stop!.Id);
        Assert.Equal(10, delivered.Account.Rejected);
        Assert.True(delivered.Account.Unsent > 0);
    }

    [Fact]
    public async Task So_many_failed_batches_in_a_row_end_the_run_and_fewer_do_not()
    {
        var transport = Recording(request => Task.FromResult(
            int.Parse(request.Ids[0]) is >= 20 and < 40 or >= 60 ? new Verdict(VerdictKind.Transient, 503, "down") : ScriptedTransport.Accepted));
        var delivered = await RunAsync(transport, 300, new() { BatchSize = 10, MaxConcurrency = 1, MaximumRetryCount = 1, MaxFailure = 3 });
        Assert.Equal(ErrorId.RetriesExhausted, delivered.Stop!.Id);
        Assert.Equal((40, 50), (delivered.Account.Accepted, delivered.Account.Rejected));
        Assert.Equal([20L, 60, 70, 80], delivered.Failures.Select(f => f.Updates[0].Origin.Row - 1).Where(row => row != 30).Order());
    }

    [Fact]
    public async Task A_run_that_takes_too_long_ends()
    {
        var transport = Recording(_ => Task.FromResult(new Verdict(VerdictKind.Transient, 503, "down") { RetryAfter = TimeSpan.FromMinutes(10) }));
        var delivered = await RunAsync(transport, 10, new() { Timeout = TimeSpan.FromMinutes(1) });
        Assert.Equal((ErrorId.TimeoutReached, 10L), (delivered.Stop!.Id, delivered.Account.Unsent));
    }

    [Fact]
    public async Task Updates_that_would_count_twice_are_sent_again_where_the_user_wants_that()
    {
        var transport = Recording(request => Task.FromResult(request.Number == 1 ? new Verdict(VerdictKind.Transient, 500, "?") { MayHaveBeenApplied = true } : ScriptedTransport.Accepted));
        var delivered = await RunAsync(transport, 10, new() { RetryAmbiguous = true }, ProfilesModule.Model.Operation.Add);
        Assert.Equal((10L, 2L), (delivered.Account.Accepted, delivered.Account.Requests));
    }

    private ScriptedTransport Recording(Func<ScriptedRequest, Task<Verdict>> answer) => new(async (request, _) =>
    {
        _requests.Enqueue((_time.GetElapsedTime(_start), request.Ids.Count));
        return await answer(request);
    });

    private async Task<Delivered> RunAsync(ScriptedTransport transport, int rows, DeliveryOptions options, ProfilesModule.Model.Operation operation = ProfilesModule.Model.Operation.Set)
    {
        var running = Delivered.RunAsync(transport, Enumerable.Range(0, rows).Select(i => $"{i}"), options, operation, _time);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(running, Task.Delay(1));
        }

        return await running;
    }
}
