namespace ProfilesModule.Sources;

/// <summary>
/// The identifiers that were read so far, to count the rows whose identifier had come before. It keeps 48 bits of a hash of
/// each, in about six bytes and without an allocation for each: of a million identifiers the count is one too high with a
/// chance of 1 in 500, of ten million 1 in 6. Nothing but the count depends on it. For one reader.
/// </summary>
public sealed class IdentifierSet
{
    private const int ShardBits = 16;

    // Sixteen bits of a hash choose the shard, thirty-two others are kept in it; zero is a free place.
    private readonly uint[]?[] _shards = new uint[]?[1 << ShardBits];
    private readonly int[] _counts = new int[1 << ShardBits];

    /// <summary>How many were added that had been added before.</summary>
    public long Repeated { get; private set; }

    /// <summary>Adds an identifier; false when it was there.</summary>
    /// <param name="hash">The hash of it, of 64 bits.</param>
    internal bool Add(ulong hash)
    {
        var mixed = Mix(hash);
        var index = (int)(mixed >> (64 - ShardBits));
        var shard = _shards[index] ??= new uint[4];
        if (!TryAdd(shard, Kept(mixed)))
        {
            Repeated++;
            return false;
        }

        // Fuller than this, a shard would be searched for long; growing by a quarter wastes little.
        if (++_counts[index] > shard.Length * 4 / 5)
            _shards[index] = Grown(shard);
        return true;
    }

    private static uint Kept(ulong mixed) => (uint)mixed is not 0 and var kept ? kept : 1;

    private static uint[] Grown(uint[] shard)
    {
        var larger = new uint[shard.Length + Math.Max(2, shard.Length / 4)];
        foreach (var kept in shard)
        {
            if (kept != 0)
                TryAdd(larger, kept);
        }

        return larger;
    }

    private static bool TryAdd(uint[] shard, uint kept)
    {
        var place = (int)(((ulong)kept * (ulong)shard.Length) >> 32);
        while (shard[place] != 0)
        {
            if (shard[place] == kept)
                return false;
            place = place + 1 == shard.Length ? 0 : place + 1;
        }

        shard[place] = kept;
        return true;
    }

    // The bits of a simple hash are not alike in worth (the finalizer of SplitMix64).
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
