using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>Times that are counted from 1970 in UTC, in seconds, which may have decimals, or in milliseconds.</summary>
internal sealed class UnixTimeCell(bool areMilliseconds) : Cell
{
    // Between 1970-01-02 and 1970-04-26, if these were milliseconds, and since 1973, if they are seconds.
    private const long FirstLikeSeconds = 100_000_000;
    private const long LastLikeSeconds = 9_999_999_999;

    public override string Needed => areMilliseconds
        ? "milliseconds since 1970, such as 1672913472000, which numbers that look like seconds are not"
        : "seconds since 1970, such as 1672913472";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        var text = cell.Trim(" \t"u8);
        if (!Utf8Parser.TryParse(text, out long count, out var length))
            return false;
        var decimals = text[length..];
        var hasDecimals = decimals is [(byte)'.', _, ..] && !decimals[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!decimals.IsEmpty && (areMilliseconds || !hasDecimals))
            return false;

        // The day of a birthday has no rest of a second, and seconds almost always have one.
        if (areMilliseconds && count is >= FirstLikeSeconds and <= LastLikeSeconds && count % 1000 != 0)
            return false;
        if (UnixTime.Of(count, areMilliseconds ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerSecond) is not { } date)
            return false;
        DateCell.Write(json, date, hasTime: true);
        return true;
    }
}

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
