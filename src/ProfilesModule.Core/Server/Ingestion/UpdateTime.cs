using System.Globalization;
using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>
/// When an update happened, which decides whether it is still applied: the service stores updates as events and replays
/// them in the order of their <c>$time</c>.
/// </summary>
internal readonly record struct UpdateTime
{
    // Clients send seconds or milliseconds, with nothing to tell them apart but their size.
    private const double SmallestMilliseconds = 1e11;

    // The end of the year 9999.
    private const double LargestMilliseconds = 253_402_300_800_000;

    private readonly long _latest;

    private UpdateTime(long milliseconds, long latest)
    {
        Milliseconds = milliseconds;
        _latest = latest;
    }

    /// <summary>Milliseconds since 1970 UTC; for a time in seconds where that second begins.</summary>
    public long Milliseconds { get; }

    /// <summary>Whether the record itself said when it happened. Without that it is never too late.</summary>
    public bool IsExplicit => _latest != long.MaxValue;

    /// <summary>The time of an update that does not tell its own.</summary>
    public static UpdateTime Receipt(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds(), long.MaxValue);

    /// <summary>Reads the value of <c>$time</c>: a number, or its text, of seconds or from 1e11 on of milliseconds.</summary>
    public static bool TryRead(JsonElement value, out UpdateTime time)
    {
        time = default;
        string? text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !(Math.Abs(number) < LargestMilliseconds))
            return false;
        time = number < SmallestMilliseconds
            ? new UpdateTime((long)Math.Floor(number) * 1000, ((long)Math.Floor(number) * 1000) + 999)
            : new UpdateTime((long)number, (long)number);
        return true;
    }

    /// <summary>Whether it happened before another update that has been applied: for a time in seconds, with the whole second.</summary>
    /// <param name="applied">Milliseconds since 1970 UTC.</param>
    public bool IsBefore(long applied) => _latest < applied;
}
