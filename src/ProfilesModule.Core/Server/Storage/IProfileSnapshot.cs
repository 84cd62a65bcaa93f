namespace ProfilesModule.Server;

/// <summary>The profiles at one moment. Used by one thread at a time, and disposed before its store.</summary>
public interface IProfileSnapshot : IDisposable
{
    /// <summary>How many profiles the snapshot holds.</summary>
    long Count { get; }

    /// <summary>The profiles from a position on, in ascending order of position, which is the order of creation.</summary>
    /// <param name="position">The first position that may be returned; 0 for all.</param>
    /// <exception cref="IOException">The store could not be read.</exception>
    IEnumerable<StoredProfile> ReadFrom(long position);

    /// <summary>The profile with a distinct id.</summary>
    /// <param name="distinctId">The distinct id.</param>
    /// <returns>The profile, or null if there is none.</returns>
    /// <exception cref="IOException">The store could not be read.</exception>
    StoredProfile? Find(string distinctId);
}
