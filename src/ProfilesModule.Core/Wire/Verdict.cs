namespace ProfilesModule.Wire;

/// <summary>What a reply means for the updates of its request.</summary>
internal enum VerdictKind
{
    /// <summary>The service took every update.</summary>
    Accepted,

    /// <summary>The service named the updates that it refused; see <see cref="Verdict.Failed"/>.</summary>
    PartlyRejected,

    /// <summary>The service took some updates and refused others, and did not say which.</summary>
    Partial,

    /// <summary>The service applied none of the updates, because at least one of them is bad.</summary>
    NotApplied,

    /// <summary>The request was larger than the service takes; nothing was applied.</summary>
    TooLarge,

    /// <summary>The attempt failed and another may succeed; see <see cref="Verdict.MayHaveBeenApplied"/>.</summary>
    Transient,

    /// <summary>No later request could fare better.</summary>
    Fatal,
}

/// <summary>One update that the service refused by its position in the request.</summary>
/// <param name="Index">The 0-based position of the update in the request.</param>
/// <param name="Message">The service's text.</param>
internal readonly record struct FailedRecord(int Index, string Message);

/// <summary>The meaning of one reply, or of its absence.</summary>
/// <param name="Kind">What it means for the updates.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong; empty when all went well.</param>
internal sealed record Verdict(VerdictKind Kind, int StatusCode, string Message)
{
    /// <summary>Whether the updates of a failed attempt may have been applied all the same.</summary>
    public bool MayHaveBeenApplied { get; init; }

    /// <summary>How long the service asked to wait before the next attempt; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the service has too much to do, and nothing should be sent for a while.</summary>
    public bool AsksForPause => Kind == VerdictKind.Transient && (RetryAfter is not null || StatusCode == 429);

    /// <summary>The updates that a <see cref="VerdictKind.PartlyRejected"/> reply refused, each index once and within the request.</summary>
    public IReadOnlyList<FailedRecord> Failed { get; init; } = [];

    /// <summary>The outcome of the updates that a <see cref="VerdictKind.PartlyRejected"/> reply did not refuse.</summary>
    public RestOfUpdates Rest { get; init; }

    /// <summary>Whether the reply has the form of the service's; false when something on the way there answered in its place.</summary>
    public bool IsOfService { get; init; } = true;
}

/// <summary>The outcome of the updates that a reply does not name.</summary>
internal enum RestOfUpdates
{
    /// <summary>The reply does not say.</summary>
    Unknown,

    /// <summary>The count of imported updates is theirs.</summary>
    Accepted,

    /// <summary>Nothing of the request was applied.</summary>
    NotApplied,
}
