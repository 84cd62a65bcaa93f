using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Delivery;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>What a run says that it waits for.</summary>
public sealed class DeliveryWaitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _retrying = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_wait_counts_down_and_ends_with_the_next_request()
    {
        var reply = new TaskCompletionSource<Verdict>();
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var sender = Start(new((request, _) =>
        {
            if (request.Number == 1)
                return Task.FromResult(new Verdict(VerdictKind.Transient, 429, "slower") { RetryAfter = TimeSpan.FromSeconds(20) });
            sent.SetResult();
            return reply.Task;
        }));
        Assert.Null(sender.Wait);
        await SendAsync(sender, "a");
        await _retrying.Task;
        Assert.Equal(new DeliveryWait(WaitReason.RetryAfter, TimeSpan.FromSeconds(20)), sender.Wait);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(13), sender.Wait!.Value.Left);
        while (!sent.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Null(sender.Wait);
        reply.SetResult(ScriptedTransport.Accepted);
        await sender.CompleteAsync();
        Assert.Null(sender.Wait);
    }

    [Fact]
    public async Task A_retry_is_not_waited_for_while_another_request_is_on_its_way()
    {
        var reply = new TaskCompletionSource<Verdict>();
        await using var sender = Start(new((request, _) => request.Ids[0] == "a" ? Task.FromResult(new Verdict(VerdictKind.Transient, 503, "busy")) : reply.Task), new() { BatchSize = 1, MaxConcurrency = 2, RetryInterval = TimeSpan.FromHours(1) });
        await SendAsync(sender, "b", "a");
        await _retrying.Task;
        Assert.Null(sender.Wait);
        reply.SetResult(ScriptedTransport.Accepted);
        while (sender.Account.Accepted == 0)
            await Task.Yield();
        Assert.Equal(WaitReason.Retry, sender.Wait!.Value.Reason);
    }

    private UpdateSender Start(ScriptedTransport transport, DeliveryOptions? options = null) =>
        new(transport, options ?? new(), new() { Retrying = _ => _retrying.TrySetResult() }, _time);

    private static async Task SendAsync(UpdateSender sender, params string[] ids)
    {
        using var writer = new UpdateWriter(sender, "token");
        for (var row = 1; row <= ids.Length; row++)
        {
            writer.NextRow(out _);
            Delivered.WriteUpdate(writer, ids[row - 1], row);
            await writer.SendFullBatchAsync();
        }

        await writer.FlushAsync();
    }
}
