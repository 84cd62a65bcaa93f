namespace ProfilesModule;

/// <summary>The profile of a user.</summary>
public sealed class UserProfile : ServiceProfile
{
    internal UserProfile(string distinctId, DateTime? updatedAt, PropertyDictionary properties)
        : base(updatedAt, properties) => DistinctId = distinctId;

    /// <summary>The identifier of the user.</summary>
    public string DistinctId { get; }

    internal override string Id => DistinctId;

    internal override IEnumerable<KeyValuePair<string, object?>> Identity => [new(nameof(DistinctId), DistinctId)];
}
