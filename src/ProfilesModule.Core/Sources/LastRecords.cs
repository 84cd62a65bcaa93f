namespace ProfilesModule.Sources;

/// <summary>
/// Which record of a file is the last of its identifier. Only identifiers that occur more than once take memory for
/// themselves. Two of them are told apart by 64 bits: of a hundred million, two are taken for one with a chance of 1 in 3,000.
/// </summary>
internal sealed class LastRecords
{
    private readonly IdentifierSet _seen = new();
    private readonly Dictionary<ulong, long> _last = [];

    /// <summary>Notes the identifier of the next record.</summary>
    public void Add(ulong hash, long record)
    {
        // One that is falsely taken for a repetition is noted with its own record, and does no harm.
        if (!_seen.Add(hash))
            _last[hash] = record;
    }

    /// <summary>Whether another record of the identifier follows.</summary>
    public bool IsFollowed(ulong hash, long record) => _last.TryGetValue(hash, out var last) && last != record;
}
