namespace ProfilesModule.Delivery;

/// <summary>How long to wait before an attempt is repeated: what the service asked for, else exponential backoff with full jitter.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    /// <summary>A longer wait than this is not worth a process that sits and waits.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Whether the service asks for a wait that no process should sit through.</summary>
    public static bool IsTooLong(TimeSpan? asked) => asked > LongestRetryAfter;

    public static TimeSpan Before(int retry, TimeSpan interval, TimeSpan? asked)
    {
        if (asked is { } wait)
            return wait < LongestRetryAfter ? wait : LongestRetryAfter;
        var ceiling = Math.Min(interval.TotalSeconds * Math.Pow(2, retry - 1), LongestBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(ceiling * Random.Shared.NextDouble());
    }
}
