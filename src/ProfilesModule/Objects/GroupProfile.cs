namespace ProfilesModule;

/// <summary>The profile of a group.</summary>
public sealed class GroupProfile : ServiceProfile
{
    internal GroupProfile(string? groupKey, string groupId, DateTime? updatedAt, PropertyDictionary properties)
        : base(updatedAt, properties)
    {
        GroupKey = groupKey;
        GroupId = groupId;
    }

    /// <summary>The identifier of the group among those of its kind.</summary>
    public string GroupId { get; }

    /// <summary>The kind of group, such as company; null when it was read without naming it, since the service does not return it.</summary>
    public string? GroupKey { get; }

    internal override string Id => GroupId;

    internal override IEnumerable<KeyValuePair<string, object?>> Identity => [new(nameof(GroupId), GroupId), new(nameof(GroupKey), GroupKey)];
}
