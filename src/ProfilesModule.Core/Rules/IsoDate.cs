namespace ProfilesModule.Rules;

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
        IsDay(text) && (text.Length == DayLength || (IsTime(text[DayLength..]) && IsOffset(WithoutFraction(text[(DayLength + TimeLength)..]))));

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
        || (text is [(byte)'+' or (byte)'-', _, _, (byte)':', _, _] && Number(text[1..3]) is >= 0 and <= MaximumOffsetHours && Number(text[4..6]) is >= 0 and < 60);

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
