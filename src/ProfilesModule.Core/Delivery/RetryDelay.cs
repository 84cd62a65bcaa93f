using System.Globalization;

namespace ProfilesModule.Delivery;

/// <summary>
/// How long to wait before an attempt is repeated: what the service asked for, else a wait that doubles up to a minute, and up to a
/// quarter of it more, so that many clients do not come back at once. Five of them take more than a minute, in which a limit that is
/// measured over a minute has passed. Source: official description of /import, which advises 2 s doubling to 60 s, plus jitter.
/// </summary>
internal static class RetryDelay
{
    private const double MostJitter = 0.25;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    /// <summary>A longer wait than this is not worth a process that sits and waits.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Whether the service asks for a wait that no process should sit through.</summary>
    internal static bool IsTooLong(TimeSpan? asked) => asked > LongestRetryAfter;

    /// <summary>A wait in words, such as 90 s, 10 min or 24 h.</summary>
    /// <param name="wait">The wait.</param>
    public static string Describe(TimeSpan wait) => wait switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalSeconds):0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalMinutes):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalHours):0} h"),
    };

    internal static TimeSpan Before(int retry, TimeSpan interval, TimeSpan? asked)
    {
        if (asked is { } wait)
            return wait < LongestRetryAfter ? wait : LongestRetryAfter;
        var least = Math.Min(interval.TotalSeconds * Math.Pow(2, retry - 1), LongestBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(least * (1 + (MostJitter * Random.Shared.NextDouble())));
    }
}
