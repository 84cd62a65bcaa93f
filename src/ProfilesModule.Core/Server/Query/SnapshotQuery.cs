namespace ProfilesModule.Server;

/// <summary>What a query asks for.</summary>
internal sealed record SnapshotQuery
{
    /// <summary>The type of the groups that are asked for, or <see cref="ProfileKey.Users"/>.</summary>
    public required long DataGroupId { get; init; }

    /// <summary>The profiles to look up, each once; null for all.</summary>
    public required IReadOnlyList<string>? DistinctIds { get; init; }

    /// <summary>What a profile must meet, all of it.</summary>
    public required IReadOnlyList<ProfileFilter> Filters { get; init; }

    /// <summary>The properties to return; null for all.</summary>
    public required IReadOnlySet<string>? OutputProperties { get; init; }

    /// <summary>How many profiles of a snapshot match.</summary>
    /// <exception cref="QueryRefusedException">A filter cannot be evaluated.</exception>
    public long Count(IProfileSnapshot snapshot) =>
        DistinctIds is null && Filters.Count == 0 ? snapshot.Count(DataGroupId) : Matches(snapshot, 0).LongCount();

    /// <summary>
    /// The matching profiles from a position on. The positions are the query's own: those of the snapshot, or for a list
    /// of ids the place in that list.
    /// </summary>
    /// <exception cref="QueryRefusedException">A filter cannot be evaluated.</exception>
    public IEnumerable<StoredProfile> Matches(IProfileSnapshot snapshot, long position)
    {
        IEnumerable<StoredProfile> profiles = DistinctIds is null ? snapshot.ReadFrom(DataGroupId, position) : LookUp(DistinctIds, snapshot, position);
        return Filters.Count == 0 ? profiles : profiles.Where(profile => Filters.All(filter => filter.Matches(profile)));
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
