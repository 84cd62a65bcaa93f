using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Sync;

/// <summary>Leaves out of a file what later items of the same profiles have made obsolete.</summary>
internal static class SyncCompaction
{
    // One in so many may be obsolete, so that a file does not grow for ever, and is not rewritten for a few changes.
    private const int ObsoleteShare = 5;
    private const int FewItems = 1000;
    private const int BlockLength = 64 * 1024;

    /// <summary>Rewrites the items of a scope if enough of them are obsolete.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="items">How many items there are.</param>
    /// <param name="profiles">How many profiles they are of.</param>
    public static void RunIfDue(ISyncFile file, long scope, long items, long profiles)
    {
        if (items - profiles <= FewItems + (profiles / ObsoleteShare))
            return;
        var last = LastItems(file, scope, profiles);
        file.Write(() => Rewrite(file, scope, last), toDisk: true);
        file.Shrink();
    }

    private static SyncTable LastItems(ISyncFile file, long scope, long profiles)
    {
        var (last, number) = (new SyncTable(profiles), UInt128.Zero);
        foreach (var block in file.ReadItems(scope))
        {
            for (var items = block.Span; !items.IsEmpty;)
            {
                ref var slot = ref last.Get(ProfileHash.Of(SyncItem.Read(ref items).Id));
                (slot.Run, slot.Hash) = (1, number++);
            }
        }

        return last;
    }

    private static void Rewrite(ISyncFile file, long scope, SyncTable last)
    {
        var (kept, count, number) = (new GrowingBuffer(BlockLength + 1024), 0, UInt128.Zero);
        foreach (var block in file.ReadItems(scope))
        {
            for (var items = block.Span; !items.IsEmpty; number++)
            {
                var item = SyncItem.Read(ref items);
                if (item.Knowledge.IsRemoved || last.Get(ProfileHash.Of(item.Id)).Hash != number)
                    continue;
                item.WriteTo(kept);
                count++;
                if (kept.Length >= BlockLength)
                    Write();
            }
        }

        Write();
        file.RemoveItems(scope);

        void Write()
        {
            if (count > 0)
                file.AddItems(scope, count, kept.WrittenSpan.ToArray());
            kept.Truncate(0);
            count = 0;
        }
    }
}
