namespace ProfilesModule.Wire;

/// <summary>Times in UTC. The year 1 and the year 9999 have times whose UTC form is in no year; .NET gives another time for them.</summary>
internal static class UtcTime
{
    /// <summary>Converts a time of a zone.</summary>
    /// <param name="time">The time.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="utc">The same time in UTC.</param>
    public static bool TryConvert(DateTime time, TimeZoneInfo zone, out DateTime utc)
    {
        var ticks = time.Ticks - zone.BaseUtcOffset.Ticks;
        var exists = ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
        if (MayHaveWrapped(time))
            utc = exists ? new(ticks, DateTimeKind.Utc) : default;
        else
            utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : TimeZoneInfo.ConvertTimeToUtc(time, zone);
        return exists;
    }

    /// <summary>
    /// Whether a time that was parsed with an offset may be another one: the parser goes on with the next day, or the one before.
    /// </summary>
    public static bool MayHaveWrapped(DateTime time) => time < DateTime.MinValue.AddDays(1) || time > DateTime.MaxValue.AddDays(-1);
}
