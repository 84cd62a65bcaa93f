namespace ProfilesModule;

/// <summary>
/// The profile of a user or a group. In PowerShell it also has a member for each property, so that it is displayed, filtered and
/// exported like any other object. The hidden member Properties holds the values of these members, and the Set commands read it
/// when a profile is piped to them.
/// </summary>
public abstract class ServiceProfile
{
    private protected ServiceProfile(string id, DateTime? updatedAt, PropertyDictionary properties) =>
        (Id, UpdatedAt, Properties) = (id, updatedAt, properties);

    /// <summary>
    /// When the profile was last updated (<c>$last_seen</c>), in the time zone of the project; null if the service did not return
    /// it.
    /// </summary>
    public DateTime? UpdatedAt { get; }

    /// <summary>All properties by exact name, in the order of the service. Names are case-sensitive.</summary>
    internal PropertyDictionary Properties { get; }

    /// <summary>The id of the profile.</summary>
    public override string ToString() => Id;

    internal string Id { get; }

    /// <summary>The members that identify the profile, in display order.</summary>
    internal abstract IEnumerable<KeyValuePair<string, object?>> Identity { get; }
}

/// <summary>The profile of a user.</summary>
public sealed class UserProfile : ServiceProfile
{
    internal UserProfile(string distinctId, DateTime? updatedAt, PropertyDictionary properties)
        : base(distinctId, updatedAt, properties)
    {
    }

    /// <summary>The distinct id of the user.</summary>
    public string DistinctId => Id;

    internal override IEnumerable<KeyValuePair<string, object?>> Identity => [new(nameof(DistinctId), DistinctId)];
}

/// <summary>The profile of a group.</summary>
public sealed class GroupProfile : ServiceProfile
{
    internal GroupProfile(string? groupKey, string groupId, DateTime? updatedAt, PropertyDictionary properties)
        : base(groupId, updatedAt, properties) => GroupKey = groupKey;

    /// <summary>The id of the group, unique within its group key.</summary>
    public string GroupId => Id;

    /// <summary>
    /// The group key, such as company; null if the profile was read without -GroupKey, because the service does not return it.
    /// </summary>
    public string? GroupKey { get; }

    internal override IEnumerable<KeyValuePair<string, object?>> Identity =>
        [new(nameof(GroupId), GroupId), new(nameof(GroupKey), GroupKey)];
}

/// <summary>
/// Identifies a profile: the distinct id of a user, or the id of a group. A parameter of this type takes text, a number, a
/// profile, or any object with a property that holds the id.
/// </summary>
public sealed record ProfileId
{
    internal ProfileId(string text, string? groupKey = null) => (Text, GroupKey) = (text, groupKey);

    /// <summary>The id itself.</summary>
    public string Text { get; }

    /// <summary>The group key of the object that the id was taken from; null for a user, or if the object does not state it.</summary>
    public string? GroupKey { get; }

    /// <summary>Makes an id from text.</summary>
    /// <param name="text">The id.</param>
    public static ProfileId Parse(string text) => new(text);

    /// <summary>The id itself.</summary>
    public override string ToString() => Text;
}
