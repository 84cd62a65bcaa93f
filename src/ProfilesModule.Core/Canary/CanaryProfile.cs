using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule.Canary;

/// <summary>
/// Writes a profile of its own, looks for it until it can be read, and always removes it. Only this
/// shows that a token and a region are right: the service answers updates alike whether it stores them or not.
/// </summary>
/// <remarks>
/// A project takes 60 queries an hour, and a write was seen to take half a minute to show up, so looks are few and ever farther
/// apart: after 0, 1, 3, 7, 15, 31, 61 seconds, and each half minute from then on. Source: rate limits; recorded traffic.
/// </remarks>
internal sealed class CanaryProfile(IEngageTransport transport, ProfileQuery? query, string token, TimeProvider time)
{
    /// <summary>What the distinct id of every canary begins with.</summary>
    public const string Prefix = "ProfilesModule-connection-test-";

    // A name that every project has already: a new one would stay in its list of properties for good.
    private const string NameProperty = "$name";
    private const string Name = "ProfilesModule connection test";

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // What Ctrl+C may cost at the most, less a margin.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    private bool _mayExist;

    /// <summary>Its distinct id.</summary>
    public string DistinctId { get; } = $"{Prefix}{Guid.NewGuid():N}";

    /// <summary>How long after it was taken the canary is looked for. Default 90 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often a failed update is tried again. Default 5.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>The longest wait before the first retry of an update, doubled for each one after. Default 2 seconds.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A failed update will be repeated.</summary>
    public Action<Retrying>? Retrying { get; init; }

    /// <summary>The canary was not found yet: the time since it was taken, and the wait until the next look.</summary>
    public Action<TimeSpan, TimeSpan>? Waiting { get; init; }

    /// <summary>Writes, looks for and removes the canary. Once for each instance.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<CanaryResult> TestAsync(CancellationToken cancellation)
    {
        CanaryResult? result = null;
        bool? removed = null;
        try
        {
            // Until an answer says otherwise.
            _mayExist = true;
            var properties = new JsonObject { [NameProperty] = Name };
            (var verdict, _mayExist) = await SendAsync(Operation.Set, properties, cancellation).ConfigureAwait(false);
            result = new(DistinctId, verdict);
            if (result.Ingestion.Kind == VerdictKind.Accepted && query is not null)
                result = await ReadAsync(result, query, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (_mayExist)
                removed = await RemoveAsync(cancellation).ConfigureAwait(false);
        }

        return result with { IsRemoved = removed };
    }

    private async Task<CanaryResult> ReadAsync(CanaryResult result, ProfileQuery profiles, CancellationToken cancellation)
    {
        var taken = time.GetTimestamp();
        for (var wait = FirstWait; ; wait = Shorter(2 * wait, LongestWait))
        {
            TimeSpan? asked = null;
            try
            {
                var isFound = await IsFoundAsync(profiles, cancellation).ConfigureAwait(false);
                result = result with { WasQueryAnswered = true, QueryFailure = null };
                if (isFound)
                    return result with { ReadDelay = time.GetElapsedTime(taken) };
            }
            catch (QueryException e)
            {
                result = result with { QueryFailure = e };
                if (!e.IsTransient)
                    return result;
                asked = e.RetryAfter;
            }

            var elapsed = time.GetElapsedTime(taken);
            var left = Timeout - elapsed;
            if (left <= TimeSpan.Zero || asked > left)
                return result;
            var next = Shorter(asked > wait ? asked.Value : wait, left);
            Waiting?.Invoke(elapsed, next);
            await Task.Delay(next, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsFoundAsync(ProfileQuery profiles, CancellationToken cancellation)
    {
        await foreach (var page in profiles.ReadAsync(new() { DistinctIds = [DistinctId], OutputProperties = [NameProperty] }, cancellation).ConfigureAwait(false))
        {
            if (page.Profiles.Any(p => p.DistinctId == DistinctId))
                return true;
        }

        return false;
    }

    private async Task<bool> RemoveAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, time);
        using var stopping = cancellation.Register(() => limit.CancelAfter(Grace));
        try
        {
            var (verdict, _) = await SendAsync(Operation.Delete, "", limit.Token).ConfigureAwait(false);
            return verdict.Kind == VerdictKind.Accepted;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<(Verdict Verdict, bool MayBeApplied)> SendAsync(Operation operation, JsonNode value, CancellationToken cancellation)
    {
        var body = Body(operation, value);
        var mayBeApplied = false;
        for (var attempt = 1; ; attempt++)
        {
            var verdict = await transport.SendAsync(body, 1, isRepeatable: true, cancellation).ConfigureAwait(false);
            mayBeApplied |= verdict.Kind == VerdictKind.Accepted || verdict.MayHaveBeenApplied;
            if (verdict.Kind != VerdictKind.Transient || attempt > MaximumRetryCount)
                return (verdict, mayBeApplied);
            var delay = RetryDelay.Before(attempt, RetryInterval, verdict.RetryAfter);
            Retrying?.Invoke(new(1, attempt, delay, verdict.Message));
            await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
        }
    }

    private byte[] Body(Operation operation, JsonNode value)
    {
        var record = new JsonObject
        {
            ["$token"] = token,
            ["$distinct_id"] = DistinctId,
            ["$ip"] = "0",
            ["$ignore_alias"] = true,
            [operation.Key().ToString()] = value,
        };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonArray(record));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>The outcome of a canary profile.</summary>
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
