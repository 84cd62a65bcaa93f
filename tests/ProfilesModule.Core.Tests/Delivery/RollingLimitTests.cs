using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>A service that takes so many updates in any minute, and does not say how long to wait.</summary>
public sealed class RollingLimitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_run_with_default_settings_completes() => Gen.Int[0, 1_000_000].Sample(
        seed =>
        {
            var time = new FakeTimeProvider();
            var (service, latency) = (new RollingLimit(time, 5000), new Random(seed));
            var run = Delivered.RunAsync(new ScriptedTransport(async (request, cancellation) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(latency.Next(20, 400)), time, cancellation);
                return service.Answer(request.Ids.Count);
            }), Enumerable.Range(0, 12_000).Select(i => $"{i}"), new(), time: time);
            Advance(time, run);
            var delivered = run.GetAwaiter().GetResult();
            Assert.Equal((12_000L, null), (delivered.Account.Accepted, delivered.Stop));
        },
        iter: 20);

    [Fact]
    public async Task After_a_pause_requests_go_alone_and_then_more_and_more_at_once()
    {
        var time = new FakeTimeProvider();
        var (atOnce, most) = (0, new List<int>());
        DateTimeOffset? refused = null;
        var gate = new object();
        var run = Delivered.RunAsync(new ScriptedTransport(async (request, cancellation) =>
        {
            lock (gate)
            {
                // What had its turn before the refusal came may still be on its way.
                atOnce++;
                if (time.GetUtcNow() > refused + TimeSpan.FromSeconds(1))
                    most.Add(atOnce);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
            lock (gate)
            {
                atOnce--;
                if (refused is not null || request.Number != 9)
                    return ScriptedTransport.Accepted;
                refused = time.GetUtcNow();
                return new(VerdictKind.Transient, 429, "slower");
            }
        }), Enumerable.Range(0, 20_000).Select(i => $"{i}"), new() { MaxConcurrency = 8 }, time: time);
        Advance(time, run);
        var delivered = await run;
        Assert.Equal(20_000L, delivered.Account.Accepted);

        // Up to one, then half of eight, then by and by all of them.
        Assert.Equal(1, most[0]);
        Assert.DoesNotContain(most.Take(2), n => n > 4);
        Assert.DoesNotContain(most.Take(9), n => n > 5);
        Assert.Equal(8, delivered.Sent.Last().AtOnce);
    }

    [Theory]
    [InlineData(3660, null, @"\b61 min\b.*\bslower\b", ErrorId.RetriesExhausted)]
    [InlineData(86400, null, @"\b24 h\b.*\bslower\b", ErrorId.RetriesExhausted)]
    [InlineData(600, 30, @"\b10 min\b.*\bslower\b.*\b30 s\b", ErrorId.TimeoutReached)]
    public async Task A_wait_that_is_too_long_ends_the_run_at_once(int asked, int? timeout, string message, object reason)
    {
        var transport = ScriptedTransport.Answering(_ => new(VerdictKind.Transient, 429, "slower") { RetryAfter = TimeSpan.FromSeconds(asked) });
        var delivered = await Delivered.RunAsync(
            transport, ["1", "2"], new() { Timeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, MaxFailure = 5 }, time: new FakeTimeProvider()).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(((ErrorId)reason, 429), (delivered.Stop!.Id, delivered.Stop.StatusCode));
        Assert.Matches(message, delivered.Stop.Message);
        Assert.Single(transport.Requests);
    }

    private static void Advance(FakeTimeProvider time, Task run)
    {
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            Thread.Yield();
        }
    }

    private sealed class RollingLimit(FakeTimeProvider time, int limit)
    {
        private readonly Queue<(DateTimeOffset At, int Updates)> _taken = new();

        public Verdict Answer(int updates)
        {
            lock (_taken)
            {
                while (_taken.TryPeek(out var first) && first.At <= time.GetUtcNow() - Minute)
                    _taken.Dequeue();
                if (_taken.Sum(t => t.Updates) + updates > limit)
                    return new(VerdictKind.Transient, 429, "too many");
                _taken.Enqueue((time.GetUtcNow(), updates));
                return ScriptedTransport.Accepted;
            }
        }
    }
}
