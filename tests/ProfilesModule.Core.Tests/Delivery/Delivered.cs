using System.Collections.Concurrent;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>A run from its input to its account, with everything that it told.</summary>
internal sealed class Delivered
{
    public ConcurrentQueue<BatchSent> Sent { get; } = new();

    public ConcurrentQueue<Retrying> Retries { get; } = new();

    public ConcurrentQueue<UpdatesFailed> Failures { get; } = new();

    public ConcurrentQueue<UpdateOrigin> Accepted { get; } = new();

    public DeliveryAccount Account { get; private set; } = new();

    public DeliveryStop? Stop { get; private set; }

    /// <summary>The rows that failed for a reason, in no order.</summary>
    public long[] Failed(ErrorId reason) => [.. Failures.Where(f => f.Id == reason).SelectMany(f => f.Updates).Select(u => u.Origin.Row).Order()];

    public static async Task<Delivered> RunAsync(
        IEngageTransport transport, IEnumerable<string> ids, DeliveryOptions? options = null, Operation operation = Operation.Set, TimeProvider? time = null)
    {
        var delivered = new Delivered();
        await using var sender = delivered.Start(transport, options, time);
        using var writer = new UpdateWriter(sender, "token");
        var row = 0;
        foreach (var id in ids)
        {
            writer.NextRow(out _);
            WriteUpdate(writer, id, ++row, operation);
            if (writer.HasFullBatch)
                await writer.SendFullBatchAsync();
        }

        await writer.CompleteAsync();
        (delivered.Account, delivered.Stop) = (sender.Account, sender.Stop);
        var account = delivered.Account;

        // Every row was told of once at the most, as what the account says, and the rest is what the account calls unsent.
        var told = delivered.Accepted.Select(a => a.Row).Concat(delivered.Failures.SelectMany(f => f.Updates).Select(u => u.Origin.Row)).ToArray();
        Assert.Equal(told.Distinct(), told);
        Assert.Equal(delivered.Accepted.Count, account.Accepted);
        Assert.Equal(delivered.Failed(ErrorId.OutcomeUnknown).Length, account.Unknown);
        Assert.Equal(told.Length - delivered.Accepted.Count, account.Rejected + account.Unknown);
        Assert.Equal((row, row - told.Length), (account.Read, account.Unsent));
        return delivered;
    }

    public UpdateSender Start(IEngageTransport transport, DeliveryOptions? options = null, TimeProvider? time = null) => new(
        transport,
        options ?? new() { RetryInterval = TimeSpan.Zero },
        new() { BatchSent = Sent.Enqueue, Retrying = Retries.Enqueue, UpdatesFailed = Failures.Enqueue, UpdateAccepted = Accepted.Enqueue },
        time ?? TimeProvider.System);

    public static void WriteUpdate(UpdateWriter writer, string id, int row, Operation operation = Operation.Set)
    {
        writer.Begin(Encoding.UTF8.GetBytes(id), operation);
        writer.Json.WriteStartObject();
        writer.Json.WriteNumber("row", row);
        writer.Json.WriteEndObject();
        Assert.True(writer.TryEnd());
        writer.Commit(new(row, row + 1, null));
    }
}
