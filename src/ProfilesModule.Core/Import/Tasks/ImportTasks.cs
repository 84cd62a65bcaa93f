using System.Globalization;
using ProfilesModule.Delivery;

namespace ProfilesModule.Import.Tasks;

/// <summary>The tasks of an import, from the runs that their logs and states tell of. Each counts once.</summary>
internal sealed class ImportTasks
{
    private readonly Dictionary<string, TaskRun> _runs = new(StringComparer.Ordinal);

    // What the runs read of which a log tells.
    private Dictionary<string, string> _sources = [];

    /// <summary>Whether no run was found.</summary>
    public bool IsEmpty => _runs.Count == 0;

    /// <summary>The tasks that were found, in the order of what they read and of their numbers. Call <see cref="Find"/> first.</summary>
    public IReadOnlyList<ImportTask> Tasks { get; private set; } = [];

    /// <summary>How many tasks the partitions make.</summary>
    public int Expected { get; private set; }

    /// <summary>The numbers of partitions of which no run was found.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>The inputs that other runs divided into another number of partitions, which do not count, with the two numbers.</summary>
    public IReadOnlyList<(string Source, int? Counted, int? LeftOut)> Divided { get; private set; } = [];

    /// <summary>
    /// The worst exit code: that of a task that failed; 75 if a task is unfinished or missing; 1 if rows were rejected or are unknown; else 0.
    /// </summary>
    public int ExitCode
    {
        get
        {
            if (Tasks.Where(task => task.Outcome == TaskOutcome.Failed).Select(task => task.ExitCode).DefaultIfEmpty().Max() is > 0 and var failed)
                return failed;
            return Missing.Count > 0 || Tasks.Any(task => task.Outcome == TaskOutcome.Unfinished) ? RunEnd.TryLater : Tasks.Max(task => task.ExitCode);
        }
    }

    /// <summary>Takes a line of a log.</summary>
    public void Add(string log, LogRecord record)
    {
        if (!_runs.TryGetValue(record.Run, out var run))
            _runs.Add(record.Run, run = new(log));
        run.Add(record);
    }

    /// <summary>Takes a run that a state tells of.</summary>
    public void Add(TaskRun run) =>
        _runs[string.Create(CultureInfo.InvariantCulture, $"{run.Log}\n{run.Started.UtcTicks}\n{run.Endpoint}\n{run.GroupKey}")] = run;

    /// <summary>Finds the tasks of the runs that were added.</summary>
    public void Find()
    {
        _sources = _runs.Values.Where(run => run.Source is not null).GroupBy(run => run.Log)
            .ToDictionary(runs => runs.Key, runs => runs.Select(run => run.Source!).Min(StringComparer.Ordinal)!);
        var (tasks, missing, divided) = (new List<ImportTask>(), new List<int>(), new List<(string, int?, int?)>());
        foreach (var job in _runs.Values.GroupBy(JobOf).OrderBy(job => job.Key.Source, StringComparer.Ordinal).ThenBy(job => job.Key.Log, StringComparer.Ordinal))
        {
            var byCount = job.GroupBy(run => run.PartitionCount).OrderByDescending(runs => runs.Max(run => run.Last)).ToArray();
            divided.AddRange(byCount.Skip(1).Select(other => (job.Key.Source, byCount[0].Key, other.Key)));
            var found = byCount[0].GroupBy(run => run.Partition).OrderBy(runs => runs.Key).ToArray();
            tasks.AddRange(found.Select(runs => new ImportTask(runs)));
            missing.AddRange(Enumerable.Range(0, byCount[0].Key ?? 0).Except(found.Select(runs => runs.Key ?? 0)));
        }

        (Tasks, Expected, Divided) = (tasks, tasks.Count + missing.Count, divided);
        Missing = [.. missing.Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>
    /// The import that a run is a part of. A run that failed before it read anything belongs to the others in its log; standard input is
    /// another in each log.
    /// </summary>
    private (string Endpoint, string GroupKey, string Source, string Log) JobOf(TaskRun run)
    {
        var source = run.Source ?? _sources.GetValueOrDefault(run.Log);
        return (run.Endpoint, run.GroupKey, source ?? "", source is null or "-" ? run.Log : "");
    }
}
