using System.Collections.Specialized;
using System.Management.Automation;

namespace ProfilesModule;

/// <summary>
/// A user profile. In PowerShell it also has one member for each property, so that it shows, filters and exports like any
/// row; <see cref="Properties"/> is the truth behind them, and what <c>Set-UserProfile</c> takes when a profile is piped to it.
/// </summary>
public sealed class UserProfile
{
    internal UserProfile(string distinctId, DateTime? updatedAt, OrderedDictionary properties)
    {
        DistinctId = distinctId;
        UpdatedAt = updatedAt;
        Properties = properties;
    }

    /// <summary>The identifier of the profile.</summary>
    public string DistinctId { get; }

    /// <summary>When the profile was last updated (<c>$last_seen</c>), in the time zone of the project; null when the service did not say.</summary>
    public DateTime? UpdatedAt { get; }

    /// <summary>Every property by its exact name, in the service's order. Names that differ only in letter case are different properties.</summary>
    [Hidden]
    public OrderedDictionary Properties { get; }

    /// <summary>The distinct id.</summary>
    public override string ToString() => DistinctId;
}
