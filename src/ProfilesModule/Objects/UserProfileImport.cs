using ProfilesModule.Import.Tasks;

namespace ProfilesModule;

/// <summary>
/// The account of an import in several tasks: what became of the rows of all of them. Each task counts once, however often it was resumed
/// or repeated. Read = Accepted + Unchanged + Rejected + Skipped + Unknown + Unsent.
/// </summary>
public sealed class UserProfileImport
{
    internal UserProfileImport(ImportTasks tasks)
    {
        Tasks = [.. tasks.Tasks.Select(task => new UserProfileImportTask(task))];
        (Expected, Missing, ExitCode) = (tasks.Expected, tasks.Missing, tasks.ExitCode);
        Path = [.. Tasks.SelectMany(task => task.Path).Distinct(StringComparer.Ordinal)];
        Elapsed = Tasks.Max(task => task.Ended) - Tasks.Min(task => task.Started);
        Slowest = Tasks.MaxBy(task => task.Duration)!;
        RejectPath = [.. tasks.Tasks.Select(task => task.RejectPath).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What the tasks read.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The number of tasks that there should be: one for each partition.</summary>
    public int Expected { get; }

    /// <summary>The number of tasks of which a run was found.</summary>
    public int Found => Tasks.Count;

    /// <summary>The numbers of the partitions of which no run was found.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>
    /// The numbers of the partitions whose task was killed, is still running, or ended early and may be started again. A task that read
    /// everything is named by what it read.
    /// </summary>
    public IReadOnlyList<string> Unfinished => With(TaskOutcome.Unfinished);

    /// <summary>
    /// The numbers of the partitions whose task ended early and would again, or must not be started again, because rows would count twice.
    /// </summary>
    public IReadOnlyList<string> Failed => With(TaskOutcome.Failed);

    /// <summary>Rows read. Of a task that was killed, this and the other counts have the rows that are known to be accepted.</summary>
    public long Read => Tasks.Sum(task => task.Read);

    /// <summary>Rows whose update the service accepted.</summary>
    public long Accepted => Tasks.Sum(task => task.Accepted);

    /// <summary>Rows that were not sent, because the state says that the service has their update.</summary>
    public long Unchanged => Tasks.Sum(task => task.Unchanged);

    /// <summary>Rows that were rejected, by the service or before sending.</summary>
    public long Rejected => Tasks.Sum(task => task.Rejected);

    /// <summary>Rows that were intentionally left out.</summary>
    public long Skipped => Tasks.Sum(task => task.Skipped);

    /// <summary>Rows whose update may have been applied, and would count twice if it were sent again.</summary>
    public long Unknown => Tasks.Sum(task => task.Unknown);

    /// <summary>Rows that were read but not sent.</summary>
    public long Unsent => Tasks.Sum(task => task.Unsent);

    /// <summary>Profiles that were removed, because the input did not have them any more.</summary>
    public long Removed => Tasks.Sum(task => task.Removed);

    /// <summary>Requests that the tasks sent, including retries and those of runs that were continued or repeated. 0 for states.</summary>
    public long Requests => Tasks.Sum(task => task.Requests);

    /// <summary>Requests that repeated a failed one.</summary>
    public long Retries => Tasks.Sum(task => task.Retries);

    /// <summary>Bytes of request bodies sent.</summary>
    public long Bytes => Tasks.Sum(task => task.Bytes);

    /// <summary>The time from the start of the first task to the end of the last one.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Rows that were accepted per second of that time.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Math.Round(Accepted / Elapsed.TotalSeconds) : 0;

    /// <summary>The task that took longest.</summary>
    public UserProfileImportTask Slowest { get; }

    /// <summary>The reject files that have rows to look at. Unknown for states.</summary>
    public IReadOnlyList<string> RejectPath { get; }

    /// <summary>Whether a task is missing, unfinished or failed.</summary>
    public bool StoppedEarly => Found < Expected || Tasks.Any(task => task.Status != nameof(TaskOutcome.Completed));

    /// <summary>
    /// The worst exit code of the tasks, for a job: that of a task that failed (2); else 75 if a task is missing or unfinished, and so may be
    /// started again; else 1 if rows were rejected or are unknown; else 0.
    /// </summary>
    public int ExitCode { get; }

    /// <summary>The tasks that were found.</summary>
    public IReadOnlyList<UserProfileImportTask> Tasks { get; }

    private string[] With(TaskOutcome outcome) => [.. Tasks.Where(task => task.Status == outcome.ToString()).Select(task => task.Name)];
}
