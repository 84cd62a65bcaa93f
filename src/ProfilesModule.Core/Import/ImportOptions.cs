using System.Text.Json.Nodes;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Statistics;
using ProfilesModule.Wire;

namespace ProfilesModule.Import;

/// <summary>What one import does.</summary>
internal sealed record ImportOptions
{
    /// <summary>
    /// What the rows do to their profiles: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>.
    /// </summary>
    public Operation Operation { get; init; } = Operation.Set;

    /// <summary>Whether the operation is that of the requests in the first file, if it has any.</summary>
    public bool TakesRequested { get; init; }

    public RuleOptions Rules { get; init; } = new();

    public DeliveryOptions Delivery { get; init; } = new();

    public RecordOptions Records { get; init; } = new();

    /// <summary>Whether only the last row of each identifier of a file is sent.</summary>
    public bool Unique { get; init; }

    /// <summary>Whether rows of a reject file are left out that say that a later row of their profile was sent.</summary>
    public bool SkipsSuperseded { get; init; }

    /// <summary>The part of the rows that is imported; null for all.</summary>
    public Partition? Partition { get; init; }

    /// <summary>What is done with the rows beside checking them.</summary>
    public ImportMode Mode { get; init; }

    /// <summary>Takes what the rows hold that are sent, or would be; null where nobody asks.</summary>
    public ColumnStatistics? Statistics { get; init; }

    /// <summary>Where requests go.</summary>
    public IEngageTransport Transport { get; init; } = new AcceptingTransport();

    /// <summary>The base address of the service.</summary>
    public Uri Endpoint { get; init; } = new("about:blank");

    /// <summary>The project token.</summary>
    public string Token { get; init; } = "";

    public TrailPaths Trail { get; init; } = new(null, null, null, null);

    /// <summary>The state, with which only what changed is sent; null for none.</summary>
    public SyncOptions? State { get; init; }

    /// <summary>
    /// Tests whether updates arrive, for a state that would otherwise say so for ever. Throws a <see cref="FailureException"/> if they do
    /// not.
    /// </summary>
    public Func<CancellationToken, Task> TestConnection { get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether an unfinished import is continued.</summary>
    public bool Resume { get; init; }

    /// <summary>The parameters that shape updates, with their values: an import is continued only with the same ones.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Whether the import may be started again after it was stopped, without counting anything twice.</summary>
    public bool MayStartAgain => Trail is { Journal: not null } or { State: not null } || Operation.IsRepeatable();

    /// <summary>What its log says of it at its start.</summary>
    internal LogSubject LogSubject => new()
    {
        Endpoint = Endpoint.ToString(),
        GroupKey = Records.GroupKey,
        Partition = Partition,
        RejectPath = Trail.Rejects,
        MayStartAgain = MayStartAgain,
    };

    /// <summary>What a state has to be about.</summary>
    internal SyncSubject StateSubject => new(Endpoint.ToString(), Token, Records.GroupKey ?? "", Parameters) { Partition = Partition };
}

/// <summary>How far an import goes.</summary>
internal enum ImportMode
{
    /// <summary>The rows are sent.</summary>
    Send,

    /// <summary>The rows of a file are counted before the user is asked whether to send them.</summary>
    CountAndSend,

    /// <summary>The rows are counted and nothing is sent (-WhatIf).</summary>
    Count,

    /// <summary>The rows are checked, also where a column is refused, and nothing is sent (Test-UserProfile).</summary>
    Test,
}

/// <summary>What an import reports, from any thread but one at a time.</summary>
internal sealed record ImportEvents
{
    public required Action<string> Warn { get; init; }

    public required Action<string> Inform { get; init; }

    /// <summary>A file cannot be imported, or not to its end.</summary>
    public required Action<Failure> Fail { get; init; }

    /// <summary>A row was refused before it was sent.</summary>
    public Action<UpdateOrigin, RowExcerpt, Failure>? RowRejected { get; init; }

    /// <summary>Whether a file is to be imported; with its account where it was counted.</summary>
    public Func<string, DeliveryAccount?, Task<bool>> Confirm { get; init; } = (_, _) => Task.FromResult(true);

    /// <summary>The rows are about to be sent, by this sender.</summary>
    public Action<UpdateSender, UpdateWriter> Started { get; init; } = (_, _) => { };

    public DeliveryEvents Delivery { get; init; } = new();
}

/// <summary>Sends nothing and accepts everything.</summary>
internal sealed class AcceptingTransport : IEngageTransport
{
    private static readonly Task<Verdict> Accepted = Task.FromResult(new Verdict(VerdictKind.Accepted, 200, ""));

    public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation) => Accepted;
}
