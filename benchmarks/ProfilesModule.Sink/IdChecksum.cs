namespace ProfilesModule.Benchmarks;

/// <summary>
/// Tells whether the same distinct ids came, each as often, in whatever order: the sum of a hash of each. With the right
/// number of records, an equal sum means that each came exactly once.
/// </summary>
internal static class IdChecksum
{
    /// <summary>What one id adds to the sum: FNV-1a with the finalizer of SplitMix64, so that sums of similar ids differ.</summary>
    public static ulong Of(ReadOnlySpan<byte> id)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in id)
            hash = (hash ^ b) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
