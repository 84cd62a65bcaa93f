using ProfilesModule.Delivery.Trail;
using ProfilesModule.Import.Tasks;
using ProfilesModule.Rules;

namespace ProfilesModule;

/// <summary>One task of an import, or an import that is not divided. Its last run counts, with the rows of the runs that it continued.</summary>
public sealed class UserProfileImportTask
{
    private readonly ImportTask _task;
    private readonly DeliveryAccount _account;

    internal UserProfileImportTask(ImportTask task) => (_task, _account) = (task, task.Account);

    /// <summary>The number of the partition; what was read, if that was everything.</summary>
    public string Name => _task.Name;

    /// <summary>The number of the partition, counted from 0; null if the task read everything.</summary>
    public int? Partition => _task.Last.Partition;

    /// <summary>The number of partitions; null if the task read everything.</summary>
    public int? PartitionCount => _task.Last.PartitionCount;

    /// <summary>
    /// Completed; Unfinished if it was killed, is still running, or ended early and may be started again; or Failed if it ended early and
    /// would again, or must not be started again.
    /// </summary>
    public string Status => _task.Outcome.ToString();

    /// <summary>Rows read. Of a task that was killed, this and the other counts have the rows that are known to be accepted.</summary>
    public long Read => _account.Read;

    /// <summary>Rows whose update the service accepted.</summary>
    public long Accepted => _account.Accepted;

    /// <summary>Rows that were not sent, because the state says that the service has their update.</summary>
    public long Unchanged => _account.Unchanged;

    /// <summary>Rows that were rejected, by the service or before sending.</summary>
    public long Rejected => _account.Rejected;

    /// <summary>Rows that were intentionally left out.</summary>
    public long Skipped => _account.Skipped;

    /// <summary>Rows whose update may have been applied, and would count twice if it were sent again.</summary>
    public long Unknown => _account.Unknown;

    /// <summary>Rows that were read but not sent.</summary>
    public long Unsent => _account.Unsent;

    /// <summary>Profiles that were removed, because the input did not have them any more.</summary>
    public long Removed => _task.Last.Removed;

    /// <summary>Requests that the runs of the task sent, including retries.</summary>
    public long Requests => _account.Requests;

    /// <summary>Requests that repeated a failed one.</summary>
    public long Retries => _account.Retries;

    /// <summary>Bytes of request bodies sent.</summary>
    public long Bytes => _account.Bytes;

    /// <summary>How often the task was started, until it was complete.</summary>
    public int Runs => _task.Runs;

    /// <summary>When the first of these runs began.</summary>
    public DateTimeOffset Started => _task.Started.ToLocalTime();

    /// <summary>When the last of these runs ended, or last wrote to its log.</summary>
    public DateTimeOffset Ended => _task.Last.Last.ToLocalTime();

    /// <summary>The time that these runs took together, without the time between them.</summary>
    public TimeSpan Duration => _task.Duration;

    /// <summary>Why the last run ended early, as an ErrorId, Interrupted or Incomplete; null if it did not, or was killed.</summary>
    public string? StoppedBy => _task.Last.Stop;

    /// <summary>The exit code of the last run; if it was killed or is still running, 75 if it may be started again, otherwise 2.</summary>
    public int ExitCode => _task.ExitCode;

    /// <summary>What was read.</summary>
    public IReadOnlyList<string> Path => _task.Last.Sources;

    /// <summary>The reject file; null if there is none, and for a state.</summary>
    public string? RejectPath => _task.Last.RejectPath;

    /// <summary>The log or the state that tells of the task.</summary>
    public string LogPath => _task.Last.Log;

    /// <summary>The name of the task, and how long it took.</summary>
    public override string ToString() => $"{Name} ({Phrase.Duration(Duration)})";
}
