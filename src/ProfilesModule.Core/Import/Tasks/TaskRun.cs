using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Import.Tasks;

/// <summary>One run of an import, as its log or its state tells of it.</summary>
/// <param name="log">The file that tells of it.</param>
internal sealed class TaskRun(string log)
{
    private readonly List<string> _sources = [];
    private long _lastLine;

    /// <summary>The file that tells of it.</summary>
    public string Log => log;

    public string Endpoint { get; private set; } = "";

    public string GroupKey { get; private set; } = "";

    /// <summary>What was read.</summary>
    public IReadOnlyList<string> Sources => _sources;

    /// <summary>The first of it; null if nothing was.</summary>
    public string? Source => _sources.Count > 0 ? _sources[0] : null;

    /// <summary>The number of its part of the input; null if it read all of it.</summary>
    public int? Partition { get; private set; }

    public int? PartitionCount { get; private set; }

    public string? RejectPath { get; private set; }

    /// <summary>Whether the import may be started again if it did not come to its end.</summary>
    public bool MayStartAgain { get; private set; }

    public DateTimeOffset Started { get; private set; }

    /// <summary>When it last did something.</summary>
    public DateTimeOffset Last { get; private set; }

    /// <summary>
    /// What became of its rows and those of the runs that it continued; until it has ended, of those of which that is known.
    /// </summary>
    public DeliveryAccount Account { get; private set; } = new();

    public long Removed { get; private set; }

    /// <summary>Why it ended early; null if it did not.</summary>
    public string? Stop { get; private set; }

    /// <summary>Its exit code; null until it has ended, and if it was killed.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether it did all that it could.</summary>
    public bool IsComplete => ExitCode is 0 or 1;

    /// <summary>Takes the next line of the run. One that it has already, of a copy of the log, does not count.</summary>
    public void Add(LogRecord record)
    {
        if (record.N <= _lastLine)
            return;
        _lastLine = record.N;
        (Started, Last) = (_lastLine == 1 ? record.Time : Started, record.Time);
        if (record.Source is { } source)
            _sources.Add(source);
        if (record.Event == LogRecord.Start)
            Begin(record);
        else if (record.Event == LogRecord.Request)
            AddRequest(record);
        else if (record.Event == LogRecord.End)
            End(record);
    }

    /// <summary>A run that a state tells of.</summary>
    public static TaskRun Of(string state, SyncScope scope, SyncRun run)
    {
        var task = new TaskRun(state)
        {
            Endpoint = scope.Endpoint,
            GroupKey = scope.GroupKey,
            Partition = run.Partition,
            PartitionCount = run.PartitionCount,
            MayStartAgain = true,
            Started = run.Started,
            Last = run.Ended ?? run.Started,
            Removed = run.Removed,
            Stop = run.Stop,
            ExitCode = run.ExitCode ?? (run.Ended is null || run.Stop is not null ? null : run.Account.Rejected + run.Account.Unknown > 0 ? 1 : 0),
            Account = run.Account,
        };
        task._sources.AddRange(run.Source.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return task;
    }

    private void Begin(LogRecord record)
    {
        (Endpoint, GroupKey) = (record.Endpoint!, record.GroupKey ?? "");
        (Partition, PartitionCount) = (record.Partition, record.PartitionCount);
        (RejectPath, MayStartAgain) = (record.RejectPath, record.MayStartAgain);
        Account = AccountOf(record);
    }

    // What was refused may have been sent again; of what was accepted nothing is.
    private void AddRequest(LogRecord record)
    {
        Account.Requests++;
        Account.Bytes += record.Bytes;
        Account.Retries += record.Attempt > 1 ? 1 : 0;
        if (record.Outcome != nameof(Wire.VerdictKind.Accepted))
            return;
        Account.Read += record.Rows;
        Account.Accepted += record.Rows;
    }

    private void End(LogRecord record)
    {
        (Account, Removed) = (AccountOf(record), record.Removed);
        (Stop, ExitCode) = (record.Stop, record.ExitCode);
    }

    private static DeliveryAccount AccountOf(LogRecord record) => new()
    {
        Read = record.Read,
        Accepted = record.Accepted,
        Unchanged = record.Unchanged,
        Rejected = record.Rejected,
        Skipped = record.Skipped,
        Unknown = record.Unknown,
        Requests = record.Requests,
        Retries = record.Retries,
        Bytes = record.Bytes,
    };
}
