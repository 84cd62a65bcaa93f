namespace ProfilesModule.Server;

/// <summary>Finds the profile that an update is for.</summary>
internal sealed class ProfileKeys
{
    private readonly GroupTypes _groupTypes;
    private readonly Dictionary<string, string> _aliases;

    /// <param name="groupTypes">The group types of the project.</param>
    /// <param name="aliases">The distinct id that each alias stands for; null for none.</param>
    /// <exception cref="ArgumentException">An alias stands for another alias.</exception>
    public ProfileKeys(GroupTypes groupTypes, IReadOnlyDictionary<string, string>? aliases)
    {
        _groupTypes = groupTypes;
        _aliases = new Dictionary<string, string>(aliases ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (_aliases.FirstOrDefault(alias => _aliases.ContainsKey(alias.Value)) is { Key: { } key })
            throw new ArgumentException($"The alias '{key}' stands for another alias.");
    }

    /// <summary>The profile, or null if the project does not know its group key.</summary>
    public ProfileKey? Find(ProfileUpdate update)
    {
        if (update.GroupKey is null)
            return new ProfileKey(ProfileKey.Users, update.IgnoreAlias ? update.Id : _aliases.GetValueOrDefault(update.Id, update.Id));
        return _groupTypes.Find(update.GroupKey) is { } dataGroupId ? new ProfileKey(dataGroupId, update.Id) : null;
    }
}
