namespace ProfilesModule.Server;

/// <summary>The profiles at one moment. Used by one thread at a time, and disposed before its store.</summary>
internal interface IProfileSnapshot : IDisposable
{
    /// <summary>How many profiles of a kind the snapshot holds.</summary>
    /// <param name="dataGroupId">The group type, or <see cref="ProfileKey.Users"/>.</param>
    /// <exception cref="IOException">The store could not be read.</exception>
    long Count(long dataGroupId);

    /// <summary>The profiles of a kind from a position on, in ascending order of position, which is the order of creation.</summary>
    /// <param name="dataGroupId">The group type, or <see cref="ProfileKey.Users"/>.</param>
    /// <param name="position">The first position that may be returned; 0 for all.</param>
    /// <exception cref="IOException">The store could not be read.</exception>
    IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position);

    /// <summary>One profile.</summary>
    /// <param name="key">Which profile.</param>
    /// <returns>The profile, or null if there is none.</returns>
    /// <exception cref="IOException">The store could not be read.</exception>
    StoredProfile? Find(ProfileKey key);
}
