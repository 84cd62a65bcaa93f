namespace ProfilesModule.Server;

/// <summary>The profiles as one transaction sees and changes them. Used by one thread.</summary>
internal interface IProfileTransaction
{
    /// <summary>What a profile is.</summary>
    /// <param name="key">Which profile.</param>
    /// <returns>Its state, or null if there is no such profile.</returns>
    ProfileState? Find(ProfileKey key);

    /// <summary>Adds a profile unless there is one.</summary>
    /// <param name="key">Which profile.</param>
    /// <param name="state">What it becomes.</param>
    /// <returns>False if there is a profile with that key already; then nothing changed.</returns>
    bool TryAdd(ProfileKey key, ProfileState state);

    /// <summary>Gives a profile another state. Without such a profile nothing happens.</summary>
    /// <param name="key">Which profile.</param>
    /// <param name="state">What it becomes.</param>
    void Replace(ProfileKey key, ProfileState state);

    /// <summary>Removes a profile. Without such a profile nothing happens.</summary>
    /// <param name="key">Which profile.</param>
    void Delete(ProfileKey key);
}
