namespace ProfilesModule;

/// <summary>
/// A profile, of a user or of a group. In PowerShell it also has one member for each property, so that it shows, filters and
/// exports like any row; a hidden member of PowerShell, Properties, is the truth behind them, and what the Set commands take when
/// a profile is piped to them.
/// </summary>
public abstract class ServiceProfile
{
    private protected ServiceProfile(DateTime? updatedAt, PropertyDictionary properties)
    {
        UpdatedAt = updatedAt;
        Properties = properties;
    }

    /// <summary>When the profile was last updated (<c>$last_seen</c>), in the time zone of the project; null when the service did not say.</summary>
    public DateTime? UpdatedAt { get; }

    /// <summary>Every property by its exact name, in the service's order. Names that differ only in letter case are different properties.</summary>
    internal PropertyDictionary Properties { get; }

    /// <summary>The identifier of the profile.</summary>
    public override string ToString() => Id;

    /// <summary>The identifier.</summary>
    internal abstract string Id { get; }

    /// <summary>The members that say which profile it is, in the order in which they are shown.</summary>
    internal abstract IEnumerable<KeyValuePair<string, object?>> Identity { get; }
}
