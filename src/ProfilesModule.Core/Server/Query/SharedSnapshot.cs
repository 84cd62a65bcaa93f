namespace ProfilesModule.Server;

/// <summary>
/// A snapshot that several queries read, and that is disposed when the last one has let go of it. A snapshot is used by one
/// thread at a time, so whoever reads it holds the lock on this object.
/// </summary>
internal sealed class SharedSnapshot
{
    private int _users = 1;

    /// <param name="profiles">The snapshot; whoever makes this object is its first user.</param>
    public SharedSnapshot(IProfileSnapshot profiles) => Profiles = profiles;

    /// <summary>The profiles.</summary>
    public IProfileSnapshot Profiles { get; }

    /// <summary>Adds a user. Called while there is one.</summary>
    public SharedSnapshot Share()
    {
        lock (this)
            _users++;
        return this;
    }

    /// <summary>Removes a user.</summary>
    public void Release()
    {
        lock (this)
        {
            if (--_users == 0)
                Profiles.Dispose();
        }
    }
}
