namespace ProfilesModule.Server;

/// <summary>Finds the profile that an update is for.</summary>
internal sealed class ProfileKeys
{
    private readonly GroupTypes _groupTypes;

    public ProfileKeys(GroupTypes groupTypes) => _groupTypes = groupTypes;

    /// <summary>The profile, or null if the project does not know its group key.</summary>
    public ProfileKey? Find(ProfileUpdate update)
    {
        if (update.GroupKey is null)
            return new ProfileKey(ProfileKey.Users, update.Id);
        return _groupTypes.Find(update.GroupKey) is { } dataGroupId ? new ProfileKey(dataGroupId, update.Id) : null;
    }
}
