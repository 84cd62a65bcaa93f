namespace ProfilesModule.Server;

/// <summary>One valid record of a request.</summary>
internal sealed record ProfileUpdate
{
    /// <summary>The project token it carries.</summary>
    public required string Token { get; init; }

    /// <summary>The key of a group's type; null for a user's profile.</summary>
    public required string? GroupKey { get; init; }

    /// <summary>The distinct id of the user, or the id of the group.</summary>
    public required string Id { get; init; }

    /// <summary>Whether <see cref="Id"/> is to be taken literally, even if it is an alias.</summary>
    public required bool IgnoreAlias { get; init; }

    /// <summary>When the update happened.</summary>
    public required UpdateTime Time { get; init; }

    /// <summary>What <c>$last_seen</c> becomes, or null if the record leaves it alone (<c>$ignore_time</c>).</summary>
    public required string? LastSeen { get; init; }

    /// <summary>What it does, in the order in which it is done.</summary>
    public required IReadOnlyList<ProfileOperation> Operations { get; init; }
}
