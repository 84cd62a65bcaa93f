using ProfilesModule.Delivery.Sync;
using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>
/// Tells a state what becomes of the rows of batches. Before a request that changes a profile, the file must no longer say that the
/// service has its last update: if the process is killed, nobody knows. What is accepted is told at the end of the batch, in its order.
/// </summary>
internal static class BatchClaims
{
    /// <summary>Notes what is about to be sent. On disk, before any request with rows of the batch.</summary>
    public static void Begin(this SyncState state, UpdateBatch batch)
    {
        if (batch.IsBegun)
            return;
        batch.IsBegun = true;
        if (!batch.HasDoubts)
            return;
        for (var i = 0; i < batch.Count; i++)
            AddIfAny(state, batch.Doubt(i));
        state.Flush(toDisk: true);
    }

    /// <summary>Notes what was accepted, if any of the batch was sent.</summary>
    public static void End(this SyncState state, UpdateBatch batch)
    {
        if (!batch.IsBegun)
            return;
        if (!batch.HasDoubts && batch.IsWhollyAccepted)
        {
            state.Add(batch.Claims, batch.Count);
            return;
        }

        for (var i = 0; i < batch.Count; i++)
            AddIfAny(state, batch.Outcome(i) == RowOutcome.Accepted ? batch.Claim(i) : batch.Doubt(i));
    }

    private static void AddIfAny(SyncState state, ReadOnlySpan<byte> item)
    {
        if (!item.IsEmpty)
            state.Add(item, 1);
    }
}
