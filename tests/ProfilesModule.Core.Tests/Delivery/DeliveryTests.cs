using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

public sealed class DeliveryTests
{
    private static readonly DeliveryOptions NoWait = new() { RetryInterval = TimeSpan.Zero };
    private static readonly Verdict Refused = new(VerdictKind.NotApplied, 400, "bad");

    [Theory]
    [InlineData(0, 200, 0)]
    [InlineData(1, 200, 1)]
    [InlineData(200, 200, 1)]
    [InlineData(201, 200, 2)]
    [InlineData(2001, 2000, 2)]
    [InlineData(5, 1, 5)]
    public async Task Rows_go_out_in_input_order_in_as_few_requests_as_they_need(int rows, int batchSize, int requests)
    {
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        var delivered = await Delivered.RunAsync(transport, Ids(rows), NoWait with { BatchSize = batchSize, MaxConcurrency = 1 });
        Assert.Equal(requests, transport.Requests.Count);
        Assert.Equal(Ids(rows), transport.Requests.SelectMany(r => r.Ids));
        Assert.Equal((rows, rows, requests), (delivered.Account.Read, delivered.Account.Accepted, delivered.Account.Requests));
        Assert.Equal(rows, delivered.Accepted.Count);
    }

    [Fact]
    public void Exactly_the_bad_updates_are_rejected_however_many_and_wherever() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 50], Gen.Int[0, 119].HashSet[0, 12], Gen.Bool).Sample((rows, batchSize, bad, tooLarge) =>
        {
            var verdict = tooLarge ? new(VerdictKind.TooLarge, 413, "too large") : Refused;
            var applied = new List<string>();
            var transport = ScriptedTransport.Answering(request =>
            {
                if (request.Ids.Any(id => bad.Contains(int.Parse(id))))
                    return verdict with { Message = string.Join(",", request.Ids) };
                lock (applied)
                    applied.AddRange(request.Ids);
                return ScriptedTransport.Accepted;
            });
            var delivered = Delivered.RunAsync(transport, Ids(rows), NoWait with { BatchSize = batchSize }).GetAwaiter().GetResult();
            var expected = bad.Where(i => i < rows).Order().ToArray();
            Assert.Equal(Ids(rows).Where(id => !bad.Contains(int.Parse(id))).Order(), applied.Order());
            Assert.Equal(expected.Select(i => i + 1L), delivered.Failed(tooLarge ? ErrorId.UpdateTooLarge : ErrorId.UpdateRejected));
            Assert.Equal(rows - expected.Length, delivered.Account.Accepted);
            Assert.Null(delivered.Stop);
        }, iter: 200);

    [Fact]
    public async Task A_service_that_takes_few_updates_at_once_gets_all_of_them()
    {
        var transport = ScriptedTransport.Answering(r => r.Ids.Count > 30 ? new(VerdictKind.TooLarge, 413, "") : ScriptedTransport.Accepted);
        var delivered = await Delivered.RunAsync(transport, Ids(500), NoWait);
        Assert.Equal(500, delivered.Account.Accepted);
    }

    [Fact]
    public void Updates_of_one_profile_never_overtake_each_other() =>
        Gen.Select(Gen.Int[0, 30].Array[1, 300], Gen.Int[1, 9], Gen.Int[1, 8]).Sample((profiles, batchSize, concurrency) =>
        {
            var seen = new Dictionary<string, int>();
            var inFlight = new HashSet<string>();
            var transport = new ScriptedTransport(async (request, _) =>
            {
                var ids = request.Ids.ToHashSet();
                lock (inFlight)
                {
                    Assert.Empty(inFlight.Intersect(ids));
                    inFlight.UnionWith(ids);
                }

                for (var i = 0; i < request.Number % 5; i++)
                    await Task.Yield();
                lock (inFlight)
                {
                    foreach (var record in System.Text.Json.JsonDocument.Parse(request.Body).RootElement.EnumerateArray())
                    {
                        var (id, row) = (record.GetProperty("$distinct_id").GetString()!, record.GetProperty("$set").GetProperty("row").GetInt32());
                        Assert.True(seen.GetValueOrDefault(id) < row);
                        seen[id] = row;
                    }

                    inFlight.ExceptWith(ids);
                }

                return ScriptedTransport.Accepted;
            });
            var delivered = Delivered.RunAsync(transport, profiles.Select(p => $"{p}"), NoWait with { BatchSize = batchSize, MaxConcurrency = concurrency }).GetAwaiter().GetResult();
            Assert.Equal(profiles.Length, delivered.Account.Accepted);
        }, iter: 200);

    [Fact]
    public async Task Requests_run_at_once_up_to_the_limit_and_a_stalled_service_holds_the_input_back()
    {
        var release = new TaskCompletionSource();
        var third = new TaskCompletionSource();
        var (inFlight, mostInFlight) = (0, 0);
        var transport = new ScriptedTransport(async (request, cancellation) =>
        {
            mostInFlight = Math.Max(mostInFlight, Interlocked.Increment(ref inFlight));
            if (request.Number == 3)
                third.SetResult();
            await release.Task.WaitAsync(cancellation);
            Interlocked.Decrement(ref inFlight);
            return ScriptedTransport.Accepted;
        });
        await using var sender = new Delivered().Start(transport, NoWait with { BatchSize = 1, MaxConcurrency = 3 });
        using var writer = new UpdateWriter(sender, "token");
        var written = 0;
        var producing = Task.Run(async () =>
        {
            while (written < 1000)
            {
                Delivered.WriteUpdate(writer, $"{written}", ++written);
                await writer.SendFullBatchAsync();
            }
        });
        await third.Task;
        for (var i = 0; i < 1000; i++)
            await Task.Yield();

        // Three in flight, one that the dispatcher holds, two that wait, and the one that waits for their place.
        Assert.InRange(Volatile.Read(ref written), 3, 7);
        release.SetResult();
        await producing;
        await sender.CompleteAsync();
        Assert.Equal((1000L, 3), (sender.Account.Accepted, mostInFlight));
    }

    [Fact]
    public async Task A_failed_request_is_repeated_until_it_succeeds()
    {
        var transport = ScriptedTransport.Answering(r => r.Number <= 3 ? Transient(503) : ScriptedTransport.Accepted);
        var delivered = await Delivered.RunAsync(transport, Ids(10), NoWait);
        Assert.Equal((10L, 4L, 3L), (delivered.Account.Accepted, delivered.Account.Requests, delivered.Account.Retries));
        Assert.Equal([1, 2, 3], delivered.Retries.Select(r => r.Retry));
    }

    [Fact]
    public async Task A_wait_that_the_service_asks_for_is_kept()
    {
        var time = new RecordingTime();
        var transport = ScriptedTransport.Answering(r => r.Number == 1 ? Transient(429) with { RetryAfter = TimeSpan.FromSeconds(20) } : ScriptedTransport.Accepted);
        var delivered = await Advancing(time, Delivered.RunAsync(transport, Ids(1), new(), time: time));
        Assert.Equal(TimeSpan.FromSeconds(20), Assert.Single(time.Waits));
        Assert.Equal((1L, 2L), (delivered.Account.Accepted, delivered.Account.Requests));
    }

    [Fact]
    public async Task Backoff_doubles_up_to_a_minute_with_up_to_a_quarter_more()
    {
        var time = new FakeTimeProvider();
        var transport = ScriptedTransport.Answering(_ => Transient(500));
        var delivered = await Advancing(time, Delivered.RunAsync(transport, Ids(1), new() { MaximumRetryCount = 10 }, time: time));
        var delays = delivered.Retries.Select(r => r.Delay.TotalSeconds).ToArray();
        var least = new double[] { 2, 4, 8, 16, 32, 60, 60, 60, 60, 60 };
        Assert.All(delays.Zip(least), d => Assert.InRange(d.First, d.Second, 1.25 * d.Second));
        Assert.True(delays.Distinct().Count() > 1);
    }

    [Fact]
    public async Task When_no_attempt_succeeds_the_batch_is_rejected_with_one_error_and_the_run_ends()
    {
        var transport = ScriptedTransport.Answering(r => r.Ids[0] == "0" ? ScriptedTransport.Accepted : Transient(503));
        var delivered = await Delivered.RunAsync(transport, Ids(50), NoWait with { BatchSize = 10, MaxConcurrency = 1, MaximumRetryCount = 2 });
        Assert.Equal((10L, 10L, 30L, 4L), (delivered.Account.Accepted, delivered.Account.Rejected, delivered.Account.Unsent, delivered.Account.Requests));
        Assert.Equal(Enumerable.Range(11, 10).Select(i => (long)i), Assert.Single(delivered.Failures).Updates.Select(u => u.Origin.Row));
        Assert.Equal((ErrorId.RetriesExhausted, 503), (delivered.Stop!.Id, delivered.Stop.StatusCode));
    }

    [Theory]
    [InlineData(401, ErrorId.ServiceUnauthorized)]
    [InlineData(403, ErrorId.ServiceForbidden)]
    [InlineData(404, ErrorId.ServiceNotFound)]
    [InlineData(410, ErrorId.ServiceRefused)]
    public async Task A_refusal_that_no_request_could_better_ends_the_run_and_sends_nothing_more(int status, object reason)
    {
        var transport = ScriptedTransport.Answering(_ => new(VerdictKind.Fatal, status, "no"));
        var delivered = await Delivered.RunAsync(transport, Ids(1000), NoWait with { MaxConcurrency = 1 });
        Assert.Equal((0L, 1000L, 1L), (delivered.Account.Accepted, delivered.Account.Unsent, delivered.Account.Requests));
        Assert.Equal(reason, delivered.Stop!.Id);
    }

    [Theory]
    [InlineData(Operation.Add)]
    [InlineData(Operation.Append)]
    public async Task What_would_count_twice_is_not_sent_again_after_an_ambiguous_failure(Operation operation)
    {
        var transport = ScriptedTransport.Answering(_ => Transient(500));
        var delivered = await Delivered.RunAsync(transport, Ids(3), NoWait, operation);
        Assert.Equal((3L, 1L), (delivered.Account.Unknown, delivered.Account.Requests));
        Assert.Equal([1, 2, 3], delivered.Failed(ErrorId.OutcomeUnknown));
    }

    [Fact]
    public async Task What_would_count_twice_is_sent_again_when_it_surely_was_not_applied()
    {
        var transport = ScriptedTransport.Answering(r => r.Number == 1 ? Transient(429) with { MayHaveBeenApplied = false } : ScriptedTransport.Accepted);
        var delivered = await Delivered.RunAsync(transport, Ids(3), NoWait, Operation.Add);
        Assert.Equal(3, delivered.Account.Accepted);
    }

    [Fact]
    public async Task Updates_all_refused_alike_from_the_start_end_the_run()
    {
        var delivered = await Delivered.RunAsync(ScriptedTransport.Answering(_ => Refused), Ids(10_000), NoWait with { MaxConcurrency = 1 });
        Assert.Equal((16L, 9984L), (delivered.Account.Rejected, delivered.Account.Unsent));
        Assert.Equal(ErrorId.EveryUpdateRejected, delivered.Stop!.Id);
    }

    [Theory]
    [InlineData("user '{0}' is not known")]
    [InlineData("cannot parse {1}")]
    [InlineData("{0}: {0} is not a number, and neither is user-{0}")]
    public async Task Refusals_that_differ_by_what_the_row_holds_are_alike(string message)
    {
        var transport = ScriptedTransport.Answering(r => new(VerdictKind.NotApplied, 400, ServiceText.WithoutSecrets.Show(string.Format(CultureInfo.InvariantCulture, message, r.Ids[0], r.Body))));
        var delivered = await Delivered.RunAsync(transport, Enumerable.Range(0, 10_000).Select(i => $"id {i} {new string('x', i % 700)}"), NoWait with { MaxConcurrency = 1 });
        Assert.Equal((16L, ErrorId.EveryUpdateRejected), (delivered.Account.Rejected, delivered.Stop!.Id));
    }

    [Fact]
    public async Task Refusals_for_different_reasons_do_not_end_a_run()
    {
        var transport = ScriptedTransport.Answering(r => new(VerdictKind.NotApplied, 400, r.Ids[0] is "0" ? "the name is missing" : $"{r.Ids[0]} is not known"));
        var delivered = await Delivered.RunAsync(transport, Ids(100), NoWait with { MaxConcurrency = 1 });
        Assert.Equal((100L, null), (delivered.Account.Rejected, delivered.Stop));
    }

    [Fact]
    public async Task Bad_updates_in_a_row_do_not_end_a_run_that_has_good_ones()
    {
        var transport = ScriptedTransport.Answering(r => r.Ids.Any(id => int.Parse(id) is >= 200 and < 300) ? Refused : ScriptedTransport.Accepted);
        var delivered = await Delivered.RunAsync(transport, Ids(600), NoWait with { MaxConcurrency = 1 });
        Assert.Equal((500L, 100L), (delivered.Account.Accepted, delivered.Account.Rejected));
    }

    [Fact]
    public async Task Updates_refused_by_position_are_rejected_and_the_counted_rest_is_accepted()
    {
        var transport = ScriptedTransport.Answering(r => Failed(r, explained: true, 3, 7));
        var delivered = await Delivered.RunAsync(transport, Ids(10), NoWait);
        Assert.Equal([4, 8], delivered.Failed(ErrorId.UpdateRejected));
        Assert.Equal((8L, 1L), (delivered.Account.Accepted, delivered.Account.Requests));
    }

    [Fact]
    public async Task The_uncounted_rest_is_sent_again_where_that_is_safe()
    {
        var transport = ScriptedTransport.Answering(r => r.Number == 1 ? Failed(r, explained: false, 0) : ScriptedTransport.Accepted);
        var delivered = await Delivered.RunAsync(transport, Ids(10), NoWait);
        Assert.Equal((9L, 1L, 2L), (delivered.Account.Accepted, delivered.Account.Rejected, delivered.Account.Requests));
    }

    [Fact]
    public async Task The_uncounted_rest_is_unknown_where_it_is_not()
    {
        var transport = ScriptedTransport.Answering(r => Failed(r, explained: false, 0));
        var delivered = await Delivered.RunAsync(transport, Ids(10), NoWait, Operation.Append);
        Assert.Equal((9L, 1L, 1L), (delivered.Account.Unknown, delivered.Account.Rejected, delivered.Account.Requests));
    }

    [Fact]
    public async Task A_cancelled_run_ends_at_once_and_accounts_for_what_it_broke_off()
    {
        var started = new TaskCompletionSource();
        var transport = new ScriptedTransport(async (_, cancellation) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return ScriptedTransport.Accepted;
        });
        var delivered = new Delivered();
        await using var sender = delivered.Start(transport);
        using var writer = new UpdateWriter(sender, "token");
        for (var i = 1; i <= 5; i++)
        {
            writer.NextRow(out _);
            Delivered.WriteUpdate(writer, $"{i}", i);
        }

        await writer.FlushAsync();
        await started.Task;
        sender.End(null, TimeSpan.Zero);
        await sender.CompleteAsync();
        Assert.Equal((5L, 5L), (sender.Account.Read, sender.Account.Unsent));
    }

    [Fact]
    public async Task A_run_that_has_ended_does_not_wait_out_the_retry_of_another_batch()
    {
        var (waiting, both) = (new TaskCompletionSource(), new TaskCompletionSource());
        var transport = new ScriptedTransport(async (request, _) =>
        {
            if (request.Ids[0] == "0")
            {
                await both.Task;
                return Transient(429) with { RetryAfter = TimeSpan.FromHours(1) };
            }

            both.SetResult();
            await waiting.Task;
            return new(VerdictKind.Fatal, 401, "no");
        });
        await using var sender = new UpdateSender(transport, NoWait with { BatchSize = 1 }, new() { Retrying = _ => waiting.TrySetResult() }, TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        for (var i = 0; i < 2; i++)
        {
            writer.NextRow(out _);
            Delivered.WriteUpdate(writer, $"{i}", i);
            await writer.SendFullBatchAsync();
        }

        await sender.CompleteAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((2L, 2L, ErrorId.ServiceUnauthorized), (sender.Account.Read, sender.Account.Unsent, sender.Stop!.Id));
    }

    [Fact]
    public async Task A_repeatable_update_that_was_refused_in_company_is_tried_alone()
    {
        var transport = ScriptedTransport.Answering(r => r.Ids.Count == 2 ? new(VerdictKind.Partial, 400, "imported 1 of 2") : ScriptedTransport.Accepted);
        await using var sender = new Delivered().Start(transport);
        using var writer = new UpdateWriter(sender, "token");
        writer.NextRow(out _);
        Delivered.WriteUpdate(writer, "a", 1, Operation.Add);
        writer.NextRow(out _);
        Delivered.WriteUpdate(writer, "b", 2);
        await writer.CompleteAsync();
        Assert.Equal((1L, 1L, 0L), (sender.Account.Unknown, sender.Account.Accepted, sender.Account.Rejected));
    }

    [Fact]
    public async Task A_service_that_is_down_does_not_turn_a_whole_input_into_unknown_outcomes()
    {
        var delivered = await Delivered.RunAsync(ScriptedTransport.Answering(_ => Transient(503)), Ids(10_000), NoWait with { MaxConcurrency = 1, MaximumRetryCount = 3 }, Operation.Add);
        Assert.Equal((800L, 9_200L), (delivered.Account.Unknown, delivered.Account.Unsent));
        Assert.Equal(ErrorId.RetriesExhausted, delivered.Stop!.Id);
    }

    [Fact]
    public async Task Rows_of_batches_that_were_never_taken_are_unsent()
    {
        var stalled = new TaskCompletionSource<Verdict>();
        var transport = new ScriptedTransport((_, cancellation) => stalled.Task.WaitAsync(cancellation));
        await using var sender = new Delivered().Start(transport, NoWait with { BatchSize = 1, MaxConcurrency = 1 });
        using var writer = new UpdateWriter(sender, "token");
        var rows = 0;
        ValueTask sending;
        do
        {
            writer.NextRow(out _);
            Delivered.WriteUpdate(writer, "x", ++rows);
            sending = writer.SendFullBatchAsync();
        }
        while (sending.IsCompleted || rows < 4);
        writer.NextRow(out _);
        sender.End(null, TimeSpan.Zero);
        await sender.CompleteAsync();
        await sending;
        Assert.Equal((rows + 1L, rows + 1L), (sender.Account.Read, sender.Account.Unsent));
    }

    [Fact]
    public async Task A_defect_in_a_callback_fails_the_run_and_does_not_hang_it()
    {
        await using var sender = new UpdateSender(
            ScriptedTransport.Answering(_ => ScriptedTransport.Accepted), new(), new() { BatchSent = _ => throw new InvalidOperationException("defect") }, TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        Delivered.WriteUpdate(writer, "1", 1);
        await writer.FlushAsync();
        Assert.Equal("defect", (await Assert.ThrowsAsync<InvalidOperationException>(sender.CompleteAsync)).Message);
    }

    [Fact]
    public void The_account_adds_up_whatever_the_service_answers()
    {
        var verdicts = new Verdict[]
        {
            ScriptedTransport.Accepted, ScriptedTransport.Accepted, ScriptedTransport.Accepted, Refused, new(VerdictKind.TooLarge, 413, "large"),
            Transient(503), Transient(429) with { MayHaveBeenApplied = false }, new(VerdictKind.Partial, 400, "some"), new(VerdictKind.Fatal, 403, "no"),
        };
        Gen.Select(Gen.Int[0, verdicts.Length - 1].Array[1, 60], Gen.Int[1, 150], Gen.Int[1, 40], Gen.Int[0, 7]).Sample((script, rows, batchSize, operation) =>
        {
            var transport = ScriptedTransport.Answering(r => verdicts[script[r.Number % script.Length]]);
            var delivered = Delivered.RunAsync(transport, Ids(rows), NoWait with { BatchSize = batchSize, MaximumRetryCount = 2 }, (Operation)operation).GetAwaiter().GetResult();
            Assert.Equal(rows, delivered.Account.Read);
            Assert.Equal(delivered.Account.Accepted, delivered.Accepted.Select(a => a.Row).Distinct().Count());
            Assert.Equal(delivered.Account.Rejected + delivered.Account.Unknown, delivered.Failures.SelectMany(f => f.Updates).Select(u => u.Origin.Row).Distinct().Count());
        }, iter: 300);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(0, count).Select(i => $"{i}");

    private static Verdict Transient(int status) => new(VerdictKind.Transient, status, "failed") { MayHaveBeenApplied = true };

    private static Verdict Failed(ScriptedRequest request, bool explained, params int[] positions) => new(VerdictKind.PartlyRejected, 400, "some failed")
    {
        Failed = [.. positions.Where(p => p < request.Ids.Count).Select(p => new FailedRecord(p, "bad"))],
        Rest = explained ? RestOfUpdates.Accepted : RestOfUpdates.Unknown,
    };

    private static async Task<T> Advancing<T>(FakeTimeProvider time, Task<T> work)
    {
        while (!work.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await work;
    }

    private sealed class RecordingTime : FakeTimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
