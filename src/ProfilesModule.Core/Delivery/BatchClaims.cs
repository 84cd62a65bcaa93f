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
        var changesAny = false;
        for (var i = 0; i < batch.Count; i++)
        {
            Items(batch, i, out var doubt);
            if (doubt.IsEmpty)
                continue;
            state.Add(doubt);
            changesAny = true;
        }

        if (changesAny)
            state.Flush(toDisk: true);
    }

    /// <summary>Notes what was accepted, if any of the batch was sent.</summary>
    public static void End(this SyncState state, UpdateBatch batch)
    {
        for (var i = 0; i < batch.Count && batch.IsBegun; i++)
        {
            var accepted = Items(batch, i, out var doubt);
            if (batch.Outcome(i) == RowOutcome.Accepted)
                state.Add(accepted);
            else if (!doubt.IsEmpty)
                state.Add(doubt);
        }
    }

    /// <summary>The item of a row that was accepted, and the one while that is not known, which is empty for a new profile.</summary>
    private static ReadOnlySpan<byte> Items(UpdateBatch batch, int index, out ReadOnlySpan<byte> doubt)
    {
        var items = batch.Claim(index);
        doubt = items;
        SyncItem.Read(ref doubt);
        return items[..^doubt.Length];
    }
}
