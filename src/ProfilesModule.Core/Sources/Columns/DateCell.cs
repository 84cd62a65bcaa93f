using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Dates. One without a time stays a date, whatever the zone, or a birthday would move by a day; one with a time is sent in
/// UTC to the second, which is what the service keeps.
/// </summary>
internal sealed class DateCell(CellFormat format) : Cell
{
    /// <summary>No date is written longer.</summary>
    private const int MaximumLength = 128;

    // With an offset the time is UTC, and without one nobody has said what it is.
    internal const DateTimeStyles Styles =
        DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.NoCurrentDateDefault | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] IsoDates = ["yyyy-MM-dd", "yyyyMMdd"];

    private static readonly string[] IsoTimes =
    [
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFF K", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mmK", "yyyyMMddTHHmmssK",
    ];

    private readonly bool _isIso = format.DateFormats.Count == 0;
    private readonly CultureDate? _anyForm =
        format.DateFormats.Count > 0 || format.Culture.Equals(CultureInfo.InvariantCulture) ? null : new(format.Culture);

    private readonly (string Format, CultureInfo Culture)[] _dates = InItsCulture(
        format.DateFormats.Count == 0 ? IsoDates : format.DateFormats.Where(date => !DateFormat.HasTime(date)), format.Culture);

    private readonly (string Format, CultureInfo Culture)[] _times = InItsCulture(
        format.DateFormats.Count == 0 ? IsoTimes : format.DateFormats.Where(DateFormat.HasTime), format.Culture);

    private bool _wroteDefault;

    public override string Needed =>
        !_isIso ? $"a date in the format {string.Join(" or ", format.DateFormats)}"
        : _anyForm is null ? "an ISO 8601 date such as 2026-01-31 or 2026-01-31T12:00:00Z"
        : $"a date with day, month and year as {format.Culture.Name} writes it, or an ISO 8601 date";

    public override string? Formats => "-DateFormat or -Culture";

    public override bool WroteDefault => _wroteDefault;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (cell.Length > MaximumLength)
            return false;
        Span<char> buffer = stackalloc char[MaximumLength + DatabaseTime.MostAdded];
        Span<char> text = buffer[..Encoding.UTF8.GetChars(cell, buffer)];
        text = text.Trim();
        if (_isIso)
        {
            text.CopyTo(buffer);
            text = buffer[..DatabaseTime.Normalize(buffer, text.Length)];
        }

        if (!TryParse(text, out var date, out var hasTime))
            return false;
        if (hasTime && date.Kind == DateTimeKind.Unspecified)
        {
            // An hour that the clocks leave out when summer begins.
            if (format.TimeZone.IsInvalidTime(date) || !UtcTime.TryConvert(date, format.TimeZone, out date))
                return false;
        }
        else if (hasTime && UtcTime.MayHaveWrapped(date) && !IsWritten(text, date))
        {
            return false;
        }

        _wroteDefault = date.Date == DateTime.MinValue;
        Write(json, date, hasTime);
        return true;
    }

    /// <summary>Writes a date as it is sent, in UTC if it has a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Write(Utf8JsonWriter json, DateTime date, bool hasTime)
    {
        Span<byte> written = stackalloc byte[32];
        date.TryFormat(written, out var length, hasTime ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
        json.WriteStringValue(written[..length]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryParse(ReadOnlySpan<char> text, out DateTime date, out bool hasTime)
    {
        hasTime = false;
        if (TryParse(text, _dates, out date))
            return true;
        hasTime = true;
        return TryParse(text, _times, out date) || (_anyForm is not null && _anyForm.TryParse(text, out date, out hasTime));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryParse(ReadOnlySpan<char> text, (string Format, CultureInfo Culture)[] formats, out DateTime date)
    {
        foreach (var (format, culture) in formats)
        {
            if (DateTime.TryParseExact(text, format, culture, Styles, out date))
                return !CultureDate.IsOfAnotherCalendar(date, culture);
        }

        date = default;
        return false;
    }

    // A DateTimeOffset does not go on with another day, as a DateTime does where its UTC form leaves the years 1 to 9999.
    private static bool IsWritten(ReadOnlySpan<char> text, DateTime date) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var written)
            && written.UtcDateTime == date;

    // What is written as ISO 8601 is that also in a culture with another calendar.
    private static (string Format, CultureInfo Culture)[] InItsCulture(IEnumerable<string> formats, CultureInfo culture) =>
        [.. formats.Select(format => (format, IsIso(format) ? CultureInfo.InvariantCulture : culture))];

    private static bool IsIso(string format) => IsoDates.Any(date => format.StartsWith(date, StringComparison.Ordinal));
}

/// <summary>What a format of dates says.</summary>
internal static class DateFormat
{
    /// <summary>Whether it has a day, a month and a year, without which .NET would complete a date from today.</summary>
    public static bool IsWhole(string format, CultureInfo culture)
    {
        if (format.Length == 1)
            return "dDfFgGoOrRsuU".Contains(format, StringComparison.Ordinal)
                && culture.DateTimeFormat.GetAllDateTimePatterns(format[0]).All(pattern => IsWhole(pattern, culture));
        var letters = Letters(format).ToArray();
        return letters.Contains('y') && letters.Contains('M') && letters.Contains('d');
    }

    /// <summary>Whether it has the time of day: any standard one but those of dates and months, and a custom one with an hour.</summary>
    public static bool HasTime(string format) =>
        format.Length == 1 ? !"dDmMyY".Contains(format, StringComparison.Ordinal) : Letters(format).Any(letter => letter is 'h' or 'H');

    /// <summary>
    /// The letters of a custom format that are not text. Of d, only those of the day of the month: ddd is a day of the week.
    /// </summary>
    private static IEnumerable<char> Letters(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '\\':
                    i++;
                    break;
                case '\'' or '"' when format.IndexOf(format[i], i + 1) is > 0 and var end:
                    i = end;
                    break;
                case 'd' when format.AsSpan(i).StartsWith("ddd"):
                    while (i + 1 < format.Length && format[i + 1] == 'd')
                        i++;
                    break;
                default:
                    yield return format[i];
                    break;
            }
        }
    }
}

/// <summary>
/// Times as databases write them, in the form that .NET reads: an offset of hours only, UTC in words, and any number of decimals.
/// </summary>
/// <remarks>Source: PostgreSQL (timestamptz: +00), BigQuery and Snowflake (UTC, +0000), Oracle and Snowflake (nine decimals).</remarks>
internal static class DatabaseTime
{
    /// <summary>How many characters a text may grow by.</summary>
    public const int MostAdded = 3;

    // As in 2026-01-31 12:00:00, and the decimals that a DateTime has.
    private const int SecondsLength = 19;
    private const int MostDecimals = 7;

    /// <summary>Rewrites a text in place, if it is such a time.</summary>
    /// <param name="text">The text, with room behind it.</param>
    /// <param name="length">Its length.</param>
    /// <returns>Its length afterwards.</returns>
    public static int Normalize(Span<char> text, int length)
    {
        if (length <= SecondsLength || text[4] != '-' || text[13] != ':' || text[16] != ':')
            return length;
        length = CutDecimals(text, length);
        var zone = SecondsLength;
        while (zone < length && (text[zone] is '.' || char.IsAsciiDigit(text[zone])))
            zone++;
        var rest = text[zone..length];
        var offset = rest is [' ', ..] ? rest[1..] : rest;
        if (offset is ['U', 'T', 'C'])
        {
            text[zone] = 'Z';
            return zone + 1;
        }

        if (offset is not ['+' or '-', _, _] || !char.IsAsciiDigit(offset[1]) || !char.IsAsciiDigit(offset[2]))
            return length;
        ":00".CopyTo(text[length..]);
        return length + MostAdded;
    }

    private static int CutDecimals(Span<char> text, int length)
    {
        if (text[SecondsLength] != '.')
            return length;
        var kept = SecondsLength + 1 + MostDecimals;
        var end = SecondsLength + 1;
        while (end < length && char.IsAsciiDigit(text[end]))
            end++;
        if (end <= kept)
            return length;
        text[end..length].CopyTo(text[kept..]);
        return length - (end - kept);
    }
}
