using System.Collections.Specialized;

namespace ProfilesModule.Rows;

/// <summary>The profile that events of one user wait for.</summary>
/// <param name="distinctId">The user.</param>
internal sealed class JoinedProfile(string distinctId)
{
    public string DistinctId { get; } = distinctId;

    /// <summary>Whether the service was asked.</summary>
    public bool IsRead { get; set; }

    /// <summary>The properties; null when there is no profile.</summary>
    public OrderedDictionary? Properties { get; set; }

    /// <summary>When the profile was last updated; null when the service did not say.</summary>
    public DateTime? UpdatedAt { get; set; }
}
