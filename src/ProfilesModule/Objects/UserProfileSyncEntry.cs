using System.Globalization;
using ProfilesModule.Delivery.Sync;

namespace ProfilesModule;

/// <summary>What a state (<c>-StatePath</c>) knows of a profile.</summary>
public sealed class UserProfileSyncEntry
{
    internal UserProfileSyncEntry(SyncRecord record)
    {
        (DistinctId, Endpoint, Property) = (record.Id, record.Scope.Endpoint, record.Properties);
        GroupKey = record.Scope.GroupKey.Length == 0 ? null : record.Scope.GroupKey;
        (Run, SentAt) = (record.Run?.Number, record.Run?.Started.ToLocalTime());
        Status = record.Knowledge.IsRemoved ? UserProfileSyncStatus.Removed
            : record.Knowledge.HasUpdate ? UserProfileSyncStatus.Accepted
            : UserProfileSyncStatus.InDoubt;
        Hash = record.Knowledge.HasUpdate ? record.Hash.ToString("x32", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The distinct id of the user, or the id of the group.</summary>
    public string DistinctId { get; }

    /// <summary>What became of the last update of the profile.</summary>
    public UserProfileSyncStatus Status { get; }

    /// <summary>The beginning of the run that sent the last update.</summary>
    public DateTimeOffset? SentAt { get; }

    /// <summary>The number of that run.</summary>
    public long? Run { get; }

    /// <summary>The hash of the update, 32 hexadecimal digits; null if it is not known that the service has it.</summary>
    public string? Hash { get; }

    /// <summary>The names of the properties that the profile got with this state.</summary>
    public IReadOnlyList<string> Property { get; }

    /// <summary>The base address of the service.</summary>
    public string Endpoint { get; }

    /// <summary>The kind of group; null for users.</summary>
    public string? GroupKey { get; }
}

/// <summary>What became of the last update of a profile.</summary>
public enum UserProfileSyncStatus
{
    /// <summary>The service has it.</summary>
    Accepted,

    /// <summary>It was sent, and it is not known whether the service has it. The next run sends the row, whatever it is.</summary>
    InDoubt,

    /// <summary>The profile was removed.</summary>
    Removed,
}
