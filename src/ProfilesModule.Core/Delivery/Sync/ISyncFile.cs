using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Delivery.Sync;

/// <summary>
/// The file of a state: a log of what became of profiles, in the order in which it became so. For one thread at a time. What is
/// written is not lost when the process is killed.
/// </summary>
internal interface ISyncFile : IDisposable
{
    /// <summary>Where the updates of a state can go. A file may have several.</summary>
    IReadOnlyList<SyncScope> Scopes { get; }

    /// <summary>Sets of names of properties, each a JSON array, by their numbers.</summary>
    IReadOnlyDictionary<int, string> Names { get; }

    /// <summary>The number of the last run; 0 for none.</summary>
    long LastRun { get; }

    /// <summary>How many <see cref="SyncItem"/>s a scope has.</summary>
    long CountItems(long scope);

    /// <summary>The items of a scope in their order, many at a time, each valid until the next are read.</summary>
    IEnumerable<ReadOnlyMemory<byte>> ReadItems(long scope);

    /// <summary>The runs of a scope, the latest last.</summary>
    IEnumerable<SyncRun> ReadRuns(long scope);

    /// <summary>Makes what is written one step, which a kill leaves done or undone.</summary>
    /// <param name="work">Writes.</param>
    /// <param name="toDisk">Whether a power cut must not lose it either.</param>
    void Write(Action work, bool toDisk = false);

    /// <returns>The number of the scope.</returns>
    long AddScope(SyncScope scope);

    void UpdateScope(SyncScope scope);

    void AddRun(long scope, SyncRun run);

    void UpdateRun(SyncRun run);

    void AddNames(int number, string names);

    void AddItems(long scope, int count, byte[] items);

    /// <summary>Removes the items that were read so far, to be replaced by those that count.</summary>
    void RemoveItems(long scope);

    /// <summary>Gives back to the file system what removed items took.</summary>
    void Shrink();
}

/// <summary>A hash of bytes.</summary>
internal delegate UInt128 UpdateHash(ReadOnlySpan<byte> bytes, long seed);

/// <summary>Where updates go: what a state says holds there only.</summary>
/// <param name="Number">Its number in the file; 0 for a new one.</param>
/// <param name="Endpoint">The base address of the service.</param>
/// <param name="TokenMark">A salted hash of the token.</param>
/// <param name="GroupKey">The kind of group; empty for users.</param>
internal sealed record SyncScope(long Number, string Endpoint, string TokenMark, string GroupKey)
{
    /// <summary>Whether it was tested that updates arrive there, or the user was told that this cannot be tested.</summary>
    public bool IsTested { get; init; }

    /// <summary>The parameters that shaped the updates of the last run, as JSON.</summary>
    public string Parameters { get; init; } = "{}";
}

/// <summary>A run with a state.</summary>
internal sealed record SyncRun
{
    public long Number { get; init; }

    public DateTimeOffset Started { get; init; }

    /// <summary>Null while it runs, and when it was killed.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What it read, one path a line.</summary>
    public string Source { get; init; } = "";

    /// <summary>A hash of the parameters that shape updates.</summary>
    public string ParametersHash { get; init; } = "";

    /// <summary>What became of its rows.</summary>
    public DeliveryAccount Account { get; init; } = new();

    /// <summary>The number of the partition that it took; null for all rows.</summary>
    public int? Partition { get; init; }

    /// <summary>How many partitions there were; null for all rows.</summary>
    public int? PartitionCount { get; init; }

    /// <summary>Profiles that were removed, because the input did not have them any more.</summary>
    public long Removed { get; init; }

    /// <summary>Why it ended early; null when it did not.</summary>
    public string? Stop { get; init; }

    /// <summary>The exit code of an import; null for other commands, and when it was stopped.</summary>
    public int? ExitCode { get; init; }
}
