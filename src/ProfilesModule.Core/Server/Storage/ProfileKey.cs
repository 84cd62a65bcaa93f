namespace ProfilesModule.Server;

/// <summary>Which profile: group profiles are kept apart from those of users, and each type of group from the others.</summary>
/// <param name="DataGroupId">The group type, as the query's <c>data_group_id</c> names it; <see cref="Users"/> for a user's profile.</param>
/// <param name="DistinctId">The user's distinct id, or the group's id.</param>
internal readonly record struct ProfileKey(long DataGroupId, string DistinctId)
{
    /// <summary>Stands where a group type would: 0, which no group type has.</summary>
    public const long Users = 0;
}
