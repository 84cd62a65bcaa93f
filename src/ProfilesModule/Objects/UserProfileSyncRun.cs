using ProfilesModule.Delivery.Sync;

namespace ProfilesModule;

/// <summary>A run of an import or a Set command with a state (<c>-StatePath</c>), as the state records it.</summary>
public sealed class UserProfileSyncRun
{
    private readonly SyncRun _run;

    internal UserProfileSyncRun(SyncScope scope, SyncRun run)
    {
        _run = run;
        (Endpoint, GroupKey) = (scope.Endpoint, scope.GroupKey.Length == 0 ? null : scope.GroupKey);
        Source = run.Source.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The number of the run, counted from 1 in its state.</summary>
    public long Run => _run.Number;

    /// <summary>When the run began.</summary>
    public DateTimeOffset Started => _run.Started.ToLocalTime();

    /// <summary>How long the run took; null if it was killed, or has not ended.</summary>
    public TimeSpan? Duration => _run.Ended - _run.Started;

    /// <summary>The files or the query that were read, or the name of the Set command.</summary>
    public IReadOnlyList<string> Source { get; }

    /// <summary>The number of the partition (-Partition), counted from 0; null if all rows were sent.</summary>
    public int? Partition => _run.Partition;

    /// <summary>How many partitions there were; null if all rows were sent.</summary>
    public int? PartitionCount => _run.PartitionCount;

    /// <summary>Rows read. All counts are 0 if the run was killed, or has not ended.</summary>
    public long Read => _run.Account.Read;

    /// <summary>Rows whose update the service accepted.</summary>
    public long Accepted => _run.Account.Accepted;

    /// <summary>Rows that were not sent, because the service had their update.</summary>
    public long Unchanged => _run.Account.Unchanged;

    /// <summary>Rows that were rejected, by the service or before sending.</summary>
    public long Rejected => _run.Account.Rejected;

    /// <summary>Rows that were intentionally left out.</summary>
    public long Skipped => _run.Account.Skipped;

    /// <summary>Rows that were not sent because the run ended early.</summary>
    public long Unsent => _run.Account.Unsent;

    /// <summary>Profiles that were removed, because the input did not have them any more.</summary>
    public long Removed => _run.Removed;

    /// <summary>Why the run ended early, as an ErrorId or Incomplete; null if it did not.</summary>
    public string? StoppedBy => _run.Stop;

    /// <summary>The exit code of an import; null for a Set command, and if the run was stopped or killed.</summary>
    public int? ExitCode => _run.ExitCode;

    /// <summary>
    /// A hash of the parameters that shape updates. If it differs from that of the run before, most rows were sent again.
    /// </summary>
    public string MappingHash => _run.ParametersHash;

    /// <summary>The base address of the service.</summary>
    public string Endpoint { get; }

    /// <summary>The kind of group; null for users.</summary>
    public string? GroupKey { get; }
}
