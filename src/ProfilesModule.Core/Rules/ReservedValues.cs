using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>Which rule the text of a reserved property breaks; null for none.</summary>
/// <param name="text">The text, as UTF-8, not empty.</param>
internal delegate ErrorId? ReservedValue(ReadOnlySpan<byte> text);

/// <summary>The rules on values of the properties that the service gives a meaning to.</summary>
internal static class ReservedValues
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> PhoneMarks = SearchValues.Create("0123456789 ()-./"u8);

    /// <summary>What checks the values of a property; null when any text serves.</summary>
    public static ReservedValue? Of(string property) => property switch
    {
        "$email" => Email,
        "$phone" => Phone,
        "$avatar" => Avatar,
        "$created" => Created,
        "$country_code" => CountryCode,
        "$timezone" => TimeZone,
        _ => null,
    };

    // Its shape only: which addresses exist is nothing that can be told from them.
    private static ErrorId? Email(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf((byte)'@');
        var domain = text[(at + 1)..];
        var isAddress = at > 0 && !domain.Contains((byte)'@') && domain.IndexOf((byte)'.') > 0 && domain[^1] != '.' && !text.ContainsAny(Blanks) && domain.IndexOf(".."u8) < 0;
        return isAddress ? null : ErrorId.InvalidEmail;
    }

    private static ErrorId? Phone(ReadOnlySpan<byte> text)
    {
        var number = text[0] == '+' ? text[1..] : text;
        var digits = 0;
        foreach (var character in number)
        {
            if (char.IsAsciiDigit((char)character))
                digits++;
        }

        if (number.ContainsAnyExcept(PhoneMarks) || digits is < 7 or > 15)
            return ErrorId.InvalidPhone;
        return text[0] == '+' ? null : ErrorId.PhoneWithoutCountryCode;
    }

    private static ErrorId? Avatar(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("://"u8);
        var isAddress = end > 0 && (Ascii.EqualsIgnoreCase(text[..end], "https") || Ascii.EqualsIgnoreCase(text[..end], "http"))
            && text.Length > end + 3 && text[end + 3] != '/' && !text.ContainsAny(Blanks);
        return isAddress ? null : ErrorId.InvalidAvatar;
    }

    private static ErrorId? Created(ReadOnlySpan<byte> text) => IsoDate.IsIn(text) ? null : ErrorId.InvalidCreated;

    private static ErrorId? CountryCode(ReadOnlySpan<byte> text) =>
        text is [var first, var second] && char.IsAsciiLetter((char)first) && char.IsAsciiLetter((char)second)
            ? null
            : ErrorId.InvalidCountryCode;

    private static ErrorId? TimeZone(ReadOnlySpan<byte> text) => TimeZoneNames.Contains(text) ? null : ErrorId.UnknownTimeZone;
}

/// <summary>The IANA names of time zones, as this machine knows them.</summary>
internal static class TimeZoneNames
{
    private const int MaximumKnown = 4096;

    private static readonly ConcurrentDictionary<ulong, bool> Known = new();

    // Small containers come without any.
    private static readonly bool HasDatabase = IsOnThisMachine("America/New_York");

    /// <summary>Whether there is a zone of that name; where the machine knows none, whether it looks like one.</summary>
    public static bool Contains(ReadOnlySpan<byte> name)
    {
        var hash = ProfileHash.Of(name);
        if (Known.TryGetValue(hash, out var isKnown))
            return isKnown;
        var text = Encoding.UTF8.GetString(name);
        isKnown = HasDatabase
            ? IsOnThisMachine(text)
            : text == "UTC" || (text.Contains('/', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal));
        if (Known.Count < MaximumKnown)
            Known.TryAdd(hash, isKnown);
        return isKnown;
    }

    private static bool IsOnThisMachine(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;
}

/// <summary>
/// Dates as the service reads them: a day, or a day and a time with or without an offset. Source: property data types. Looked at
/// by hand, since every row may have one and the parsers of .NET take longer than the rest of a row.
/// </summary>
internal static class IsoDate
{
    private const int DayLength = 10;
    private const int TimeLength = 9;
    private const int MaximumOffsetHours = 14;

    /// <summary>Whether a text is such a date.</summary>
    public static bool IsIn(ReadOnlySpan<byte> text) =>
        IsDay(text)
            && (text.Length == DayLength || (IsTime(text[DayLength..]) && IsOffset(WithoutFraction(text[(DayLength + TimeLength)..]))));

    /// <summary>The days from the first of January of the year 1 to such a date, in UTC, to the second.</summary>
    public static double Days(ReadOnlySpan<byte> text)
    {
        var days = new DateOnly(Number(text[..4]), Number(text[5..7]), Number(text[8..10])).DayNumber;
        if (text.Length == DayLength)
            return days;
        var minutes = (Number(text[11..13]) * 60) + Number(text[14..16]);
        var seconds = Number(text[17..19]);
        if (WithoutFraction(text[(DayLength + TimeLength)..]) is [(byte)'+' or (byte)'-', ..] offset)
            minutes -= (offset[0] == '-' ? -1 : 1) * ((Number(offset[1..3]) * 60) + Number(offset[4..6]));
        return days + (((minutes * 60.0) + seconds) / 86400);
    }

    private static bool IsDay(ReadOnlySpan<byte> text) =>
        text.Length >= DayLength && text[4] == '-' && text[7] == '-'
        && Number(text[..4]) is > 0 and var year
        && Number(text[5..7]) is >= 1 and <= 12 and var month
        && Number(text[8..10]) is >= 1 and var day && day <= DateTime.DaysInMonth(year, month);

    private static bool IsTime(ReadOnlySpan<byte> text) =>
        text.Length >= TimeLength && text[0] == 'T' && text[3] == ':' && text[6] == ':'
        && Number(text[1..3]) is >= 0 and < 24 && Number(text[4..6]) is >= 0 and < 60 && Number(text[7..9]) is >= 0 and < 60;

    private static bool IsOffset(ReadOnlySpan<byte> text) =>
        text is [] or [(byte)'Z']
        || (text is [(byte)'+' or (byte)'-', _, _, (byte)':', _, _]
            && Number(text[1..3]) is >= 0 and <= MaximumOffsetHours && Number(text[4..6]) is >= 0 and < 60);

    /// <summary>A point without digits after it stays, and so is not an offset.</summary>
    private static ReadOnlySpan<byte> WithoutFraction(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'.', ..])
            return text;
        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length - 1 : digits;
        return digits == 0 ? text : text[(digits + 1)..];
    }

    /// <summary>The number that digits make; -1 when they are none.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return -1;
            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
