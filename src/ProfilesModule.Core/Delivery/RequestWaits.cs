using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>Knows what the requests of a run wait for. Thread-safe.</summary>
internal sealed class RequestWaits(TimeProvider time)
{
    private readonly object _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<(WaitReason Reason, TimeSpan Until)> _waits = [];
    private int _requests;

    /// <summary>The time since the run began.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>What the run waits for; null while a request is in flight or nothing waits.</summary>
    public DeliveryWait? Current
    {
        get
        {
            lock (_lock)
            {
                if (_waits.Count == 0 || Volatile.Read(ref _requests) > 0)
                    return null;
                var (reason, until) = _waits.MinBy(wait => wait.Until);
                return new(reason, TimeSpan.FromTicks(Math.Max(0, (until - Now).Ticks)));
            }
        }
    }

    public void RequestBegins() => Interlocked.Increment(ref _requests);

    public void RequestEnds() => Interlocked.Decrement(ref _requests);

    public static WaitReason ReasonFor(Verdict verdict) => verdict.RetryAfter is null ? WaitReason.Retry : WaitReason.RetryAfter;

    /// <summary>
    /// Waits for the delay that the user is shown, and a little more where a timer that fires early must not end it too soon.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task DelayAsync(WaitReason reason, TimeSpan delay, CancellationToken ending, TimeSpan more = default)
    {
        var wait = (reason, Now + delay);
        lock (_lock)
            _waits.Add(wait);
        try
        {
            await Task.Delay(delay + more, time, ending).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                _waits.Remove(wait);
        }
    }
}

/// <summary>Why and how long nothing is sent.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Left">How long until the next request.</param>
internal readonly record struct DeliveryWait(WaitReason Reason, TimeSpan Left);

/// <summary>Why a run waits.</summary>
internal enum WaitReason
{
    /// <summary>The service asked for it.</summary>
    RetryAfter,

    /// <summary>A request failed, and waits for its next attempt.</summary>
    Retry,

    /// <summary>The user limits the updates a second.</summary>
    RateLimit,
}

/// <summary>
/// How long to wait before an attempt is repeated: what the service asked for, else a wait that doubles up to a minute, and up to a
/// quarter of it more, so that many clients do not come back at once. Five of them take more than a minute, in which a limit that is
/// measured over a minute has passed. Source: official description of /import, which advises 2 s doubling to 60 s, plus jitter.
/// </summary>
internal static class RetryDelay
{
    private const double MostJitter = 0.25;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    // No process should sit through a longer wait.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    public static bool IsTooLong(TimeSpan? asked) => asked > LongestRetryAfter;

    public static TimeSpan Before(int retry, TimeSpan interval, TimeSpan? asked)
    {
        if (asked is { } wait)
            return IsTooLong(wait) ? LongestRetryAfter : wait;
        var least = Math.Min(interval.TotalSeconds * Math.Pow(2, retry - 1), LongestBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(least * (1 + (MostJitter * Random.Shared.NextDouble())));
    }
}
