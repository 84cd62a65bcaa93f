using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule.Canary;

/// <summary>What became of a canary profile.</summary>
/// <param name="DistinctId">Its distinct id.</param>
/// <param name="Ingestion">What the service answered when it was written.</param>
internal sealed record CanaryResult(string DistinctId, Verdict Ingestion)
{
    /// <summary>Whether any query was answered.</summary>
    public bool WasQueryAnswered { get; init; }

    /// <summary>How the last query failed; null when it was answered, or none was asked.</summary>
    public QueryException? QueryFailure { get; init; }

    /// <summary>How long after it was taken the canary was read, at the most; null when it was not.</summary>
    public TimeSpan? ReadDelay { get; init; }

    /// <summary>Whether the service took its removal; null when there was nothing to remove.</summary>
    public bool? IsRemoved { get; init; }
}
