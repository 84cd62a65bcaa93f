using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>Removes profiles, by the updates that other rows are too.</summary>
internal static class ProfileRemoval
{
    /// <summary>Writes the removal of each profile, sends them, and waits for their outcomes.</summary>
    /// <param name="writer">The only producer of its run.</param>
    /// <param name="ids">The profiles, read as they are written.</param>
    public static async Task DeleteAsync(this UpdateWriter writer, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            writer.NextRow(out var row);
            writer.Begin(Encoding.UTF8.GetBytes(id), Operation.Delete);
            writer.Json.WriteStringValue("");
            if (writer.TryEnd())
                writer.Commit(new(row, 0, null));
            if (writer.HasFullBatch)
                await writer.SendFullBatchAsync().ConfigureAwait(false);
        }

        await writer.CompleteAsync().ConfigureAwait(false);
    }
}
