namespace ProfilesModule.Sources.Columns;

/// <summary>Times as they are counted from the first second of 1970, in UTC.</summary>
internal static class UnixTime
{
    /// <summary>The type that reads a number as a time between 1973 and 2286; null for any other text.</summary>
    public static PropertyType? LikelyType(ReadOnlySpan<byte> cell) => cell.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        ? null
        : cell.Length switch
        {
            9 or 10 => PropertyType.UnixSeconds,
            12 or 13 => PropertyType.UnixMilliseconds,
            _ => null,
        };

    /// <summary>A time; null when no DateTime can be that early or late.</summary>
    /// <param name="count">How many units have passed.</param>
    /// <param name="ticks">How many ticks a unit has.</param>
    public static DateTime? Of(long count, long ticks) =>
        count < -(DateTime.UnixEpoch.Ticks / ticks) || count > (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / ticks
            ? null
            : DateTime.UnixEpoch.AddTicks(count * ticks);
}
