namespace ProfilesModule.Server;

/// <summary>A profile as an <see cref="IProfileStore"/> keeps it.</summary>
/// <param name="Position">Its place in the order of creation, 0 or greater; not necessarily without gaps.</param>
/// <param name="DistinctId">The user's distinct id, or the group's id.</param>
/// <param name="Properties">Its properties, <c>$last_seen</c> included: one JSON object in UTF-8.</param>
internal readonly record struct StoredProfile(long Position, string DistinctId, ReadOnlyMemory<byte> Properties);
