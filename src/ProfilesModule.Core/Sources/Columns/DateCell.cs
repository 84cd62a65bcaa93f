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
internal sealed class DateCell : Cell
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

    private readonly CultureInfo _culture;
    private readonly TimeZoneInfo _zone;
    private readonly CultureDate? _anyForm;
    private readonly (string Format, CultureInfo Culture)[] _dates;
    private readonly (string Format, CultureInfo Culture)[] _times;
    private readonly bool _isIso;
    private bool _wroteDefault;

    public DateCell(CellFormat format)
    {
        _culture = format.Culture;
        _zone = format.TimeZone;
        _isIso = format.DateFormats.Count == 0;
        if (format.DateFormats.Count > 0)
        {
            _dates = [.. format.DateFormats.Where(f => !DateFormat.HasTime(f)).Select(InItsCulture)];
            _times = [.. format.DateFormats.Where(DateFormat.HasTime).Select(InItsCulture)];
            Needed = $"a date in the format {string.Join(" or ", format.DateFormats)}";
        }
        else
        {
            (_dates, _times) = ([.. IsoDates.Select(InItsCulture)], [.. IsoTimes.Select(InItsCulture)]);
            _anyForm = _culture.Equals(CultureInfo.InvariantCulture) ? null : new(_culture);
            Needed = _anyForm is null
                ? "an ISO 8601 date such as 2026-01-31 or 2026-01-31T12:00:00Z"
                : $"a date with day, month and year as {_culture.Name} writes it, or an ISO 8601 date";
        }
    }

    public override string Needed { get; }

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
            if (_zone.IsInvalidTime(date) || !UtcTime.TryConvert(date, _zone, out date))
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
    private (string Format, CultureInfo Culture) InItsCulture(string format) =>
        (format, IsoDates.Any(date => format.StartsWith(date, StringComparison.Ordinal)) ? CultureInfo.InvariantCulture : _culture);
}
