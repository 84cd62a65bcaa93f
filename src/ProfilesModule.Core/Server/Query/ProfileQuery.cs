namespace ProfilesModule.Server;

/// <summary>What a query asks for.</summary>
/// <param name="DataGroupId">The type of the groups that are asked for, or <see cref="ProfileKey.Users"/>.</param>
/// <param name="DistinctIds">The profiles to look up, each once; null for all.</param>
/// <param name="OutputProperties">The properties to return; null for all.</param>
internal sealed record ProfileQuery(long DataGroupId, IReadOnlyList<string>? DistinctIds, IReadOnlySet<string>? OutputProperties)
{
    /// <summary>How many profiles of a snapshot match.</summary>
    public long Count(IProfileSnapshot snapshot) => DistinctIds is null ? snapshot.Count(DataGroupId) : Matches(snapshot, 0).LongCount();

    /// <summary>
    /// The matching profiles from a position on. The positions are the query's own: those of the snapshot, or for a list
    /// of ids the place in that list.
    /// </summary>
    public IEnumerable<StoredProfile> Matches(IProfileSnapshot snapshot, long position)
    {
        if (DistinctIds is null)
            return snapshot.ReadFrom(DataGroupId, position);
        return LookUp(DistinctIds, snapshot, position);
    }

    private IEnumerable<StoredProfile> LookUp(IReadOnlyList<string> distinctIds, IProfileSnapshot snapshot, long position)
    {
        for (int i = (int)position; i < distinctIds.Count; i++)
        {
            if (snapshot.Find(new ProfileKey(DataGroupId, distinctIds[i])) is { } profile)
                yield return profile with { Position = i };
        }
    }
}
