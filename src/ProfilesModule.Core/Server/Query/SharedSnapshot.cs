namespace ProfilesModule.Server;

/// <summary>
/// A snapshot that several queries read, and that is disposed when the last one has let go of it. A snapshot is used by one
/// thread at a time, so whoever reads it holds the lock on this object.
/// </summary>
internal sealed class SharedSnapshot
{
    private IProfileSnapshot? _profiles;
    private int _users = 1;

    /// <param name="profiles">The snapshot; whoever makes this object is its first user.</param>
    public SharedSnapshot(IProfileSnapshot profiles) => _profiles = profiles;

    /// <summary>The profiles. Asked for while there is a user.</summary>
    public IProfileSnapshot Profiles => _profiles ?? throw new ObjectDisposedException(nameof(SharedSnapshot));

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
            if (--_users > 0)
                return;

            // A session whose only page was read is kept for its number alone, and must not keep the profiles.
            _profiles?.Dispose();
            _profiles = null;
        }
    }
}
