using System.Globalization;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Import.Tasks;

/// <summary>What became of a task.</summary>
internal enum TaskOutcome
{
    /// <summary>Every row has its outcome.</summary>
    Completed,

    /// <summary>It was killed, is still running, or ended early, and may be started again.</summary>
    Unfinished,

    /// <summary>It ended early, and would again, or must not be started again.</summary>
    Failed,
}

/// <summary>
/// One task of an import: its last run counts, which includes the rows of the runs that it continued, or repeated them. The runs before it
/// tell how long it took, back to the last that was complete: that one belongs to an earlier import of the same input.
/// </summary>
internal sealed class ImportTask
{
    // At least one, the last one first.
    private readonly List<TaskRun> _runs = [];

    /// <param name="runs">The runs of the task, in any order.</param>
    public ImportTask(IEnumerable<TaskRun> runs)
    {
        foreach (var run in runs.OrderByDescending(run => run.Last).ThenByDescending(run => run.Started))
        {
            if (_runs.Count > 0 && run.IsComplete)
                break;
            _runs.Add(run);
        }
    }

    /// <summary>The run that counts.</summary>
    public TaskRun Last => _runs[0];

    public int Runs => _runs.Count;

    /// <summary>The number of its partition, or what it read if that was all.</summary>
    public string Name => Last.Partition?.ToString(CultureInfo.InvariantCulture) ?? Last.Source ?? Last.Log;

    public DateTimeOffset Started => _runs.Min(run => run.Started);

    /// <summary>The time that its runs took together.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(_runs.Sum(run => (run.Last - run.Started).Ticks));

    /// <summary>What became of its rows, and what all its runs sent for that.</summary>
    public DeliveryAccount Account => Last.Account with
    {
        Requests = _runs.Sum(run => run.Account.Requests),
        Retries = _runs.Sum(run => run.Account.Retries),
        Bytes = _runs.Sum(run => run.Account.Bytes),
    };

    public TaskOutcome Outcome => Last switch
    {
        { IsComplete: true } => TaskOutcome.Completed,
        { ExitCode: null, MayStartAgain: true } or { ExitCode: RunEnd.TryLater } => TaskOutcome.Unfinished,
        _ => TaskOutcome.Failed,
    };

    /// <summary>The exit code of its last run, or what it would be.</summary>
    public int ExitCode => Last.ExitCode ?? (Last.MayStartAgain ? RunEnd.TryLater : RunEnd.Stopped);

    /// <summary>The reject file, if it has rows to look at.</summary>
    public string? RejectPath => Last.Account is { Rejected: > 0 } or { Unknown: > 0 } ? Last.RejectPath : null;
}
