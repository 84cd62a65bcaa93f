using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Dates. One without a time stays a date, whatever the zone, or a birthday would move by a day; one with a time is sent in
/// UTC to the second, which is what the service keeps.
/// </summary>
internal sealed class DateCell : Cell
{
    /// <summary>No date is written longer.</summary>
    private const int MaximumLength = 128;

    // With an offset the time is UTC, and without one nobody has said what it is.
    private const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.NoCurrentDateDefault | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] IsoDates = ["yyyy-MM-dd", "yyyyMMdd"];

    private static readonly string[] IsoTimes =
    [
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFF K", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mmK", "yyyyMMddTHHmmssK",
    ];

    private readonly CultureInfo _culture;
    private readonly TimeZoneInfo _zone;
    private readonly string[] _dates;
    private readonly string[] _times;

    public DateCell(CellFormat format)
    {
        _culture = format.Culture;
        _zone = format.TimeZone;
        if (format.DateFormats.Count > 0)
        {
            _dates = [.. format.DateFormats.Where(f => !HasTime(f))];
            _times = [.. format.DateFormats.Where(HasTime)];
            Needed = $"a date of the form {string.Join(" or ", format.DateFormats)}";
        }
        else if (_culture.Equals(CultureInfo.InvariantCulture))
        {
            (_dates, _times) = (IsoDates, IsoTimes);
            Needed = "an ISO 8601 date such as 2026-01-31 or 2026-01-31T12:00:00Z";
        }
        else
        {
            (_dates, _times) = ([], []);
            Needed = $"a date as {_culture.Name} writes it";
        }
    }

    public override string Needed { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (cell.Length > MaximumLength)
            return false;
        Span<char> text = stackalloc char[MaximumLength];
        text = text[..Encoding.UTF8.GetChars(cell, text)].Trim();
        if (!TryParse(text, out var date, out var hasTime))
            return false;
        if (hasTime && date.Kind == DateTimeKind.Unspecified)
        {
            // An hour that the clocks leave out when summer begins.
            if (_zone.IsInvalidTime(date))
                return false;
            date = TimeZoneInfo.ConvertTimeToUtc(date, _zone);
        }

        Span<byte> written = stackalloc byte[32];
        date.TryFormat(written, out var length, hasTime ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
        json.WriteStringValue(written[..length]);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryParse(ReadOnlySpan<char> text, out DateTime date, out bool hasTime)
    {
        hasTime = false;
        if (_dates.Length + _times.Length == 0)
        {
            if (!DateTime.TryParse(text, _culture, Styles, out date) || date.Year == 1)
                return false;
            hasTime = date.Kind != DateTimeKind.Unspecified || date.TimeOfDay != TimeSpan.Zero || Numbers(text) > 3;
            return true;
        }

        if (_dates.Length > 0 && DateTime.TryParseExact(text, _dates, _culture, Styles, out date))
            return true;
        hasTime = true;
        date = default;
        return _times.Length > 0 && DateTime.TryParseExact(text, _times, _culture, Styles, out date);
    }

    /// <summary>How many numbers stand in a text; a date has three at the most, and midnight more.</summary>
    private static int Numbers(ReadOnlySpan<char> text)
    {
        var (count, wasDigit) = (0, false);
        foreach (var character in text)
        {
            var isDigit = char.IsAsciiDigit(character);
            if (isDigit && !wasDigit)
                count++;
            wasDigit = isDigit;
        }

        return count;
    }

    /// <summary>Whether a format says the time of day: any standard one but those of dates and months, and a custom one with an hour.</summary>
    private static bool HasTime(string format)
    {
        if (format.Length == 1)
            return !"dDmMyY".Contains(format, StringComparison.Ordinal);
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
                case 'h' or 'H':
                    return true;
                default:
                    break;
            }
        }

        return false;
    }
}
